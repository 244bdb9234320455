import { ownPagesPolicy, securityHeaders } from "./nginx-headers";
import { quoted } from "./nginx-http";

/** The inside of a location that answers a page of ours. */
export function html(status: number, body: string): string {
  return `${securityHeaders(6, ownPagesPolicy).trimStart()}
      add_header Cache-Control no-store always;
      default_type "text/html; charset=utf-8";
      return ${status} ${quoted(body)};`;
}

/** The inside of a location that answers a program. */
export function json(status: number, body: string): string {
  return `${securityHeaders(6, ownPagesPolicy).trimStart()}
      add_header Cache-Control no-store always;
      default_type application/json;
      return ${status} ${quoted(body)};`;
}

import type { ListenerProperties } from "./declarations";
import { eachHeader } from "./exchange";

/** Headers that a listener sets on every answer, by the attribute that holds the value. */
const attributes = {
  routingHttpResponseStrictTransportSecurityHeaderValue: "Strict-Transport-Security",
  routingHttpResponseAccessControlAllowOriginHeaderValue: "Access-Control-Allow-Origin",
  routingHttpResponseAccessControlAllowMethodsHeaderValue: "Access-Control-Allow-Methods",
  routingHttpResponseAccessControlAllowHeadersHeaderValue: "Access-Control-Allow-Headers",
  routingHttpResponseAccessControlAllowCredentialsHeaderValue: "Access-Control-Allow-Credentials",
  routingHttpResponseAccessControlExposeHeadersHeaderValue: "Access-Control-Expose-Headers",
  routingHttpResponseAccessControlMaxAgeHeaderValue: "Access-Control-Max-Age",
  routingHttpResponseContentSecurityPolicyHeaderValue: "Content-Security-Policy",
  routingHttpResponseXContentTypeOptionsHeaderValue: "X-Content-Type-Options",
  routingHttpResponseXFrameOptionsHeaderValue: "X-Frame-Options",
} as const;

export type ResponseHeaderAttributes = { [attribute in keyof typeof attributes]?: string };

/** What of them has few values: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/header-modification.html */
const allowed: Record<string, RegExp> = {
  "Access-Control-Allow-Credentials": /^true$/,
  "Access-Control-Max-Age": /^\d+$/,
  "X-Content-Type-Options": /^nosniff$/,
  "X-Frame-Options": /^(DENY|SAMEORIGIN|ALLOW-FROM .+)$/,
};
/** "The maximum size of a header value is 1K": the same page, "Limitations". */
const maxValue = 1024;

/** Name and value; none for an attribute without a value. */
export function responseHeaders(properties: ListenerProperties): [name: string, value: string][] {
  return Object.entries(attributes).flatMap(([attribute, name]): [string, string][] => {
    const value = properties[attribute as keyof typeof attributes];
    return value ? [[name, value]] : [];
  });
}

export function responseHeaderProblems(properties: ListenerProperties): string[] {
  return responseHeaders(properties).flatMap(([name, value]) => {
    if (value.length > maxValue) return [`${name} may have ${maxValue} characters; got ${value.length}`];
    return allowed[name]?.test(value) === false ? [`${name} cannot be "${value}"`] : [];
  });
}

/** In place of a target's headers of the same name. */
export function withResponseHeaders(headers: readonly string[], own: readonly [string, string][]): string[] {
  const names = new Set(own.map(([name]) => name.toLowerCase()));
  const kept: string[] = [];
  eachHeader(headers, (name, value, sent) => !names.has(name) && kept.push(sent, value));
  return [...kept, ...own.flat()];
}

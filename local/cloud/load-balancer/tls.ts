import {
  createSecureContext,
  createServer,
  type SecureContext,
  type SecureVersion,
  type Server,
  type TLSSocket,
} from "node:tls";
import type { CloudContext } from "../context";

/**
 * The TLS versions of a security policy, by its name.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
 */
export function tlsVersions(policy = "ELBSecurityPolicy-2016-08"): {
  minVersion: SecureVersion;
  maxVersion: SecureVersion;
} {
  const newer = /^ELBSecurityPolicy-TLS13-1-([0-3])-/.exec(policy);
  if (newer) return { minVersion: minor(newer[1]), maxVersion: "TLSv1.3" };
  const older = /^ELBSecurityPolicy-(?:TLS|FS)-1-([12])-/.exec(policy);
  if (older) return { minVersion: minor(older[1]), maxVersion: "TLSv1.2" };
  if (["ELBSecurityPolicy-2016-08", "ELBSecurityPolicy-2015-05", "ELBSecurityPolicy-FS-2018-06"].includes(policy)) {
    return { minVersion: "TLSv1", maxVersion: "TLSv1.2" };
  }
  throw new Error(`SSLPolicyNotFound: SSL policy '${policy}' not found`);
}

function minor(digit: string | undefined): SecureVersion {
  return digit === "0" ? "TLSv1" : (`TLSv1.${digit}` as SecureVersion);
}

export interface TlsServerOptions {
  /** ARNs, the default certificate first. */
  certificates: () => string[];
  /** The security policy's name. */
  policy: string | undefined;
  /** For ALPN. Default: none */
  protocols?: string[];
  accept: (socket: TLSSocket) => void;
}

/** Shows each client the certificate of the name that it asks for. */
export async function tlsServer(
  context: CloudContext,
  { certificates, policy, protocols, accept }: TlsServerOptions,
): Promise<Server> {
  const { key, cert } = await certificateFor(context, certificates()[0] as string);
  const server = createServer({
    noDelay: true,
    ...tlsVersions(policy),
    key,
    cert,
    ...(protocols && { ALPNProtocols: protocols }),
    SNICallback: (name, done) => {
      certificateOf(context, certificates(), name).then(
        (certificate) => done(null, contextOf(certificate)),
        (error: Error) => done(error),
      );
    },
  });
  server.on("secureConnection", accept);
  server.on("tlsClientError", (_error, socket) => socket.destroy());
  return server;
}

/** "If the hostname matches no certificate, the default certificate is used": https-listener-certificates.html */
function certificateOf(context: CloudContext, arns: string[], name: string): Promise<ListenerCertificate> {
  const exact = arns.find((arn) => certifies(declaredNames(context, arn) ?? [], name));
  const undeclared = arns.find((arn) => declaredNames(context, arn) === undefined);
  return certificateFor(context, exact ?? undeclared ?? (arns[0] as string), name);
}

export interface ListenerCertificate {
  key: string;
  cert: string;
  names: string[];
}

/**
 * Stands for a declared certificate. One that the stack does not declare (an ARN of the user's own) has names that
 * nobody here knows: it fits whatever name the client asks for.
 */
export async function certificateFor(context: CloudContext, arn: string, asked?: string): Promise<ListenerCertificate> {
  const names = declaredNames(context, arn) ?? [asked ?? "unknown.invalid"];
  return { ...(await context.certificates.issue(names)), names };
}

/** The names of an ACM certificate: its domain and the alternatives; undefined when it is not declared. */
export function declaredNames(context: CloudContext, arn: string): string[] | undefined {
  const properties = context.world.byArn(arn)?.properties;
  if (!properties) return undefined;
  const alternatives = (properties.subjectAlternativeNames as string[] | undefined) ?? [];
  return [...new Set([String(properties.domainName), ...alternatives])];
}

/** `*.example.com` stands for one label. */
export function certifies(names: readonly string[], host: string): boolean {
  const wanted = host.toLowerCase();
  return names.some((name) => {
    const own = name.toLowerCase();
    return own === wanted || (own.startsWith("*.") && own.slice(1) === wanted.slice(wanted.indexOf(".")));
  });
}

export function contextOf({ key, cert }: { key: string; cert: string }): SecureContext {
  return createSecureContext({ key, cert });
}

import { pathsBelow } from "./paths";
import { ports } from "./ports";

export interface ServerOptions {
  domain: string;
  /** Where Prefect is on the domain: `/` or `/prefect`. */
  path: string;
  /** Networks of the load balancers that reach Prefect themselves. @default none: nginx on loopback does */
  trustedProxyCidrs?: string[];
  /** The file that `caBundleFetch` writes. */
  caFile: string;
}

/** Prefect's names for the parts of its database address; each is a key of the database's secret. */
export const databaseSecrets = {
  user: "PREFECT_SERVER_DATABASE_USER",
  password: "PREFECT_SERVER_DATABASE_PASSWORD",
  host: "PREFECT_SERVER_DATABASE_HOST",
  port: "PREFECT_SERVER_DATABASE_PORT",
  name: "PREFECT_SERVER_DATABASE_NAME",
} as const;

export const serverAuthString = "PREFECT_SERVER_API_AUTH_STRING";

/** @param host `127.0.0.1` behind a gateway in the task, `0.0.0.0` where load balancers reach it */
export function serverCommand(host: "127.0.0.1" | "0.0.0.0"): string[] {
  return ["prefect", "server", "start", "--host", host, "--port", String(ports.prefect)];
}

/** Prefect's settings on the server. The API and both UIs share one origin, so the API's address is relative. */
export function serverEnvironment({
  domain,
  path,
  caFile,
  trustedProxyCidrs = [],
}: ServerOptions): Record<string, string> {
  const origin = `https://${domain}`;
  const { base, api } = pathsBelow(path);
  return {
    // The root file system is read-only; /tmp is memory.
    PREFECT_HOME: "/tmp/prefect",
    PREFECT_UI_STATIC_DIRECTORY: "/tmp/prefect-ui",
    PREFECT_UI_API_URL: api,
    // One without the others, and half of the addresses stay at the root.
    ...(base !== "" && { PREFECT_SERVER_API_BASE_PATH: api, PREFECT_UI_SERVE_BASE: base }),
    // Links in notifications.
    PREFECT_UI_URL: `${origin}${base}`,
    PREFECT_SERVER_DATABASE_DRIVER: "postgresql+asyncpg",
    PREFECT_SERVER_DATABASE_SQLALCHEMY_CONNECT_ARGS_TLS_ENABLED: "true",
    PREFECT_SERVER_DATABASE_SQLALCHEMY_CONNECT_ARGS_TLS_CA_FILE: caFile,
    PREFECT_SERVER_DATABASE_SQLALCHEMY_CONNECT_ARGS_APPLICATION_NAME: "prefect-server",
    // Above nginx's 60 s to its upstreams; the default of 5 s gives sporadic 502s.
    PREFECT_SERVER_API_KEEPALIVE_TIMEOUT: "75",
    PREFECT_SERVER_CSRF_PROTECTION_ENABLED: "true",
    // The default is every origin.
    PREFECT_SERVER_CORS_ALLOWED_ORIGINS: origin,
    PREFECT_SERVER_ANALYTICS_ENABLED: "false",
    // uvicorn's: whose X-Forwarded-Proto it believes, or its redirects would lead to http://.
    ...(trustedProxyCidrs.length > 0 && { FORWARDED_ALLOW_IPS: trustedProxyCidrs.join(",") }),
  };
}

/** Whether Prefect answers, asked inside its own container: the image has no curl. */
export function serverHealthCheck(path: string): string[] {
  return pythonGet(`http://127.0.0.1:${ports.prefect}${serverHealthPath(path)}`);
}

/** Answers without a credential and says nothing of the database. */
export function serverHealthPath(path: string): string {
  return `${pathsBelow(path).api}/health`;
}

/**
 * Fetches Amazon's certificate authorities for the region's databases: no image holds them, and without them a
 * connection can be encrypted but not verified. Fails, and with it the task, where no bundle arrives.
 */
export function caBundleFetch(region: string, caFile: string): string[] {
  const url = `https://truststore.pki.rds.amazonaws.com/${region}/${region}-bundle.pem`;
  return [
    "python",
    "-c",
    `import ssl, time, urllib.request
for attempt in range(6):
    try:
        bundle = urllib.request.urlopen("${url}", timeout=10).read().decode("ascii")
        ssl.create_default_context(cadata=bundle)
        open("${caFile}", "w").write(bundle)
        break
    except OSError as error:
        print(f"attempt {attempt + 1} to get ${url}: {error}", flush=True)
        if attempt == 5:
            raise
        time.sleep(5)
`,
  ];
}

export const workerPort = 8080;

export const workerHealthCheck = pythonGet(`http://127.0.0.1:${workerPort}/health`);

export function workerCommand(pool: string): string[] {
  return ["prefect", "worker", "start", "--pool", pool, "--type", "process", "--with-healthcheck"];
}

/** The secrets that every Prefect client of this server needs; keys of `MachineCredential`. */
export const clientSecrets = {
  authString: "PREFECT_API_AUTH_STRING",
  customHeaders: "PREFECT_CLIENT_CUSTOM_HEADERS",
} as const;

export interface WorkerOptions {
  /** `https://prefect.example.com/api` or `http://prefect.internal/api` */
  apiUrl: string;
  /** Where people open Prefect: for the links that clients print. */
  url: string;
}

/** What every Prefect client of this server needs besides its secrets. */
export function clientEnvironment({ apiUrl, url }: WorkerOptions): Record<string, string> {
  return { PREFECT_API_URL: apiUrl, PREFECT_UI_URL: url };
}

export function workerEnvironment(options: WorkerOptions): Record<string, string> {
  return {
    ...clientEnvironment(options),
    // The default is 0.0.0.0.
    PREFECT_WORKER_WEBSERVER_HOST: "127.0.0.1",
    PREFECT_WORKER_WEBSERVER_PORT: String(workerPort),
    PYTHONUNBUFFERED: "1",
  };
}

function pythonGet(url: string): string[] {
  return ["CMD", "python", "-c", `import urllib.request as u; u.urlopen("${url}", timeout=4)`];
}

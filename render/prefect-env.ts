import { ports } from "./ports";

export interface ServerOptions {
  domain: string;
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

export const serverCommand = ["prefect", "server", "start", "--host", "127.0.0.1", "--port", String(ports.prefect)];

/** Prefect's settings on the server. The API and both UIs share one origin, so the API's address is relative. */
export function serverEnvironment({ domain, caFile }: ServerOptions): Record<string, string> {
  const publicUrl = `https://${domain}`;
  return {
    // The root file system is read-only; /tmp is memory.
    PREFECT_HOME: "/tmp/prefect",
    PREFECT_UI_STATIC_DIRECTORY: "/tmp/prefect-ui",
    PREFECT_UI_API_URL: "/api",
    // Links in notifications.
    PREFECT_UI_URL: publicUrl,
    PREFECT_SERVER_DATABASE_DRIVER: "postgresql+asyncpg",
    PREFECT_SERVER_DATABASE_SQLALCHEMY_CONNECT_ARGS_TLS_ENABLED: "true",
    PREFECT_SERVER_DATABASE_SQLALCHEMY_CONNECT_ARGS_TLS_CA_FILE: caFile,
    PREFECT_SERVER_DATABASE_SQLALCHEMY_CONNECT_ARGS_APPLICATION_NAME: "prefect-server",
    // Above nginx's 60 s to its upstreams; the default of 5 s gives sporadic 502s.
    PREFECT_SERVER_API_KEEPALIVE_TIMEOUT: "75",
    PREFECT_SERVER_CSRF_PROTECTION_ENABLED: "true",
    // The default is every origin.
    PREFECT_SERVER_CORS_ALLOWED_ORIGINS: publicUrl,
    PREFECT_SERVER_ANALYTICS_ENABLED: "false",
  };
}

/** Whether Prefect answers, asked inside its own container: the image has no curl. */
export const serverHealthCheck = pythonGet(`http://127.0.0.1:${ports.prefect}/api/health`);

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

export function workerEnvironment(apiUrl: string): Record<string, string> {
  return {
    PREFECT_API_URL: apiUrl,
    // The default is 0.0.0.0.
    PREFECT_WORKER_WEBSERVER_HOST: "127.0.0.1",
    PREFECT_WORKER_WEBSERVER_PORT: String(workerPort),
    PYTHONUNBUFFERED: "1",
  };
}

function pythonGet(url: string): string[] {
  return ["CMD", "python", "-c", `import urllib.request as u; u.urlopen("${url}", timeout=4)`];
}

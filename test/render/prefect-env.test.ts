import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { paths } from "../../local/paths";
import {
  caBundleFetch,
  clientSecrets,
  databaseSecrets,
  serverAuthString,
  serverEnvironment,
  workerEnvironment,
} from "../../render/prefect-env";
import { pathsBelow } from "../../render/paths";
import { uiSettings } from "../../render/ui-settings";

const python = join(paths.toolchain, "prefect", "bin", "python");

/** What Prefect itself makes of an environment. */
function inPrefect(environment: Record<string, string>, program: string): Record<string, unknown> {
  const { status, stdout, stderr } = spawnSync(python, ["-c", program], {
    // Its profiles are looked for in /tmp/prefect otherwise, which may be somebody else's.
    env: {
      PATH: process.env.PATH,
      PREFECT_HOME: tmpdir(),
      PREFECT_PROFILES_PATH: "/nonexistent/profiles.toml",
      ...environment,
    },
    encoding: "utf8",
  });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout) as Record<string, unknown>;
}

describe("Prefect's settings", function () {
  this.timeout(60_000);

  it("are understood by Prefect: where it listens, its database over verified TLS, the public address", () => {
    const environment = {
      ...serverEnvironment({ domain: "prefect.example.com", path: "/", caFile: "/etc/rds-ca/bundle.pem" }),
      [databaseSecrets.user]: "prefect",
      [databaseSecrets.password]: "p%@:/ss",
      [databaseSecrets.host]: "db.example.com",
      [databaseSecrets.port]: "5432",
      [databaseSecrets.name]: "prefect",
      [serverAuthString]: "admin:pw",
    };
    const seen = inPrefect(
      environment,
      `import json
from prefect.settings import get_current_settings
s = get_current_settings()
d = s.server.database
print(json.dumps({
  "home": str(s.home), "static": s.server.ui.static_directory, "uiUrl": str(s.ui_url), "uiApiUrl": s.server.ui.api_url,
  "database": [d.driver, d.user, d.password.get_secret_value(), d.host, d.port, d.name],
  "tls": d.sqlalchemy.connect_args.tls.enabled, "ca": d.sqlalchemy.connect_args.tls.ca_file,
  "checked": d.sqlalchemy.connect_args.tls.check_hostname,
  "keepalive": s.server.api.keepalive_timeout, "csrf": s.server.api.csrf_protection_enabled,
  "cors": s.server.api.cors_allowed_origins, "analytics": s.server.analytics_enabled,
  "auth": s.server.api.auth_string.get_secret_value(),
}))`,
    );
    assert.deepEqual(seen, {
      home: "/tmp/prefect",
      static: "/tmp/prefect-ui",
      uiUrl: "https://prefect.example.com",
      uiApiUrl: "/api",
      database: ["postgresql+asyncpg", "prefect", "p%@:/ss", "db.example.com", 5432, "prefect"],
      tls: true,
      ca: "/etc/rds-ca/bundle.pem",
      checked: true,
      keepalive: 75,
      csrf: true,
      cors: "https://prefect.example.com",
      analytics: false,
      auth: "admin:pw",
    });
  });

  it("are understood by its client: the credential, and the header for its sockets", () => {
    const environment = {
      ...workerEnvironment({ apiUrl: "https://prefect.example.com/api", url: "https://prefect.example.com" }),
      [clientSecrets.authString]: "admin:pw",
      [clientSecrets.customHeaders]: '{"Authorization":"Basic YWRtaW46cHc="}',
    };
    const seen = inPrefect(
      environment,
      `import json
from prefect.settings import get_current_settings
s = get_current_settings()
print(json.dumps({"url": s.api.url, "auth": s.api.auth_string.get_secret_value(), "headers": s.client.custom_headers,
  "webserver": [s.worker.webserver.host, s.worker.webserver.port]}))`,
    );
    assert.deepEqual(seen, {
      url: "https://prefect.example.com/api",
      auth: "admin:pw",
      headers: { Authorization: "Basic YWRtaW46cHc=" },
      webserver: ["127.0.0.1", 8080],
    });
  });

  it("for the UI are what this version of Prefect would serve at either path, but for its own login", () => {
    const directory = mkdtempSync(join(tmpdir(), "prefect-ui-"));
    const given = ["/", "/prefect"].map((path) => {
      const all = serverEnvironment({ domain: "prefect.example.com", path, caFile: "" });
      const ofUi = Object.entries(all).filter(([name]) => /_UI_(API|SERVE)|BASE_PATH|CSRF/.test(name));
      return { path: `${pathsBelow(path).base}/ui-settings`, settings: Object.fromEntries(ofUi) };
    });
    assert.deepEqual(
      given.map(({ settings }) => Object.keys(settings).length),
      [2, 4],
    );
    const { served } = inPrefect(
      { PREFECT_UI_STATIC_DIRECTORY: directory, [serverAuthString]: "admin:pw", GIVEN: JSON.stringify(given) },
      `import json, os, prefect.settings, prefect.server.api.server as server
served = []
for given in json.loads(os.environ["GIVEN"]):
    settings = {getattr(prefect.settings, name): value for name, value in given["settings"].items()}
    with prefect.settings.temporary_settings(settings):
        [route] = [r for r in server.create_ui_app(ephemeral=False).routes if r.path == given["path"]]
        served.append(json.loads(route.endpoint().model_dump_json()))
print(json.dumps({"served": served}))`,
    );
    rmSync(directory, { recursive: true });
    assert.deepEqual(
      served,
      ["/", "/prefect"].map((path) => ({ ...JSON.parse(uiSettings(pathsBelow(path))), auth: "BASIC" })),
    );
  });
});

describe("the fetch of the database's certificate authorities", () => {
  const run = (urlopen: string, caFile: string) => {
    const [, flag = "", program = ""] = caBundleFetch("eu-west-1", caFile);
    const fake = `import time, urllib.request
class Answer:
    def __init__(self, data): self.data = data
    def read(self): return self.data
def urlopen(url, timeout):
    print(url)
    ${urlopen}
urllib.request.urlopen = urlopen
time.sleep = lambda seconds: None
`;
    return spawnSync("python3", [flag, fake + program], { encoding: "utf8" });
  };

  it("asks the region's truststore and writes nothing that holds no certificate", () => {
    const dir = mkdtempSync(join(tmpdir(), "rds-ca-"));
    const file = join(dir, "bundle.pem");
    const { status, stdout } = run(`return Answer(b"<html>not here</html>")`, file);
    assert.notEqual(status, 0);
    assert.match(stdout, /^https:\/\/truststore\.pki\.rds\.amazonaws\.com\/eu-west-1\/eu-west-1-bundle\.pem$/m);
    assert.equal(spawnSync("test", ["-e", file]).status, 1);
    rmSync(dir, { recursive: true });
  });

  it("tries again, and writes the bundle that comes then", () => {
    const dir = mkdtempSync(join(tmpdir(), "rds-ca-"));
    const file = join(dir, "bundle.pem");
    const made = spawnSync(
      "openssl",
      [
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-keyout",
        join(dir, "key.pem"),
        "-out",
        join(dir, "ca.pem"),
        "-subj",
        "/CN=x",
      ],
      { encoding: "utf8" },
    );
    assert.equal(made.status, 0, made.stderr);
    writeFileSync(join(dir, "count"), "");
    const { status, stdout, stderr } = run(
      `open("${dir}/count", "a").write("x")
    if len(open("${dir}/count").read()) < 3: raise OSError("refused")
    return Answer(open("${dir}/ca.pem", "rb").read())`,
      file,
    );
    assert.equal(status, 0, stderr);
    assert.equal(stdout.match(/attempt \d to get/g)?.length, 2);
    assert.equal(spawnSync("cmp", [file, join(dir, "ca.pem")]).status, 0);
    rmSync(dir, { recursive: true });
  });

  it("gives up after six attempts, and the task does not start", () => {
    const { status, stdout } = run(`raise OSError("refused")`, "/nonexistent/bundle.pem");
    assert.notEqual(status, 0);
    assert.equal(stdout.match(/attempt \d to get/g)?.length, 6);
  });
});

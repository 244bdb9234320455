import { globSync } from "node:fs";
import { busyboxCommands } from "./busybox";
import type { ImageFiles } from "./container/root";
import type { User } from "./container/user";
import { type Programs, pythonMounts } from "./programs";

/** What a registry would answer for an image: its configuration and its files. */
export interface Image {
  entryPoint: readonly string[];
  command: readonly string[];
  environment: Readonly<Record<string, string>>;
  workingDirectory: string;
  user: string;
  files: ImageFiles;
}

/** @returns undefined when the program that stands for the image is not installed */
type MakeImage = (programs: Programs, tag: string) => Image | undefined;

interface Entry {
  /** Names without registry; the first is the usual one. */
  repositories: readonly string[];
  /** What runs, whatever the tag. */
  runs: string;
  make: MakeImage;
}

const defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const noFiles: ImageFiles = {
  commands: [],
  mounts: [],
  links: {},
  files: {},
  copies: {},
  users: [],
  owned: {},
  trustStores: [],
};

function image(config: Partial<Omit<Image, "files">>, files: Partial<ImageFiles>): Image {
  return {
    entryPoint: [],
    command: [],
    workingDirectory: "/",
    user: "0",
    ...config,
    environment: { PATH: defaultPath, ...config.environment },
    files: { ...noFiles, ...files },
  };
}

/** Debian's python image with packages in it: docker-library/python, and Prefect's Dockerfile on top of it. */
function python(venv: string): { environment: Record<string, string>; files: Partial<ImageFiles> } {
  return {
    environment: { PATH: `${venv}/bin:${defaultPath}`, LANG: "C.UTF-8", PYTHONDONTWRITEBYTECODE: "1" },
    files: {
      commands: "all",
      mounts: pythonMounts(venv),
      links: {
        // Where the image has them: task definitions may name the full path.
        ...Object.fromEntries(
          ["python", "python3", "prefect"].map((name) => [`/usr/local/bin/${name}`, `${venv}/bin/${name}`]),
        ),
      },
      trustStores: globSync(`${venv}/lib/python3*/site-packages/certifi/cacert.pem`),
    },
  };
}

const prefect: MakeImage = ({ prefectVenv }) => {
  if (!prefectVenv) return undefined;
  const { environment, files } = python(prefectVenv);
  const entrypoint = "/opt/prefect/entrypoint.sh";
  const script = `#!/bin/sh
if [ -n "\${EXTRA_PIP_PACKAGES:-}" ]; then
  echo "EXTRA_PIP_PACKAGES=$EXTRA_PIP_PACKAGES: the local cloud has no way to a package registry" >&2
  exit 1
fi
exec "$@"
`;
  return image(
    { entryPoint: [entrypoint], workingDirectory: "/opt/prefect", environment: { ...environment, LC_ALL: "C.UTF-8" } },
    { ...files, files: { [entrypoint]: { content: script, mode: 0o755 } } },
  );
};

const pythonImage: MakeImage = ({ prefectVenv }) => {
  if (!prefectVenv) return undefined;
  const { environment, files } = python(prefectVenv);
  return image({ command: ["python3"], environment }, files);
};

const nginxUser: User = { name: "nginx", uid: 101, gid: 101, home: "/nonexistent" };

/** The unprivileged image listens on 8080 as user 101 (nginx/docker-nginx-unprivileged), the other one on 80 as root. */
function nginx(port: number, user: string): MakeImage {
  return ({ nginx: binary, nginxRoot }, tag) => {
    if (!binary || !nginxRoot) return undefined;
    // The paths that the image's nginx was built with; a -c of the task definition comes later and wins.
    const wrapper = `#!/bin/sh\nexec ${binary} -p /etc/nginx/ -e /var/log/nginx/error.log -c /etc/nginx/nginx.conf "$@"\n`;
    const alpine = tag.includes("alpine");
    return image(
      {
        entryPoint: ["/docker-entrypoint.sh"],
        command: ["nginx", "-g", "daemon off;"],
        user,
        environment: { NGINX_VERSION: tag.replace(/-.*/, "") },
      },
      {
        commands: alpine ? [...busyboxCommands, "curl", "envsubst"] : "all",
        mounts: [{ source: binary, target: binary }],
        links: { "/var/log/nginx/access.log": "/dev/stdout", "/var/log/nginx/error.log": "/dev/stderr" },
        files: {
          "/usr/local/bin/nginx": { content: wrapper, mode: 0o755 },
          "/usr/local/sbin/nginx": { content: wrapper, mode: 0o755 },
          "/docker-entrypoint.sh": { content: '#!/bin/sh\nexec "$@"\n', mode: 0o755 },
          "/etc/nginx/nginx.conf": { content: nginxConf },
          "/etc/nginx/conf.d/default.conf": { content: defaultSite(port) },
          "/var/lib/nginx/html/index.html": { content: "<!doctype html><title>Welcome to nginx!</title>\n" },
        },
        copies: { "/etc/nginx": nginxRoot },
        users: [nginxUser],
        owned: { "/var/cache/nginx": nginxUser },
      },
    );
  };
}

const nginxConf = `worker_processes 1;
error_log /var/log/nginx/error.log notice;
pid /tmp/nginx.pid;
events { worker_connections 1024; }
http {
    client_body_temp_path /tmp/client_temp;
    proxy_temp_path /tmp/proxy_temp;
    fastcgi_temp_path /tmp/fastcgi_temp;
    uwsgi_temp_path /tmp/uwsgi_temp;
    scgi_temp_path /tmp/scgi_temp;
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    access_log /var/log/nginx/access.log;
    include /etc/nginx/conf.d/*.conf;
}
`;

function defaultSite(port: number): string {
  return `server {\n    listen ${port};\n    location / {\n        root /var/lib/nginx/html;\n        index index.html;\n    }\n}\n`;
}

/** The usual tags are distroless, without a shell; `-alpine` ones have busybox (oauth2-proxy's Makefile). */
const oauth2Proxy: MakeImage = ({ oauth2Proxy: binary }, tag) =>
  binary
    ? image(
        { entryPoint: ["/bin/oauth2-proxy"], user: "65532:65532" },
        {
          commands: tag.includes("alpine") ? busyboxCommands : [],
          mounts: [{ source: binary, target: "/usr/bin/oauth2-proxy" }],
          users: [{ name: "nonroot", uid: 65532, gid: 65532, home: "/home/nonroot" }],
        },
      )
    : undefined;

const shell: MakeImage = () => image({ command: ["sh"] }, { commands: busyboxCommands });
const debian: MakeImage = () => image({ command: ["bash"] }, { commands: "all" });

const catalogue: readonly Entry[] = [
  { repositories: ["prefecthq/prefect"], runs: "the toolchain's Prefect", make: prefect },
  {
    repositories: ["nginxinc/nginx-unprivileged", "nginx/nginx-unprivileged"],
    runs: "the toolchain's nginx",
    make: nginx(8080, "101"),
  },
  { repositories: ["nginx", "nginx/nginx"], runs: "the toolchain's nginx", make: nginx(80, "0") },
  { repositories: ["oauth2-proxy/oauth2-proxy"], runs: "the toolchain's oauth2-proxy", make: oauth2Proxy },
  { repositories: ["python"], runs: "the toolchain's Python", make: pythonImage },
  { repositories: ["alpine", "busybox"], runs: "this machine's shell and tools", make: shell },
  { repositories: ["debian", "ubuntu"], runs: "this machine's shell and tools", make: debian },
];

/**
 * The image that a reference names, wherever it is mirrored: Docker Hub, quay.io, ECR Public's copies
 * (`docker/library/...`) and pull-through caches (`<account>.dkr.ecr.<region>.amazonaws.com/<prefix>/...`).
 *
 * @throws Error as ECS words it, with what there is
 */
export function findImage(reference: string, programs: Programs): Image {
  const { repository, tag } = parseReference(reference);
  const entry = catalogue.find(({ repositories }) =>
    repositories.some((name) => repository === name || (name.includes("/") && repository.endsWith(`/${name}`))),
  );
  if (!entry) {
    const known = catalogue.map(({ repositories }) => repositories[0]).join(", ");
    throw new Error(
      `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${reference}: not found` +
        ` (the local cloud holds ${known}: local/cloud/images.ts)`,
    );
  }
  const made = entry.make(programs, tag);
  if (made) return made;
  throw new Error(
    `CannotPullContainerError: ${reference} stands for ${entry.runs}, which is not installed: run npm start`,
  );
}

function parseReference(reference: string): { repository: string; tag: string } {
  const [, path = "", tag = "latest"] = /^(.*?)(?::([\w.-]+))?(?:@sha256:[0-9a-f]+)?$/.exec(reference) ?? [];
  const [host = "", ...rest] = path.split("/");
  const isRegistry = rest.length > 0 && (/[.:]/.test(host) || host === "localhost");
  const isPullThroughCache = /\.dkr\.ecr\..*amazonaws\.com/.test(host) && rest.length > 1;
  const names = isPullThroughCache ? rest.slice(1) : isRegistry ? rest : path.split("/");
  const repository = names.join("/").replace(/^(docker\/)?library\//, "");
  return { repository, tag };
}

import {
  type ContainerPiece,
  containers,
  gated,
  group,
  hidden,
  nginx,
  oauth2Proxy,
  open,
  prefect,
  service,
  task,
} from "../support/pieces";
import { type Declared, ref } from "../support/stack";
import { type Cases, cannotTell } from "./case";

/** Containers beside Prefect in tasks with public addresses, where a task need not declare the ports on which it listens. */

function beside(ports: number[], ...pieces: ContainerPiece[]): Declared[] {
  return [
    group("taskGroup", ...ports.map(open)),
    task(containers(...pieces)),
    service(undefined, {
      networkConfiguration: { subnets: ["subnet-1"], assignPublicIp: true, securityGroups: [ref("taskGroup", "id")] },
    }),
  ];
}
const besideNginx = `socat TCP-LISTEN:9000,fork TCP:127.0.0.1:4200 &\nprintf '%s' "$NGINX_CONF" > /tmp/nginx.conf\nexec nginx -c /tmp/nginx.conf`;
const socat = { name: "socat", image: "alpine/socat:1.8", command: ["TCP-LISTEN:9000,fork", "TCP:127.0.0.1:4200"] };

export const sidecarCases: Cases = {
  "a forwarder that declares no port": {
    stack: beside([9000], hidden(), socat),
    ...cannotTell(
      'aws.ec2.SecurityGroup "taskGroup" admits the internet to port 9000',
      'container "socat" takes the requests, and whether it asks for a login cannot be seen',
    ),
  },
  "a forwarder that declares no port, and a group that opens all": {
    stack: beside([], hidden(), socat).map((each) =>
      each.name === "taskGroup"
        ? group("taskGroup", { protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] })
        : each,
    ),
    ...cannotTell('container "socat" takes the requests'),
  },
  "a forwarder that declares no port, behind a group that opens none": { stack: beside([], hidden(), socat) },
  "a forwarder that declares another port": { stack: beside([9000], hidden(), { ...socat, ports: [9100] }) },
  "a forwarder that declares no port, beside a Prefect that asks": {
    stack: beside([9000], hidden({ secrets: ["PREFECT_SERVER_API_AUTH_STRING"] }), socat),
  },
  "a forwarder that declares no port, beside a gateway on the port that is open": {
    stack: beside([8080], hidden(), nginx(gated), oauth2Proxy(), socat),
  },
  "a forwarder that declares no port, beside a gateway in a range that is open": {
    stack: beside([], hidden(), nginx(gated), oauth2Proxy(), socat).map((each) =>
      each.name === "taskGroup" ? group("taskGroup", { ...open(8080), toPort: 9000 }) : each,
    ),
    ...cannotTell('container "socat" takes the requests'),
  },
  "containers that all show where they listen, and a group that opens more": {
    stack: beside([8080, 9000], hidden(), nginx(gated), oauth2Proxy()),
  },
  "a second program in nginx's container, at a public address": {
    stack: beside(
      [9000],
      hidden(),
      nginx(gated, {
        ports: [8080, 9000],
        command: [besideNginx],
      }),
      oauth2Proxy(),
    ),
    ...cannotTell('container "nginx" is sent requests on port 9000'),
  },
  "a forwarder in Prefect's own container that declares no port": {
    stack: beside(
      [9000],
      hidden({
        entryPoint: ["sh", "-c"],
        command: ["socat TCP-LISTEN:9000,fork TCP:127.0.0.1:4200 & exec prefect server start --host 127.0.0.1"],
      }),
    ),
    ...cannotTell('container "prefect" is sent requests on port 9000'),
  },
  "a second program in nginx's container that declares no port": {
    stack: beside(
      [9000],
      hidden(),
      nginx(gated, {
        ports: [],
        command: [besideNginx],
      }),
      oauth2Proxy(),
    ),
    ...cannotTell('container "nginx" is sent requests on port 9000'),
  },
  "a second program beside an oauth2-proxy on the loopback, which declares no port": {
    stack: beside(
      [9000],
      hidden(),
      oauth2Proxy(
        {},
        { entryPoint: ["sh", "-c"], command: ["socat TCP-LISTEN:9000,fork TCP:127.0.0.1:4200 & exec oauth2-proxy"] },
      ),
    ),
    ...cannotTell('container "oauth2-proxy" is sent requests on port 9000'),
  },
  "a start script of nginx's that runs nothing else, where more ports are open": {
    stack: beside([8080, 9000], hidden(), nginx(gated, { ports: [] }), oauth2Proxy()),
  },
  "an nginx in Prefect's own container that declares no port": {
    stack: beside(
      [8080],
      nginx(gated, {
        name: "prefect",
        ports: [],
        command: [
          `printf '%s' "$NGINX_CONF" > /tmp/nginx.conf\nnginx -c /tmp/nginx.conf\nexec prefect server start --host 127.0.0.1`,
        ],
      }),
      oauth2Proxy(),
    ),
    ...cannotTell('container "prefect" is sent requests on port 8080'),
  },
  "an nginx of one's own that declares no port": {
    stack: beside([80], hidden(), { name: "nginx", image: "acme/nginx:1" }),
    ...cannotTell('container "nginx" is nginx, and what it lets through cannot be seen'),
  },
  "an agent that declares no port": {
    stack: beside([9000], hidden(), { name: "logs", image: "public.ecr.aws/aws-observability/aws-for-fluent-bit:3" }),
  },
  "a worker that declares no port": {
    stack: beside([9000], hidden(), prefect({ name: "worker", command: ["prefect", "worker", "start"], ports: [] })),
  },
};

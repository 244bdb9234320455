import { behindAlb, containers, gated, hidden, nginx, oauth2Proxy, prefect } from "../support/pieces";
import { built, type Declared, ref } from "../support/stack";
import { type Cases, cannotTell, reject } from "./case";

/** How gateways are started, and what is started beside them. */

/** oauth2-proxy alone before Prefect, started so. */
function started(
  how: Parameters<typeof oauth2Proxy>[1],
  environment: Record<string, string> = {},
  port = 4180,
): Declared[] {
  const address = { OAUTH2_PROXY_UPSTREAMS: "http://127.0.0.1:4200", OAUTH2_PROXY_HTTP_ADDRESS: "0.0.0.0:4180" };
  return behindAlb({
    definitions: containers(
      hidden(),
      oauth2Proxy({ ...address, ...environment }, { ports: [...new Set([4180, port])], ...how }),
    ),
    target: { container: "oauth2-proxy", port },
  });
}
const byScript = (script: string, environment: Record<string, string> = {}, port?: number): Declared[] =>
  started({ entryPoint: ["/bin/sh", "-c"], command: [script] }, environment, port);

/** The gated nginx with this before its own start. */
const besideNginx = (script: string, port: number, entry: Record<string, unknown> = {}): Declared[] =>
  behindAlb({
    definitions: containers(
      hidden(),
      nginx(gated, {
        ports: [8080, port],
        command: [`${script}\nprintf '%s' "$NGINX_CONF" > /tmp/nginx.conf\nexec nginx -c /tmp/nginx.conf`],
      }),
      oauth2Proxy(),
    ),
    target: { container: "nginx", port },
    service: {
      loadBalancers: [{ targetGroupArn: ref("tg"), containerName: "nginx", containerPort: port, ...entry }],
    },
  });
const socat = "socat TCP-LISTEN:9000,fork TCP:127.0.0.1:4200 &";

/** Prefect's image with this script, behind a balancer at port 9000. */
const ofPrefect = (script: string): Declared[] =>
  behindAlb({
    definitions: containers(prefect({ entryPoint: ["/bin/sh", "-c"], command: [script], ports: [9000] })),
    target: { container: "prefect", port: 9000 },
  });

export const gatewayStartCases: Cases = {
  "oauth2-proxy whose script gives it arguments of a variable": {
    stack: byScript("exec oauth2-proxy $ARGS", { ARGS: "--request-logging=false --skip-auth-route=^/" }),
    ...reject("oauth2-proxy's skip-auth-route lets requests in"),
  },
  "oauth2-proxy whose script gives it arguments that cannot be seen": {
    stack: byScript("exec oauth2-proxy $(cat /mnt/arguments)"),
    ...cannotTell("its start script gives it arguments that cannot be seen"),
  },
  "oauth2-proxy whose script gives it a secret's value": {
    stack: byScript('exec oauth2-proxy --client-secret "$SECRET" --cookie-secret="$COOKIE"'),
  },
  "oauth2-proxy whose script reads variables from a file": {
    stack: byScript("set -a; . /mnt/login.env; exec oauth2-proxy"),
    ...cannotTell("its start script reads files that cannot be seen"),
  },
  "oauth2-proxy whose script exports what cannot be seen": {
    stack: byScript("export $(cat /mnt/login.env)\nexec oauth2-proxy"),
    ...cannotTell("its start script gives it arguments that cannot be seen"),
  },
  "oauth2-proxy whose script exports a secret's value": {
    stack: byScript('export OAUTH2_PROXY_CLIENT_SECRET="$(cat /run/secret)"\nexec /bin/oauth2-proxy'),
  },
  "oauth2-proxy whose script is beyond the pack": {
    stack: byScript('oauth2-proxy <<< "x"'),
    ...cannotTell("its start script cannot be followed"),
  },
  "an image of oauth2-proxy's whose script is beyond the pack and does not name it": {
    stack: byScript('exec "$BIN" <<< "x"', { BIN: "oauth2-proxy" }),
    ...cannotTell("its start script cannot be followed"),
  },
  "oauth2-proxy whose script runs it twice": {
    stack: byScript("oauth2-proxy & oauth2-proxy"),
    ...cannotTell("how its start script runs oauth2-proxy cannot be followed"),
  },
  "oauth2-proxy that env gives a variable": {
    stack: started({ entryPoint: ["/usr/bin/env", "OAUTH2_PROXY_SKIP_AUTH_ROUTES=^/"], command: ["oauth2-proxy"] }),
    ...reject("oauth2-proxy's skip-auth-route lets requests in"),
  },
  "oauth2-proxy that env gives no variables": {
    stack: started({ entryPoint: ["env", "-i"], command: ["oauth2-proxy"] }),
    ...cannotTell("its command starts something else"),
  },
  "oauth2-proxy under an init program": {
    stack: started({ entryPoint: ["/sbin/tini", "--"], command: ["oauth2-proxy", "--request-logging=false"] }),
  },
  "an image of oauth2-proxy's that starts something else": {
    stack: started({ entryPoint: ["/entry.sh"], command: ["oauth2-proxy"] }),
    ...cannotTell("its command starts something else"),
  },
  "another program that only says oauth2-proxy": {
    stack: behindAlb({
      definitions: containers(hidden(), {
        name: "login",
        image: "alpine/socat:1.8",
        command: ["TCP-LISTEN:8080,fork", "TCP:127.0.0.1:4200", "-lp", "oauth2-proxy"],
        ports: [8080],
      }),
      target: { container: "login", port: 8080 },
    }),
    ...cannotTell('container "login" takes the requests, and whether it asks for a login cannot be seen'),
  },
  "a second program on another port beside oauth2-proxy": {
    stack: byScript("socat TCP-LISTEN:9000,fork TCP:127.0.0.1:4200 & exec oauth2-proxy", {}, 9000),
    ...cannotTell(
      'container "oauth2-proxy" is sent requests on port 9000, on which nothing that is seen of it listens',
    ),
  },
  "oauth2-proxy's own port for metrics": {
    stack: started({}, { OAUTH2_PROXY_METRICS_ADDRESS: "0.0.0.0:9000" }, 9000),
  },
  "a second program on another port beside nginx": {
    stack: besideNginx(socat, 9000),
    ...cannotTell('container "nginx" is sent requests on port 9000, on which nothing that is seen of it listens'),
  },
  "a second program on another port beside Prefect": {
    stack: ofPrefect("socat TCP-LISTEN:9000,fork TCP:127.0.0.1:4200 & prefect server start --host 127.0.0.1"),
    ...cannotTell(
      'container "prefect" is sent requests on port 9000, and whether Prefect listens there cannot be seen',
    ),
  },
  "a second Prefect on another port beside the one on loopback": {
    stack: ofPrefect(
      "prefect server start --host 0.0.0.0 --port 9000 & prefect server start --host 127.0.0.1 --port 4200",
    ),
    ...reject('container "prefect" is a Prefect API server on port 9000'),
  },
  "a second Prefect on another port behind the one on loopback": {
    stack: ofPrefect(
      "prefect server start --host 127.0.0.1 --port 4200 & prefect server start --host 0.0.0.0 --port 9000",
    ),
    ...reject('container "prefect" is a Prefect API server on port 9000'),
  },
  "a port on which Prefect does not listen": {
    stack: behindAlb({
      definitions: containers(prefect({ ports: [4200, 9000] })),
      target: { container: "prefect", port: 9000 },
    }),
  },
  "a second program beside nginx, in a container that is not known in preview": {
    stack: besideNginx(socat, 9000, { containerName: built(["elsewhere"], "nginx") }),
    ...cannotTell('container "nginx" is sent requests on port 9000'),
  },
  "a second program beside nginx, on a port that is not known in preview": {
    stack: besideNginx(socat, 9000, { containerPort: built(["elsewhere"], "9000") }),
    ...cannotTell('container "nginx" is sent requests on port'),
  },
  "a second program beside nginx that the balancer does not reach": {
    stack: besideNginx(socat, 8080),
  },
};

import { gzipSync } from "node:zlib";
import { fromVpc } from "../support/inside";
import { base64, compose, docker, instance } from "../support/machines";
import { behindAlb, containers, group, open, prefect } from "../support/pieces";
import { built, declare, type Declared, ref } from "../support/stack";
import { cannotTell, type Cases, reject } from "./case";

/** What the user data of a machine starts. */

const pip = "#!/bin/bash\npip install prefect\nnohup prefect server start --host 0.0.0.0 &\n";

const onLoopback = pip.replace(" --host 0.0.0.0", "");

const composeFile = compose.slice(compose.indexOf("      services:"), compose.indexOf("runcmd:"));
const written = (encoding: string, content: string): string =>
  `#cloud-config\nwrite_files:\n  - path: /opt/compose.yaml\n    encoding: ${encoding}\n    content: ${content}\nruncmd:\n  - docker compose up -d\n`;
const lined = (text: string): string => text.replace(/.{76}/g, (line) => `${line}\n`);

/** Prefect in a service that admits the instance alone. */
const elsewhere: Declared[] = [
  group("innerGroup", { protocol: "tcp", fromPort: 4200, toPort: 4200, securityGroups: [ref("taskGroup", "id")] }),
  declare("aws:servicediscovery/service:Service", "registry", { name: "prefect" }),
  declare("aws:ecs/taskDefinition:TaskDefinition", "task", {
    family: "prefect",
    networkMode: "awsvpc",
    containerDefinitions: containers(prefect()),
  }),
  declare("aws:ecs/service:Service", "service", {
    taskDefinition: ref("task"),
    networkConfiguration: { securityGroups: [ref("innerGroup", "id")] },
    serviceRegistries: { registryArn: ref("registry") },
  }),
];

export const userDataCases: Cases = {
  "an instance that runs Prefect in a container": {
    stack: instance({ userData: docker }, open(4200)),
    ...reject(
      'aws.ec2.Instance "server": has a public address; aws.ec2.SecurityGroup "taskGroup" admits the internet to port 4200',
      "what its user data starts is a Prefect API server on port 4200",
      "associatePublicIpAddress to false",
    ),
  },
  "an instance that runs Prefect from pip": { stack: instance({ userData: pip }, open(4200)), ...reject("user data") },
  "user data in base64": { stack: instance({ userDataBase64: base64(pip) }, open(4200)), ...reject("user data") },
  "user data in gzip": {
    stack: instance({ userDataBase64: gzipSync(compose).toString("base64") }, open(80)),
    ...reject("admits the internet to port 80"),
  },
  "a compose file on port 80": { stack: instance({ userData: compose }, open(80)), ...reject("on port 80") },
  "a compose file that cloud-init writes from base64": {
    stack: instance({ userData: written("b64", base64(composeFile)) }, open(80)),
    ...reject("admits the internet to port 80"),
  },
  "a compose file that cloud-init writes from gzip in base64": {
    stack: instance({ userData: written("gz+b64", gzipSync(composeFile).toString("base64")) }, open(80)),
    ...reject("admits the internet to port 80"),
  },
  "another file that cloud-init writes from base64": {
    stack: instance({ userData: written("b64", base64("server { listen 80; root /srv/www; }\n")) }, open(80)),
  },
  "a part of a MIME archive in base64": {
    stack: instance(
      {
        userData: `Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/x-shellscript\nContent-Transfer-Encoding: base64\n\n${lined(base64(docker))}\n--b--\n`,
      },
      open(4200),
    ),
    ...reject("admits the internet to port 4200"),
  },
  "a compose file whose port is shut": { stack: instance({ userData: compose }, open(4200)) },
  "a container that is published on loopback": {
    stack: instance({ userData: docker.replace("4200:4200", "127.0.0.1:4200:4200") }, open(4200)),
  },
  "a container that is not published": {
    stack: instance({ userData: docker.replace("-p 4200:4200 ", "") }, open(4200)),
  },
  "a container on the host's network": {
    stack: instance({ userData: docker.replace("-p 4200:4200", "--network host") }, open(4200)),
    ...reject("user data"),
  },
  "Prefect on the instance's loopback": { stack: instance({ userData: onLoopback }, open(4200)) },
  "Prefect on loopback behind a proxy of the script": {
    stack: instance({ userData: `${onLoopback}apt-get install -y nginx\n` }, open(80)),
    ...cannotTell("nginx, which its user data starts,", "cannot be seen"),
  },
  "Prefect on loopback behind caddy": {
    stack: instance({ userData: `${onLoopback}caddy reverse-proxy --from :443 --to :4200\n` }, open(443)),
    ...cannotTell("caddy, which its user data starts, takes the requests"),
  },
  "Prefect on loopback behind an oauth2-proxy of the script": {
    stack: instance(
      { userData: `${onLoopback}oauth2-proxy --http-address=0.0.0.0:80 --skip-auth-route=.\n` },
      open(80),
    ),
    ...cannotTell("oauth2-proxy, which its user data starts, may let requests without a login through"),
  },
  "Prefect that asks on loopback behind an oauth2-proxy of the script": {
    stack: instance(
      {
        userData: `#!/bin/bash\nexport PREFECT_SERVER_API_AUTH_STRING=$(get)\n${onLoopback}oauth2-proxy --upstream=http://localhost:4200\n`,
      },
      open(80),
    ),
    ...cannotTell("its arguments are not known"),
  },
  "Prefect that asks on loopback behind an nginx of the script": {
    stack: instance(
      {
        userData: `#!/bin/bash\nexport PREFECT_SERVER_API_AUTH_STRING=$(get)\n${onLoopback}apt-get install -y nginx\n`,
      },
      open(80),
    ),
    ...cannotTell("nginx, which its user data starts,", "cannot be seen"),
  },
  "a server that is commented out": { stack: instance({ userData: pip.replace("nohup", "# nohup") }, open(4200)) },
  "an instance that runs a worker": {
    stack: instance({ userData: "#!/bin/bash\nprefect worker start --pool default\n" }, open(4200)),
  },
  "an instance with its auth string from a secret": {
    stack: instance(
      {
        userData: pip.replace(
          "nohup",
          'export PREFECT_SERVER_API_AUTH_STRING="$(aws secretsmanager get-secret-value)"\nnohup',
        ),
      },
      open(4200),
    ),
  },
  "an instance whose auth string does not reach the server": {
    stack: instance({ userData: pip.replace("nohup", "PREFECT_SERVER_API_AUTH_STRING=a:b\nnohup") }, open(4200)),
    ...reject("PREFECT_SERVER_API_AUTH_STRING is not set on it"),
  },
  "an instance whose auth string does not reach the container": {
    stack: instance(
      { userData: docker.replace("docker", "export PREFECT_SERVER_API_AUTH_STRING=a:b\ndocker") },
      open(4200),
    ),
    ...reject("PREFECT_SERVER_API_AUTH_STRING is not set on it"),
  },
  "an instance whose container gets its auth string": {
    stack: instance({ userData: docker.replace("-d", '-d -e PREFECT_SERVER_API_AUTH_STRING="$AUTH"') }, open(4200)),
  },
  "an instance with an empty auth string": {
    stack: instance({ userData: docker.replace("-d", '-d -e PREFECT_SERVER_API_AUTH_STRING=""') }, open(4200)),
    ...reject("is not set on it"),
  },
  "an instance with an auth string that its version ignores": {
    stack: instance(
      {
        userData: pip.replace(
          "pip install prefect",
          "pip install 'prefect==3.0.4'\nexport PREFECT_SERVER_API_AUTH_STRING=a:b",
        ),
      },
      open(4200),
    ),
    ...reject("ignores the auth string"),
  },
  "user data that is not known in preview": {
    stack: instance({ userData: built(["taskGroup"], docker) }, open(4200)),
    ...reject("user data"),
    preview: { cannotTell: ["its user data is not known yet", "aws.ec2.SecurityGroup"] },
  },
  "user data of something else that is not known in preview": {
    stack: instance({ userData: built(["taskGroup"], "#!/bin/bash\napt-get install -y postgresql\n") }, open(5432)),
  },
  "an image of one's own that is called Prefect": {
    stack: instance({ tags: { Name: "prefect-server" } }, open(4200)),
    ...cannotTell("its user data is not in this stack or cannot be read"),
  },
  "an image of one's own that is a worker": { stack: instance({ tags: { Name: "prefect-worker" } }, open(22)) },
  "a kernel that forwards a port to Prefect elsewhere": {
    stack: [
      ...instance(
        { userData: "#!/bin/bash\niptables -t nat -A PREROUTING -p tcp --dport 8000 -j DNAT --to 10.0.1.5:4200\n" },
        open(8000),
      ),
      ...elsewhere,
    ],
    ...cannotTell('aws.ec2.Instance "server": has a public address', 'aws.ecs.Service "service"'),
  },
  "a kernel that drops what comes to a port": {
    stack: [
      ...instance({ userData: "#!/bin/bash\niptables -A INPUT -p tcp --dport 4200 -j DROP\n" }, open(80)),
      ...elsewhere,
    ],
  },
  "an ssh that forwards a port to Prefect elsewhere": {
    stack: [
      ...instance({ userData: "#!/bin/bash\nssh -N -L 0.0.0.0:80:prefect.internal:4200 localhost &\n" }, open(80)),
      ...elsewhere,
    ],
    ...cannotTell('aws.ec2.Instance "server": has a public address', 'aws.ecs.Service "service"'),
  },
  "a machine with ssh before a Prefect elsewhere": {
    stack: [
      ...instance({ userData: "#!/bin/bash\nsystemctl restart sshd\nssh-keyscan prefect.internal:4200\n" }, open(22)),
      ...elsewhere,
    ],
  },
  "a kernel that hands port 80 to Prefect's": {
    stack: instance(
      { userData: `${pip}iptables -t nat -A PREROUTING -p tcp --dport 80 -j REDIRECT --to-port 4200\n` },
      open(80),
    ),
    ...reject("admits the internet to port 80", "is a Prefect API server on port 80"),
  },
  "a kernel that hands port 80 to something else": {
    stack: instance(
      { userData: `${pip}iptables -t nat -A PREROUTING -p tcp --dport 80 -j REDIRECT --to-port 3000\n` },
      open(80),
    ),
  },
  "a proxy on a machine that leads to Prefect elsewhere": {
    stack: [
      ...instance(
        {
          userData:
            "#!/bin/bash\ncat > /etc/nginx/conf.d/p.conf <<E\nserver { location / { proxy_pass http://prefect.internal:4200; } }\nE\nnginx\n",
        },
        open(80),
      ),
      ...elsewhere,
    ],
    ...cannotTell(
      'aws.ec2.Instance "server": has a public address',
      'aws.ecs.Service "service": is where it passes them on',
    ),
  },
  "a proxy on a machine that leads to a load balancer inside": {
    stack: [
      ...instance(
        { userData: "#!/bin/bash\ncaddy reverse-proxy --to https://alb.dnsname.amazonaws.com\n" },
        open(80),
        fromVpc(4200),
      ),
      ...behindAlb({
        definitions: containers(prefect()),
        alb: { internal: true },
        albIngress: [{ protocol: "tcp", fromPort: 443, toPort: 443, securityGroups: [ref("taskGroup", "id")] }],
      }).filter(({ name }) => name !== "taskGroup"),
    ],
    ...cannotTell('aws.lb.LoadBalancer "alb"'),
  },
  "another machine of the stack": { stack: instance({ userData: "#!/bin/bash\nnginx\n" }, open(80)) },
};

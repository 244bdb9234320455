import { built, declare, type Declared, ref } from "../support/stack";
import { cannotTell, type Cases, reject } from "./case";

/** Lightsail's container services, firewalls and load balancers, and App Runner, where values are odd or not known. */

const machine = (port: string, userData?: unknown): Declared =>
  declare("aws:lightsail/instance:Instance", "prefect", {
    userData: userData ?? `pip install prefect\nprefect server start --host 0.0.0.0 --port ${port}\n`,
  });

/** An instance with Prefect on 4200, and a firewall of one entry. */
const behind = (info: Record<string, unknown>, port = "4200"): Declared[] => [
  machine(port),
  declare("aws:lightsail/staticIp:StaticIp", "address", {}),
  declare("aws:lightsail/instancePublicPorts:InstancePublicPorts", "firewall", {
    instanceName: ref("prefect", "name"),
    portInfos: [{ protocol: "tcp", fromPort: 4200, toPort: 4200, ...info }],
  }),
];
const admits = reject('aws.lightsail.InstancePublicPorts "firewall" admits the internet to port 4200');

const box = (name: string, isDisabled: boolean): Declared =>
  declare("aws:lightsail/containerService:ContainerService", name, { name, power: "nano", scale: 1, isDisabled });

const deployed = (publicEndpoint: Record<string, unknown>, more: Record<string, unknown> = {}): Declared[] => [
  box("box", false),
  declare("aws:lightsail/containerServiceDeploymentVersion:ContainerServiceDeploymentVersion", "deployment", {
    serviceName: "box",
    containers: [
      {
        containerName: "prefect",
        image: "prefecthq/prefect:3.8.8",
        commands: ["prefect", "server", "start", "--host", "0.0.0.0"],
        ports: { "4200": "HTTP" },
      },
    ],
    publicEndpoint: { containerName: "prefect", containerPort: 4200, healthCheck: {}, ...publicEndpoint },
    ...more,
  }),
];

const onLoopback = {
  containerName: "prefect",
  image: "prefecthq/prefect:3.8.8",
  commands: ["prefect", "server", "start", "--host", "127.0.0.1"],
};

const appRunner = (startCommand: string, more: Record<string, unknown> = {}): Declared[] => [
  declare("aws:apprunner/service:Service", "runner", {
    serviceName: "prefect",
    sourceConfiguration: {
      imageRepository: {
        imageIdentifier: "public.ecr.aws/acme/prefecthq/prefect:3.8.8",
        imageRepositoryType: "ECR_PUBLIC",
        imageConfiguration: { port: "4200", startCommand },
      },
    },
    ...more,
  }),
  declare("aws:ec2/vpc:Vpc", "vpc", { cidrBlock: "10.0.0.0/16" }),
];

export const lightsailCases: Cases = {
  "a Lightsail firewall with a range of ports": { stack: behind({ fromPort: 4000, toPort: 5000 }), ...admits },
  "a Lightsail firewall for lower ports": { stack: behind({ fromPort: 80, toPort: 4199 }) },
  "a Lightsail firewall for higher ports": { stack: behind({ fromPort: 4201, toPort: 5000 }) },
  "a Lightsail firewall for ports of which the first is not known in preview": {
    stack: behind({ fromPort: built(["address"], "8000"), toPort: 9000 }),
    preview: admits,
  },
  "a Lightsail firewall for ports of which the last is not known in preview": {
    stack: behind({ fromPort: 80, toPort: built(["address"], "443") }),
    preview: admits,
  },
  "a Lightsail firewall for UDP": { stack: behind({ protocol: "udp" }) },
  "a Lightsail firewall for a protocol that is not known in preview": {
    stack: behind({ protocol: built(["address"], "udp") }),
    preview: admits,
  },
  "a Lightsail firewall for all protocols, which have no ports": {
    stack: behind({ protocol: "all", fromPort: 0, toPort: 0 }),
    ...admits,
  },
  "a Lightsail firewall for a protocol that is not known in preview, and may have no ports": {
    stack: behind({ protocol: built(["address"], "udp"), fromPort: 0, toPort: 0 }),
    preview: admits,
  },
  "a Lightsail firewall for IPv6": { stack: behind({ ipv6Cidrs: ["::/0"] }), ...admits },
  "a Lightsail firewall for an office, and for IPv6": {
    stack: behind({ cidrs: ["203.0.113.0/24"], ipv6Cidrs: ["::/0"] }),
    ...admits,
  },
  "a Lightsail firewall for Lightsail's own browser client": {
    stack: behind({ cidrListAliases: ["lightsail-connect"] }),
  },
  "a Lightsail firewall for that client and everybody": {
    stack: behind({ cidrs: ["0.0.0.0/0"], cidrListAliases: ["lightsail-connect"] }),
    ...admits,
  },
  "a Lightsail firewall whose list of ranges is empty, as if there was none": {
    stack: behind({ cidrs: [], ipv6Cidrs: [], cidrListAliases: [] }),
    ...admits,
  },
  "a Lightsail firewall whose aliases are not known in preview": {
    stack: behind({ cidrListAliases: built(["address"], "lightsail-connect") }),
    preview: admits,
  },
  "a Lightsail firewall whose range is not known in preview": {
    stack: behind({ cidrs: [built(["address"], "203.0.113.7/32")] }),
    preview: admits,
  },
  "a Lightsail instance whose port is not known, behind a firewall": {
    stack: behind({ fromPort: 8080, toPort: 8080 }, "$PORT"),
    ...cannotTell("admits the internet to port (not known)"),
  },
  "a Lightsail instance whose port is not known, behind the firewall as it is at first": {
    stack: [machine("$PORT")],
    ...cannotTell("its firewall, as it is at first, admits the internet to port (not known)"),
  },
  "a Lightsail balancer whose port is not known in preview": {
    stack: [
      machine("4200"),
      declare("aws:lightsail/staticIp:StaticIp", "address", {}),
      declare("aws:lightsail/lb:Lb", "lb", { instancePort: built(["address"], "4200") }),
      declare("aws:lightsail/lbAttachment:LbAttachment", "attachment", {
        lbName: ref("lb", "name"),
        instanceName: ref("prefect", "name"),
      }),
    ],
    ...reject('aws.lightsail.Instance "prefect": takes its requests on port 4200'),
    preview: cannotTell('aws.lightsail.Instance "prefect": takes its requests on port (not known)'),
  },
  "a Lightsail deployment to one of two container services in preview, of which one is switched off": {
    stack: [...deployed({}, { serviceName: built(["box", "off"], "box") }), box("off", true)],
    ...reject("its public endpoint has a URL that logs nobody in"),
  },
  "a Lightsail deployment to a container service of another stack": {
    stack: deployed({}, { serviceName: "elsewhere" }),
    ...reject("its public endpoint has a URL that logs nobody in"),
  },
  "a Lightsail endpoint that is another container's, which does not say its ports": {
    stack: deployed(
      { containerName: "gate", containerPort: 9000 },
      { containers: [onLoopback, { containerName: "gate", image: "acme/gate:1" }] },
    ),
    ...cannotTell('container "gate" takes the requests'),
  },
  "a Lightsail endpoint of which it is not known in preview whose it is": {
    stack: deployed(
      { containerName: built(["box"], "gate"), containerPort: 9000 },
      { containers: [onLoopback, { containerName: "gate", image: "acme/gate:1" }] },
    ),
    ...cannotTell('container "gate" takes the requests'),
    preview: cannotTell("its public endpoint has a URL that logs nobody in"),
  },
  "a Lightsail endpoint whose port is not known in preview": {
    stack: deployed({ containerPort: built(["box"], "4200") }),
    ...reject("its public endpoint has a URL that logs nobody in"),
    preview: cannotTell("its public endpoint has a URL that logs nobody in"),
  },
  "a Lightsail endpoint whose container is not known in preview": {
    stack: deployed({ containerName: built(["box"], "prefect") }),
    ...reject("its public endpoint has a URL that logs nobody in"),
    preview: cannotTell("its public endpoint has a URL that logs nobody in"),
  },
  "an App Runner service of which it is not known in preview whether it is public": {
    stack: appRunner("prefect server start --host 0.0.0.0", {
      networkConfiguration: { ingressConfiguration: { isPubliclyAccessible: built(["vpc"], "false") } },
    }),
    preview: cannotTell("App Runner may give it a public URL (isPubliclyAccessible is not known)"),
  },
  "an App Runner service that sends requests to what listens on loopback": {
    stack: appRunner("prefect server start"),
    ...reject('aws.apprunner.Service "runner": App Runner gives it a public URL', "on port 4200"),
  },
  "an App Runner service that sends requests to another port": { stack: appRunner("prefect server start --port 9000") },
};

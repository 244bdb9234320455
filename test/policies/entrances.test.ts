import assert from "node:assert/strict";
import { tunnels } from "../../policies/graph/entrances/tunnel";
import { unreadResources } from "../../policies/graph/entrances/unread-resource";
import { judge } from "../../policies/graph/judge";
import { Graph, type Resource } from "../../policies/graph/model";
import { type Container, placedElsewhere } from "../../policies/graph/tasks";
import { worldOf } from "../../policies/graph/world";
import { loadBalancerCases } from "./cases/load-balancers";
import { innerSubnet } from "./support/inside";
import { bare, behindAlb } from "./support/pieces";
import { asResources, type Declared, type Form, ref, register, unknown } from "./support/stack";

const resource = (type: string, inputs: Resource["inputs"], outputs: Resource["outputs"] = {}): Resource => ({
  ...{ urn: `urn:pulumi:dev::project::${type}::it`, type, name: "it", parent: undefined },
  ...{ inputs, outputs, dependencies: new Map() },
});

/** How a task with this container beside Prefect is told of: port, and whether it is certain that nobody is asked. */
function tunnelTo(of: Partial<Container>): string {
  const container: Container = {
    ...{ name: "beside", image: undefined, words: [], environment: new Map(), secrets: new Set() },
    ...{ environmentFiles: false, ports: [], healthCheck: "" },
    ...of,
  };
  const service = resource("aws:ecs/service:Service", {});
  const document = { name: "task definition", property: "none", fix: "" };
  const world = { ...worldOf([service]), workloads: [placedElsewhere({ service, containers: [container], document })] };
  const [arrival] = tunnels(world);
  if (arrival === undefined) return "none";
  const [hop] = arrival.hops;
  const where =
    arrival.port === undefined ? "what its own configuration says" : `port ${arrival.port} of the task's loopback`;
  const unsure = arrival.certain ? "" : ", and whether that host asks for a login cannot be seen";
  assert.equal(hop?.note, `container "beside" is a tunnel from a public host to ${where}${unsure}`);
  return `${arrival.port ?? "any"}${arrival.certain ? "" : "?"}`;
}

describe("a tunnel", () => {
  const images = {
    "cloudflare/cloudflared:2026.1.0": "any?",
    cloudflared: "any?",
    "ghcr.io/acme/frpc@sha256:0": "any?",
    NGROK: "any?",
    "acme/inlets": "any?",
    "acme/cloudflared-exporter:1": "none",
    "acme/not-ngrok:3": "none",
    "acme/boredom:1": "none",
    "acme/salt:3007": "none",
    "tailscale/tailscale:stable": "none",
  };
  for (const [image, expected] of Object.entries(images))
    it(`by the image ${image}: ${expected}`, () => assert.equal(tunnelTo({ image }), expected));

  const commands = {
    "cloudflared tunnel --url http://localhost:4200": "4200",
    "/usr/local/bin/cloudflared tunnel --url http://127.0.0.1:4200": "4200",
    "cloudflared tunnel --url http://[::1]:4200": "4200",
    "ngrok http 4200": "4200",
    "ngrok tcp 4200": "4200",
    "exec ngrok": "any?",
    "bore local 4200 --to bore.pub": "4200",
    "lt --port 4200": "4200",
    "npx localtunnel --port=4200": "4200",
    "zrok share -p 4200": "4200",
    "chisel client acme.example 80": "any?",
    "ngrok http 4200 --basic-auth me:secret": "4200?",
    "ngrok http 4200 -oauth google": "4200?",
    "ngrok http 4200 --oidc https://login.example.com": "4200?",
    "inlets http 4200 --auth me": "4200?",
    "ngrok http 4200 --traffic-policy file": "4200?",
    "devtunnel host --port 4200 --access org": "4200?",
    "ngrok http 4200 --cidr-allow 203.0.113.0/24": "4200?",
    "ngrok http 4200 --mutual-tls cas.pem": "4200?",
    "ngrok http 4200 --authority acme": "4200",
    "tailscale serve 4200": "none",
    "tailscale funnel 4200": "4200",
    "tailscale --socket /run/tailscaled.sock funnel --bg 4200": "any?",
    "ssh -R 80:localhost:4200 serveo.net": "4200",
    "ssh -o StrictHostKeyChecking=no -NR 80:localhost:4200 serveo.net": "4200",
    "ssh -L 4200:localhost:4200 inside.example.com": "none",
    "ssh host-R": "none",
    "ssh -RN host": "none",
    "sleep 4200": "none",
    "python serve.py --bore 4200": "none",
  };
  for (const [command, expected] of Object.entries(commands))
    it(`by the command ${command}: ${expected}`, () => assert.equal(tunnelTo({ words: command.split(" ") }), expected));

  it("by the variable that lets tailscale read a configuration of its own", () => {
    assert.equal(tunnelTo({ environment: new Map([["TS_SERVE_CONFIG", "/config/funnel.json"]]) }), "any?");
    assert.equal(tunnelTo({ environment: new Map([["TS_AUTHKEY", "key"]]) }), "none");
  });

  it("whose command is not known, by its image alone", () => {
    assert.equal(tunnelTo({ image: "ngrok/ngrok:3", words: undefined }), "any?");
    assert.equal(tunnelTo({ image: "acme/web:1", words: undefined }), "none");
  });

  it("of containers that are not known, none", () => {
    const service = resource("aws:ecs/service:Service", {});
    const document = { name: "task definition", property: "none", fix: "" };
    const workload = placedElsewhere({ service, containers: undefined, document });
    assert.deepEqual(tunnels({ ...worldOf([service]), workloads: [workload] }), []);
  });
});

const isFound = (of: Resource): boolean => unreadResources({ ...worldOf([of]), graph: new Graph([of]) }).length > 0;

describe("a Prefect server in what is not read", () => {
  const starts = {
    "prefect server start": true,
    "prefect orion start": true,
    "prefect  server\nstart --host 0.0.0.0": true,
    '["prefect","server","start"]': true,
    "prefect --no-prompt server start": true,
    "prefect -p local server start": true,
    "prefect --no-prompt  server start": true,
    "prefect -p local  server start": true,
    "prefect --profile local --no-prompt server start": true,
    "/opt/venv/bin/prefect --profile=local server start": true,
    "prefect server database reset": false,
    "prefect worker start": false,
    "prefect deploy; minecraft server start": false,
    "imprefect server start": false,
    "prefect server starting": false,
    "prefect servers start": false,
    "sftp server start": false,
  };
  for (const [text, expected] of Object.entries(starts))
    it(`is ${expected ? "" : "not "}started by ${JSON.stringify(text)}`, () => {
      assert.equal(isFound(resource("command:local:Command", { create: text })), expected);
      assert.equal(isFound(resource("command:local:Command", undefined, { create: text })), expected);
    });

  it("may be started by a list of words, in whatever place", () => {
    assert.ok(isFound(resource("acme:index:Run", { job: { args: ["prefect", "--no-prompt", "server", "start"] } })));
    assert.ok(!isFound(resource("acme:index:Run", { job: { args: ["prefect", "deploy"] }, also: "server start" })));
  });

  const harmless = [
    ...["pulumi:providers:aws", "random:index/randomId:RandomId", "tls:index/privateKey:PrivateKey"],
    ...["local:index/file:File", "archive:index/file:File", "github:index/repositoryFile:RepositoryFile"],
    ...["gitlab:index/repositoryFile:RepositoryFile", "docker:index/image:Image", "docker:image:Image"],
    ...["docker:index/registryImage:RegistryImage", "docker:index/tag:Tag", "docker-build:index:Image"],
    ...["docker:index:Image", "aws:ssm/parameter:Parameter", "aws:secretsmanager/secretVersion:SecretVersion"],
    ...["aws:s3/bucketObject:BucketObject", "aws:ecr/repository:Repository", "aws:codebuild/project:Project"],
    ...["aws:codecommit/repository:Repository", "aws:imagebuilder/component:Component", "aws:iam/policy:Policy"],
    ...["aws:cloudwatch/dashboard:Dashboard", "aws:cloudwatch/metricAlarm:MetricAlarm", "aws:sns/topic:Topic"],
    ...[
      "aws:cloudwatch/logGroup:LogGroup",
      "aws:route53/zone:Zone",
      "aws:sqs/queue:Queue",
      "aws:budgets/budget:Budget",
    ],
    ...["kubernetes:core/v1:ConfigMap", "kubernetes:core/v1:Secret", "kubernetes:core/v1:Service"],
    ...["kubernetes:core/v1:Namespace", "kubernetes:core/v1:ServiceAccount", "kubernetes:batch/v1:Job"],
    ...["kubernetes:helm.sh/v3:Release", "kubernetes:apps/v1:Deployment", "kubernetes:core/v1:Pod"],
    ...["aws:ec2/launchTemplate:LaunchTemplate", "aws:ecs/taskDefinition:TaskDefinition", "aws:ec2/instance:Instance"],
  ];
  for (const type of harmless)
    it(`is not looked for in ${type}`, () => assert.ok(!isFound(resource(type, { text: "prefect server start" }))));

  const others = [
    ...["gcp:cloudrunv2/service:Service", "aws:cloudformation/stack:Stack", "aws:ssm/association:Association"],
    ...["aws:ssm/document:Document", "aws:cloudwatch/eventRule:EventRule", "docker:index/container:Container"],
    ...[
      "kubernetes:core/v1:PodTemplate",
      "kubernetes:serving.knative.dev/v1:Service",
      "aws:batch/jobDefinition:JobDefinition",
    ],
    ...["acme:kubernetes:apps/Server", "kubernetes:argoproj.io/v1alpha1:RolloutManager"],
    ...["acme:pulumi:Server", "acme:aws:s3", "command:remote:Command", "aws-native:ecs:TaskDefinition"],
  ];
  for (const type of others)
    it(`is looked for in ${type}`, () => assert.ok(isFound(resource(type, { text: "prefect server start" }))));
});

/** A finished stack in which these properties of one resource are not known, and are of nothing in the stack. */
function finished(stack: readonly Declared[], name: string, hidden: Record<string, unknown>): Resource[] {
  return asResources(register(stack, "finished")).map((each) => {
    if (each.name !== name) return each;
    const dependencies = new Map([...each.dependencies].filter(([property]) => !(property in hidden)));
    return { ...each, inputs: { ...each.inputs, ...hidden }, outputs: { ...each.outputs, ...hidden }, dependencies };
  });
}

describe("a target group that is not known in a stack that stands already", () => {
  const stack = behindAlb({ definitions: bare });
  const elsewhere = { defaultActions: [{ type: "forward", targetGroupArn: unknown }] };

  it("is none of the stack's, whose ARNs are known, where a listener forwards to it", () => {
    assert.equal(judge(finished(stack, "https", {})).verdict, "reject");
    assert.equal(judge(finished(stack, "https", elsewhere)).verdict, "accept");
  });

  it("tells nothing of the one that a service names beside it", () => {
    const swapped = loadBalancerCases["two target groups of one service that its entries swap"];
    const resources = asResources(register(swapped?.stack ?? [], "finished"));
    const hidden = resources.map((each) => {
      if (each.name !== "service") return each;
      const [first, second] = each.inputs?.["loadBalancers"] as Record<string, unknown>[];
      const loadBalancers = [first, { ...second, targetGroupArn: unknown }];
      return { ...each, inputs: { ...each.inputs, loadBalancers }, outputs: { ...each.outputs, loadBalancers } };
    });
    assert.equal(judge(resources).verdict, "reject");
    assert.equal(judge(hidden).verdict, "reject");
  });
});

describe("a subnet that is written down beside a private one of the stack", () => {
  const stack = [
    ...behindAlb({ definitions: bare, alb: { subnets: [ref("inner", "id"), "subnet-2"] } }),
    ...innerSubnet(),
  ];
  for (const form of ["preview", "finished"] satisfies Form[])
    it(`is none of the stack's, ${form}`, () =>
      assert.equal(judge(asResources(register(stack, form))).verdict, "reject"));
});

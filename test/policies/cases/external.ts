import { behindAlb, forward, group, login, open, service, targetGroup, task, bare } from "../support/pieces";
import { built, type Declared, declare, ref } from "../support/stack";
import { type Cases, cannotTell, reject } from "./case";

/** Things of other stacks, named by `.get()`, a stack reference or as text, and what the pack's configuration says of them. */

const shared = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/shared/1/2";

/** A rule on a listener of another stack. */
const onSharedListener: Declared[] = [
  group("taskGroup", open(4200)),
  targetGroup(4200),
  declare("aws:lb/listenerRule:ListenerRule", "rule", {
    listenerArn: shared,
    priority: 5,
    conditions: [{ pathPattern: { values: ["/*"] } }],
    actions: [forward],
  }),
  task(bare),
  service({ container: "prefect", port: 4200 }),
];
const publicTask = (network: Record<string, unknown>, ...ingress: Record<string, unknown>[]): Declared[] => [
  group("taskGroup", ...ingress),
  task(bare),
  service(undefined, {
    networkConfiguration: {
      assignPublicIp: true,
      subnets: ["subnet-1"],
      securityGroups: [ref("taskGroup", "id")],
      ...network,
    },
  }),
];
const elsewhere = (targetGroupArn: string): Declared[] => [
  group("taskGroup", open(4200)),
  task(bare),
  service(undefined, { loadBalancers: [{ targetGroupArn, containerName: "prefect", containerPort: 4200 }] }),
];
const onSharedApi = (route: Record<string, unknown>): Declared[] => [
  declare("aws:apigatewayv2/integration:Integration", "integration", {
    apiId: "api-1",
    integrationType: "HTTP_PROXY",
    connectionType: "VPC_LINK",
    connectionId: "link-1",
    integrationUri: ref("https"),
  }),
  declare("aws:apigatewayv2/route:Route", "route", {
    apiId: "api-1",
    routeKey: "$default",
    target: built(["integration"], "integrations/id:integration"),
    ...route,
  }),
];
const vpcOrigin = declare("aws:cloudfront/vpcOrigin:VpcOrigin", "origin", {
  vpcOriginEndpointConfig: { arn: ref("alb"), httpPort: 80, httpsPort: 443, originProtocolPolicy: "https-only" },
});
const run = declare("gcp:cloudrunv2/service:Service", "run", {
  template: { containers: [{ args: ["prefect", "server", "start"] }] },
});

export const externalCases: Cases = {
  "a rule on a listener of another stack": {
    stack: onSharedListener,
    ...cannotTell("a load balancer that is not in this stack"),
  },
  "a rule on a listener that is trusted": { stack: onSharedListener, trusted: [shared] },
  "a rule on a listener that is trusted by a pattern": {
    stack: onSharedListener,
    trusted: ["arn:aws:elasticloadbalancing:*:123456789012:listener/app/shared/*"],
  },
  "a rule on a listener beside the one that is trusted": {
    stack: onSharedListener,
    trusted: ["arn:aws:elasticloadbalancing:*:123456789012:listener/app/other/*", `${shared}/`, shared.slice(1)],
    ...cannotTell("a load balancer that is not in this stack"),
  },
  "a pattern whose dots and brackets are themselves": {
    stack: onSharedListener,
    trusted: ["arn.aws.elasticloadbalancing.*", "arn:aws:[a-z]*", "arn:(.+)"],
    ...cannotTell("a load balancer that is not in this stack"),
  },
  "a load balancer of the stack that is trusted by name": {
    stack: behindAlb({ definitions: bare }),
    trusted: ["arn:*", "id:*", "alb", "https"],
    ...reject('aws.lb.Listener "https"'),
  },
  "a listener on a load balancer that is trusted": {
    stack: behindAlb({ definitions: bare, listener: { loadBalancerArn: "arn:balancer" } }),
    trusted: ["arn:balancer"],
  },
  "a listener on a load balancer of another stack": {
    stack: behindAlb({ definitions: bare, listener: { loadBalancerArn: "arn:balancer" } }),
    ...cannotTell("a load balancer that is not in this stack"),
  },
  "a target group that is trusted": { stack: elsewhere("arn:group"), trusted: ["arn:group"] },
  "a target group that is trusted, behind an open listener of the stack": {
    stack: behindAlb({
      definitions: bare,
      actions: [{ type: "forward", targetGroupArn: "arn:group" }],
      service: { loadBalancers: [{ targetGroupArn: "arn:group", containerName: "prefect", containerPort: 4200 }] },
    }),
    trusted: ["arn:group"],
    ...reject('aws.lb.Listener "https": on HTTPS port 443, its default action forwards', 'aws.ecs.Service "service"'),
  },
  "a target group that is trusted, behind an open listener whose target group is not known in preview": {
    stack: behindAlb({
      definitions: bare,
      actions: [{ type: "forward", targetGroupArn: built(["elsewhere"], "arn:group") }],
      service: { loadBalancers: [{ targetGroupArn: "arn:group", containerName: "prefect", containerPort: 4200 }] },
    }),
    trusted: ["arn:group"],
    ...reject('aws.lb.Listener "https"'),
    preview: { cannotTell: ['aws.lb.Listener "https"'] },
  },
  "a target group that is trusted, behind a listener of the stack that logs people in": {
    stack: behindAlb({
      definitions: bare,
      actions: [login(), { type: "forward", targetGroupArn: "arn:group" }],
      service: { loadBalancers: [{ targetGroupArn: "arn:group", containerName: "prefect", containerPort: 4200 }] },
    }),
    trusted: ["arn:group"],
  },
  "a target group of another stack beside it": {
    stack: elsewhere("arn:group"),
    trusted: ["arn:groups"],
    ...cannotTell("a target group that is not in this stack"),
  },
  "a security group that is trusted": {
    stack: publicTask({ securityGroups: ["sg-0123"] }),
    trusted: ["sg-0123"],
  },
  "a security group that is trusted beside an open one": {
    stack: publicTask({ securityGroups: ["sg-0123", ref("taskGroup", "id")] }, open(4200)),
    trusted: ["sg-0123"],
    ...reject('aws.ec2.SecurityGroup "taskGroup" admits'),
  },
  "a security group that is trusted beside one that is not": {
    stack: publicTask({ securityGroups: ["sg-0123", "sg-4567"] }),
    trusted: ["sg-0123"],
    ...cannotTell("is not known"),
  },
  "a prefix list that is trusted": {
    stack: publicTask({}, { protocol: "tcp", fromPort: 4200, toPort: 4200, prefixListIds: ["pl-office"] }),
    trusted: ["pl-office"],
  },
  "subnets that are trusted to be private": { stack: publicTask({}, open(4200)), trusted: ["subnet-1"] },
  "a task definition that is trusted": {
    stack: behindAlb({ definitions: bare, service: { taskDefinition: "prefect-server:12" } }).filter(
      ({ name }) => name !== "task",
    ),
    trusted: ["prefect-server:*"],
  },
  "a cluster that is trusted to be private": {
    stack: [
      task(bare, { networkMode: "host" }),
      service(undefined, { cluster: "arn:cluster", networkConfiguration: undefined }),
    ],
    trusted: ["arn:cluster"],
  },
  "a public issuer that is trusted": {
    stack: behindAlb({
      definitions: bare,
      actions: [
        {
          type: "jwt-validation",
          jwtValidation: { issuer: "https://token.actions.githubusercontent.com/acme", jwksEndpoint: "https://x" },
        },
        forward,
      ],
    }),
    trusted: ["https://token.actions.githubusercontent.com/acme"],
  },
  "a resource that is not read and trusted": {
    stack: [run],
    trusted: ["urn:pulumi:*::gcp:cloudrunv2/service:Service::run"],
  },
  "a VPC origin for a distribution of another stack": {
    stack: behindAlb({ definitions: bare, alb: { internal: true }, more: [vpcOrigin] }),
    ...cannotTell('aws.cloudfront.VpcOrigin "origin": lets distributions of other stacks into the VPC'),
  },
  "a VPC origin for a distribution that is trusted": {
    stack: behindAlb({ definitions: bare, alb: { internal: true }, more: [vpcOrigin] }),
    trusted: ["urn:pulumi:*::aws:cloudfront/vpcOrigin:VpcOrigin::origin"],
  },
  "a route without a login on an API of another stack": {
    stack: behindAlb({ definitions: bare, alb: { internal: true }, more: onSharedApi({}) }),
    ...cannotTell("an API that is not in this stack", 'aws.apigatewayv2.Route "route"'),
  },
  "a route with a login on an API of another stack": {
    stack: behindAlb({
      definitions: bare,
      alb: { internal: true },
      more: onSharedApi({ authorizationType: "AWS_IAM" }),
    }),
  },
  "a route without a login on an API that is trusted": {
    stack: behindAlb({ definitions: bare, alb: { internal: true }, more: onSharedApi({}) }),
    trusted: ["api-1"],
  },
};

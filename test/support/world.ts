import * as pulumi from "@pulumi/pulumi";

/** A resource as the program registered it. */
export interface Registered {
  type: string;
  name: string;
  /** Name of the resource it is a child of; the stack's children have none. */
  parent?: string;
  custom: boolean;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- what tests look into is theirs to know
  inputs: any;
  /** Names of the inputs that are secrets as a whole or in a part: mocks do not say in which. */
  secrets: string[];
  /** With a provider: what came of the resource, its id among it. */
  outputs?: Record<string, unknown>;
}

/** What a provider makes of the inputs that a program gives: names and defaults are added, AWS's own values answered. */
export type Provide = (resource: Pick<Registered, "type" | "name" | "inputs">) => Promise<{
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown> & { id: string };
}>;

/** What was registered while a program ran. */
export class World {
  readonly resources: Registered[];
  constructor(resources: Registered[]) {
    this.resources = resources;
  }

  all(type: string): Registered[] {
    return this.resources.filter((resource) => resource.type === type);
  }

  /** The one resource of a type and, where there are several, of a name. @throws Error if there is none or another */
  only(type: string, name?: string): Registered {
    const found = this.all(type).filter((resource) => name === undefined || resource.name === name);
    if (found.length !== 1 || !found[0]) {
      throw new Error(
        `${found.length} of ${type} ${name ?? ""}: ${this.all(type)
          .map((one) => one.name)
          .join(", ")}`,
      );
    }
    return found[0];
  }

  /** The containers of a task definition, which must be wholly known. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- as above
  containers(taskDefinition: string): Record<string, any> {
    const { inputs } = this.only("aws:ecs/taskDefinition:TaskDefinition", taskDefinition);
    if (typeof inputs.containerDefinitions !== "string") throw new Error(`${taskDefinition}'s containers are unknown`);
    const containers = JSON.parse(inputs.containerDefinitions) as { name: string }[];
    return Object.fromEntries(containers.map((container) => [container.name, container]));
  }
}

/** What AWS computes once a resource exists; unknown in a preview. */
const computed: Record<string, (name: string, inputs: Record<string, unknown>) => Record<string, unknown>> = {
  "aws:acm/certificate:Certificate": (_, { domainName }) => ({
    domainValidationOptions: [
      {
        resourceRecordName: `_x.${String(domainName)}`,
        resourceRecordType: "CNAME",
        resourceRecordValue: "_y.acm-validations.aws",
      },
    ],
  }),
  "aws:acm/certificateValidation:CertificateValidation": (_, { certificateArn }) => ({ certificateArn }),
  "aws:cognito/userPoolClient:UserPoolClient": () => ({ clientSecret: "made-by-cognito" }),
  "aws:lb/loadBalancer:LoadBalancer": (name) => ({ dnsName: `${name}.elb.amazonaws.com`, zoneId: "Z0ELB" }),
  "aws:rds/instance:Instance": (name) => ({ address: `${name}.rds.amazonaws.com` }),
  "aws:route53/zone:Zone": (name) => ({ zoneId: `${name}-zone` }),
  "aws:secretsmanager/secretVersion:SecretVersion": (name) => ({ versionId: `${name}-1` }),
  "awsx:ec2:Vpc": () => ({
    vpcId: "vpc-1",
    publicSubnetIds: ["subnet-a1", "subnet-a2"],
    privateSubnetIds: ["subnet-b1", "subnet-b2"],
    isolatedSubnetIds: ["subnet-c1", "subnet-c2"],
  }),
  "random:index/randomId:RandomId": () => ({ hex: "0a1b2c3d" }),
  "random:index/randomPassword:RandomPassword": (_, { length }) => ({ result: "p".repeat(Number(length)) }),
};

/** Resources whose name the provider makes before it calls AWS: known in a preview too. */
const autonamed = new Set([
  "aws:cloudwatch/logGroup:LogGroup",
  "aws:iam/role:Role",
  "aws:rds/parameterGroup:ParameterGroup",
  "aws:rds/subnetGroup:SubnetGroup",
  "aws:secretsmanager/secret:Secret",
]);

/** Functions that only read; any other call is a mistake of the program or a gap here. */
const calls: Record<string, (inputs: Record<string, unknown>) => Record<string, unknown>> = {
  "aws:index/getPartition:getPartition": () => ({ partition: "aws" }),
  "aws:index/getRegion:getRegion": () => ({ region: "eu-west-1" }),
  "aws:index/getCallerIdentity:getCallerIdentity": () => ({ accountId: "123456789012" }),
  "aws:route53/getZone:getZone": ({ name }) => ({ name, zoneId: "Z0ZONE" }),
  "aws:ec2/getVpc:getVpc": () => ({
    cidrBlockAssociations: [{ cidrBlock: "172.16.0.0/16" }, { cidrBlock: "172.17.0.0/16" }],
  }),
};

interface RegisterRequest {
  getParent(): string;
  getName(): string;
  getType(): string;
}
interface Monitor {
  registerResource(request: RegisterRequest, callback: (...args: unknown[]) => void): Promise<void>;
}

/**
 * Runs a program against recorded mocks. What it proves is what the program asks for, never what AWS says to it.
 *
 * @param options.preview leave what AWS computes unknown, as `pulumi preview` does
 * @param options.provide makes the resources of @pulumi/aws, instead of the few values that the mocks make up
 */
export async function build(
  program: () => unknown,
  options: { preview?: boolean; provide?: Provide } = {},
): Promise<World> {
  const { preview = false, provide } = options;
  const resources: Registered[] = [];
  const parents = new Map<string, string>();
  await pulumi.runtime.setMocks(
    {
      call({ token, inputs }) {
        const answer = calls[token];
        if (!answer) throw new Error(`no mock for ${token}`);
        return answer(inputs);
      },
      async newResource({ type, name, inputs, custom = false }) {
        const registered: Registered = {
          type,
          name,
          parent: parents.get(`${type} ${name}`),
          custom,
          inputs: plain(inputs),
          secrets: Object.keys(inputs as object).filter((key) => isSecret((inputs as Values)[key])),
        };
        resources.push(registered);
        if (provide && type.startsWith("aws:")) {
          const provided = await provide(registered);
          Object.assign(registered, provided);
          return { id: provided.outputs.id, state: provided.outputs };
        }
        const named = autonamed.has(type) && !inputs.name ? { name: `${name}-0a1b2c3` } : {};
        if (preview) return { id: undefined, state: { ...inputs, ...named } };
        const arn = `arn:aws:${type.split(/[:/]/)[1]}:eu-west-1:123456789012:${name}`;
        return { id: `${name}-id`, state: { ...inputs, ...named, arn, ...computed[type]?.(name, inputs) } };
      },
    },
    "prefect-on-fargate",
    "test",
    preview,
  );
  const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    const parent = request.getParent().split("::").at(-1);
    if (parent && !request.getParent().includes("pulumi:pulumi:Stack")) {
      parents.set(`${request.getType()} ${request.getName()}`, parent);
    }
    return register(request, callback);
  };
  // Pulumi notes where each of its promises began; with the source maps of TypeScript that is most of the time.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 1;
  try {
    program();
    await (pulumi.runtime as unknown as { waitForRPCs(): Promise<void> }).waitForRPCs();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
  return new World(resources);
}

/** An output's value, once what it depends on is there. */
export function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}

const secretMark = "4dabf18193072939515e22adb298388d";

/** Inputs without the envelope round secrets. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  if (isSecret(value)) return plain((value as { value?: unknown }).value);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part)]));
}

type Values = Record<string, unknown>;

function isSecret(value: unknown): boolean {
  return typeof value === "object" && value !== null && secretMark in value;
}

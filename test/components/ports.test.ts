import assert from "node:assert/strict";
import { build, type Registered, type World } from "../support/world";
import { albSystem, worldOf } from "./support/systems";

/** What the security groups admit: `to prefect-db-access tcp 5432-5432 prefect-server-access`. */
function opened(world: World): string[] {
  const rule = ({ type, inputs }: Registered) =>
    [
      type.includes("Ingress") ? "to" : "from",
      inputs.securityGroupId.replace(/^prefect-|-access-id$/g, ""),
      inputs.ipProtocol,
      inputs.fromPort === inputs.toPort ? inputs.fromPort : `${inputs.fromPort}-${inputs.toPort}`,
      inputs.cidrIpv4 ?? inputs.referencedSecurityGroupId.replace(/^prefect-|-access-id$/g, ""),
    ].join(" ");
  return [
    ...world.all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"),
    ...world.all("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"),
  ]
    .map(rule)
    .sort();
}

/** Out of tasks to AWS and to the internet, to the database, and people in: the same in every system. */
const always = [
  "from server tcp 443 0.0.0.0/0",
  "from server tcp 5432 db",
  "from worker tcp 443 0.0.0.0/0",
  "to db tcp 5432 server",
  "to lb tcp 443 0.0.0.0/0",
  "to lb tcp 80 0.0.0.0/0",
];
/** The load balancer asks the identity provider. */
const login = [
  "from lb tcp 443 0.0.0.0/0",
  "from lb tcp 4200 server",
  "from lb tcp 8080 server",
  "to server tcp 4200 lb",
  "to server tcp 8080 lb",
];
const gateway = ["from lb tcp 8080 server", "to server tcp 8080 lb"];
/** Workers to the internal load balancer, and that to the task. */
const internal = (port: number) => [
  `from internal tcp ${port} server`,
  "from worker tcp 80 internal",
  "to internal tcp 80 worker",
  `to server tcp ${port} internal`,
];

describe("The security groups", function () {
  // The AWS SDK is loaded on first use.
  this.timeout(20_000);

  for (const [name, rules] of [
    ["gateway", [...always, ...gateway]],
    ["gateway private", [...always, ...gateway, ...internal(8080)]],
    ["gateway private by network", [...always, ...gateway, ...internal(8080)]],
    ["alb", [...always, ...login, ...internal(4200)]],
    ["alb private by network", [...always, ...login, ...internal(4200)]],
    ["alb public", [...always, ...login]],
    ["alb issuer", [...always, ...login, ...internal(4200)]],
  ] as const) {
    it(`open these ports and no others: ${name}`, async () => {
      const world = await worldOf(name);
      assert.deepEqual(opened(world), [...rules].sort());
      for (const { inputs } of world.all("aws:ec2/securityGroup:SecurityGroup")) {
        assert.deepEqual([inputs.ingress, inputs.egress], [undefined, undefined]);
      }
    });
  }

  it("admit the ranges of the settings to the internal load balancer, and to nothing else", async () => {
    const allowedCidrs = ["10.20.0.0/16", "192.0.2.7/32"];
    for (const loadBalancer of ["application", "network"] as const) {
      const world = await build(() =>
        albSystem({ internal: { domain: "prefect.internal", loadBalancer, allowedCidrs } }),
      );
      assert.deepEqual(
        opened(world).filter((rule) => rule.includes("/")),
        [
          "from lb tcp 443 0.0.0.0/0",
          "from server tcp 443 0.0.0.0/0",
          "from worker tcp 443 0.0.0.0/0",
          "to internal tcp 80 10.20.0.0/16",
          "to internal tcp 80 192.0.2.7/32",
          "to lb tcp 443 0.0.0.0/0",
          "to lb tcp 80 0.0.0.0/0",
        ],
      );
    }
  });

  it("are each of the one that they are for", async () => {
    for (const name of ["gateway private", "alb"] as const) {
      const world = await worldOf(name);
      const network = (service: string) =>
        world.only("aws:ecs/service:Service", service).inputs.networkConfiguration.securityGroups;
      const balancer = (lb: string) => world.only("aws:lb/loadBalancer:LoadBalancer", lb).inputs.securityGroups;
      assert.deepEqual(network("prefect-server-service"), ["prefect-server-access-id"]);
      assert.deepEqual(network("prefect-worker-service"), ["prefect-worker-access-id"]);
      assert.deepEqual(balancer("prefect-lb-alb"), ["prefect-lb-access-id"]);
      assert.deepEqual(balancer("prefect-internal-lb"), ["prefect-internal-access-id"]);
      const database = world.only("aws:rds/instance:Instance").inputs.vpcSecurityGroupIds;
      assert.deepEqual(database, ["prefect-db-access-id"]);
    }
  });
});

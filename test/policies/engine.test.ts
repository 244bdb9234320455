import assert from "node:assert/strict";
import { Engine } from "./support/engine";

describe("the policy pack on the real engine", function () {
  this.timeout(180_000);
  const engine = new Engine();
  after(() => engine.remove());

  const refused: [command: "preview" | "up", project: string, settings: string[], fragments: string[]][] = [
    [
      "preview",
      "alb-open",
      [],
      [
        'aws.lb.LoadBalancer "web": faces the internet; aws.ec2.SecurityGroup "alb" admits the internet to port 443',
        'aws.lb.Listener "https": on HTTPS port 443, its default action forwards without an authenticate action',
        'aws.ecs.Service "server": its tasks take them on port 4200',
      ],
    ],
    [
      "preview",
      "alb-open",
      ["hidden=true"],
      ['built from outputs of aws.rds.Instance "database"', "secrets[].valueFrom"],
    ],
    ["up", "alb-open", ["hidden=true"], ['container "prefect" is a Prefect API server on port 4200']],
    ["preview", "gateway", ["open=true"], ['location "/api/admin": the login is switched off here']],
  ];
  for (const [command, project, settings, fragments] of refused) {
    it(`refuses ${[project, ...settings].join(" ")} in ${command}`, () => {
      const { exit, output } = engine.runOnly("prefect-api-requires-auth", command, project, settings);
      assert.notEqual(exit, 0, output);
      assert.equal(output.split("[mandatory]").length - 1, 1, output);
      for (const fragment of fragments) assert.ok(output.includes(fragment), `${fragment}\nis not in\n${output}`);
      assert.doesNotMatch(output, /can't run policy|could not judge|never-print-this/);
    });
  }

  for (const [command, project] of [
    ["preview", "alb-login"],
    ["preview", "gateway"],
    ["up", "gateway"],
  ] as const) {
    it(`accepts ${project} in ${command} without a word`, () => {
      const { exit, output } = engine.runOnly("prefect-api-requires-auth", command, project, []);
      assert.equal(exit, 0, output);
      assert.match(output, /✅ prefect-access@/);
      assert.doesNotMatch(output, /can't run policy|could not judge|\[mandatory\]|\[advisory\]/);
    });
  }
});

// A second pack beside the one under test: what it writes is what that one saw, unknowns as they were.
const { writeFileSync } = require("node:fs");
const { PolicyPack } = require("@pulumi/policy");

const inputs = {};
new PolicyPack("recorder", {
  policies: [
    {
      name: "inputs",
      description: "Remembers inputs.",
      enforcementLevel: "advisory",
      validateResource: ({ urn, props }) => {
        inputs[urn] = props.__getSpecialProxyTarget;
      },
    },
    {
      name: "stack",
      description: "Writes all of it.",
      enforcementLevel: "advisory",
      validateStack: ({ resources }) => {
        const registered = resources.map(({ type, name, urn, parent, props, propertyDependencies }) => ({
          type,
          name,
          urn,
          parent: parent?.urn,
          inputs: inputs[urn] ?? {},
          outputs: props.__getSpecialProxyTarget,
          propertyDependencies: Object.fromEntries(
            Object.entries(propertyDependencies).map(([property, on]) => [property, on.map((each) => each.urn)]),
          ),
        }));
        writeFileSync(process.env.POLICY_RECORDING, JSON.stringify(registered));
      },
    },
  ],
});

import { PolicyPack } from "@pulumi/policy";

void new PolicyPack("engine-test-pack", {
  policies: [
    {
      name: "long-labels",
      description: "Labels are long",
      enforcementLevel: "mandatory",
      validateStack: ({ resources }, report) => {
        for (const { type, props, urn } of resources) {
          if (type === "random:index/randomString:RandomString" && props.length < 20)
            report(`got ${props.length} characters, allowed are 20 and more`, urn);
        }
      },
    },
  ],
});

import type { World } from "../entrances/entrance";
import { label, property } from "../model";
import { placesAt, portOf } from "./destinations";
import { onlyPorts, type Relay } from "./relay";

const apps = ["aws:amplify/app:App"];

/** Amplify's rewrites: a rule with status 200 to another host is "a reverse proxy" (AWS Amplify Hosting, "Redirects and rewrites"). */
export function amplifyRewrites({ graph }: World): Relay[] {
  return graph.ofType(apps).flatMap((app) =>
    property(app, "customRules")
      .list()
      .filter((rule) => [undefined, "200"].includes(rule.get("status").text()))
      .flatMap((rule) =>
        placesAt(graph, rule.get("target")).map(
          (to): Relay => ({
            to,
            takesPort: onlyPorts([portOf(rule.get("target"))]),
            sender: { kind: "service", groups: undefined },
            hops: [{ resource: app, note: "a rewrite of it passes requests on and asks for no login" }],
            note: "is where it passes them on",
            certain: rule.get("status").isKnown && property(app, "enableBasicAuth").flag() !== true,
            fix: `take that rewrite out of customRules of ${label(app)}`,
            addsCredential: false,
          }),
        ),
      ),
  );
}

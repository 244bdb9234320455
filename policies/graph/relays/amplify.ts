import type { World } from "../entrances/entrance";
import { label, property } from "../model";
import { placesAt, portOf } from "./destinations";
import { onlyPorts, type Relay } from "./relay";

const apps = ["aws:amplify/app:App"];

/** Statuses by which clients are sent elsewhere; whether "404-200", the rewrite of what is not there, goes to other hosts is not said. */
const redirects: readonly string[] = ["301", "302", "404"];

/** Amplify's rewrites: a rule with status 200 to another host is "a reverse proxy" (AWS Amplify Hosting, "Redirects and rewrites"). */
export function amplifyRewrites({ graph }: World): Relay[] {
  return graph.ofType(apps).flatMap((app) =>
    property(app, "customRules")
      .list()
      .filter((rule) => !redirects.includes(rule.get("status").text() ?? ""))
      .flatMap((rule) =>
        placesAt(graph, rule.get("target")).map(
          (to): Relay => ({
            to,
            takesPort: onlyPorts([portOf(rule.get("target"))]),
            sender: { kind: "service", groups: undefined },
            hops: [{ resource: app, note: "a rewrite of it passes requests on and asks for no login" }],
            note: "is where it passes them on",
            certain: rule.get("status").text() === "200" && property(app, "enableBasicAuth").flag() !== true,
            fix: `take that rewrite out of customRules of ${label(app)}`,
            addsCredential: false,
          }),
        ),
      ),
  );
}

import { type Addresses, difference, everywhere, intersection, isInternet, nowhere, parseCidr, union } from "../cidr";
import type { ResourceValue } from "../model";

/** Whether a REST API's resource policy lets strangers in. */
export interface Admitted {
  readonly strangers: boolean;
  /** The policy could not be read in full. */
  readonly certain: boolean;
}

/**
 * What a resource policy leaves of the internet: what some statement allows and none denies (Amazon API Gateway, "How API
 * Gateway resource policies affect authorization workflow"). What is not understood allows, and denies nothing.
 */
export function admittedBy(policy: ResourceValue): Admitted {
  const document = policy.json();
  if (document === undefined) return { strangers: true, certain: false };
  const statements = document.get("Statement").list();
  const allowed = statements.filter((each) => each.get("Effect").word() !== "deny").map((each) => reach(each, "allow"));
  const denied = statements.filter((each) => each.get("Effect").word() === "deny").map((each) => reach(each, "deny"));
  const left = difference(
    union(nowhere, ...allowed.map(({ addresses }) => addresses)),
    union(nowhere, ...denied.map(({ addresses }) => addresses)),
  );
  return { strangers: isInternet(left), certain: [...allowed, ...denied].every(({ certain }) => certain) };
}

interface Reach {
  readonly addresses: Addresses;
  readonly certain: boolean;
}

/** The addresses of internet callers to whom a statement applies. */
function reach(statement: ResourceValue, effect: "allow" | "deny"): Reach {
  const none: Reach = { addresses: nowhere, certain: true };
  if (!isEverybody(statement.get("Principal"), effect) || !statement.get("NotPrincipal").isOmitted) {
    // Named principals are not strangers; a NotPrincipal is not followed.
    return statement.get("NotPrincipal").isOmitted || effect === "deny"
      ? none
      : { addresses: everywhere, certain: false };
  }
  if (effect === "deny" && !isWhole(statement)) return none;
  return statement
    .get("Condition")
    .keys()
    .flatMap((operator) =>
      statement
        .get("Condition")
        .get(operator)
        .keys()
        .map((key) => condition(operator, key, statement.get("Condition").get(operator).get(key), effect)),
    )
    .reduce<Reach>(
      (all, each) => ({ addresses: intersection(all.addresses, each.addresses), certain: all.certain && each.certain }),
      { addresses: everywhere, certain: true },
    );
}

function isEverybody(principal: ResourceValue, effect: "allow" | "deny"): boolean {
  if (principal.isOmitted) return true;
  const names = [principal, principal.get("AWS")].flatMap((each) => each.list()).map((name) => name.text());
  if (names.includes("*")) return true;
  return (
    effect === "allow" && (principal.isUnknown || names.some((name) => name === undefined && !principal.keys().length))
  );
}

/** A deny of part of an API leaves the rest of it. */
function isWhole(statement: ResourceValue): boolean {
  const actions = statement
    .get("Action")
    .list()
    .map((action) => action.word());
  const resources = statement
    .get("Resource")
    .list()
    .map((resource) => resource.text());
  return (
    actions.some((action) => action === "*" || action === "execute-api:*" || action === "execute-api:invoke") &&
    resources.some(
      (resource) => resource !== undefined && /^(?:\*|execute-api:\/\*|arn:[^/]*(?:\/\*)+)$/.test(resource),
    )
  );
}

/** Callers from the internet come with an address and without a VPC, an endpoint or an organisation. */
function condition(operator: string, key: string, values: ResourceValue, effect: "allow" | "deny"): Reach {
  const [, set = "", name = ""] = /^(?:(forallvalues|foranyvalue):)?(.*)$/.exec(operator.toLowerCase()) ?? [];
  const subject = key.toLowerCase();
  const ranges = values.list().map((value) => parseCidr(value.text() ?? ""));
  const unclear: Reach = { addresses: effect === "allow" ? everywhere : nowhere, certain: false };
  if (subject === "aws:sourceip" && !ranges.includes(undefined)) {
    const named = union(nowhere, ...ranges.map((range) => range ?? nowhere));
    if (/^ipaddress(?:ifexists)?$/.test(name)) return { addresses: named, certain: true };
    if (/^notipaddress(?:ifexists)?$/.test(name)) return { addresses: difference(everywhere, named), certain: true };
  }
  if (
    /^aws:(?:sourcevpc|sourcevpce|vpcsourceip|principalorgid|principalarn|principalaccount|sourcearn|sourceaccount)$/.test(
      subject,
    )
  ) {
    // The key is missing: plain operators do not hold, negated ones and those "if exists" do; all of no values are
    // whatever is asked, and none of them is (AWS IAM, "Condition operators", "Multivalued context keys").
    const plain = /not|ifexists$/.test(name) || (name === "null" && values.word() === "true");
    const holds = set === "forallvalues" || (set === "" && plain);
    return { addresses: holds ? everywhere : nowhere, certain: true };
  }
  return unclear;
}

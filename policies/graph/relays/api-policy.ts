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
  const document = policy.keys().length > 0 ? policy : policy.json();
  if (document === undefined) return { strangers: true, certain: false };
  const statements = document.get("Statement").list();
  const allowed = statements.filter((each) => !isDeny(each)).map((each) => reach(each, "allow"));
  const denied = statements.filter(isDeny).map((each) => reach(each, "deny"));
  const left = difference(
    union(...allowed.map(({ addresses }) => addresses)),
    union(...denied.map(({ addresses }) => addresses)),
  );
  return { strangers: isInternet(left), certain: [...allowed, ...denied].every(({ certain }) => certain) };
}

function isDeny(statement: ResourceValue): boolean {
  return statement.get("Effect").word() === "deny";
}

interface Reach {
  readonly addresses: Addresses;
  readonly certain: boolean;
}

/** The addresses of internet callers to whom a statement applies. */
function reach(statement: ResourceValue, effect: "allow" | "deny"): Reach {
  // Named principals are not strangers; a NotPrincipal is not followed.
  if (!statement.get("NotPrincipal").isOmitted) return unclear(effect);
  const isForStrangers = isEverybody(statement.get("Principal"), effect) && (effect === "allow" || isWhole(statement));
  if (!isForStrangers) return { addresses: nowhere, certain: true };
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
  const names = [principal, principal.get("AWS")].flatMap((each) => each.list()).map((name) => name.text());
  const isOdd = principal.keys().length === 0 && principal.text() === undefined;
  return names.includes("*") || (isOdd && effect === "allow");
}

/** What is not understood allows everybody and denies nobody. */
function unclear(effect: "allow" | "deny"): Reach {
  return { addresses: effect === "allow" ? everywhere : nowhere, certain: false };
}

const wholeActions: readonly string[] = ["*", "execute-api:*", "execute-api:invoke"];

/** A deny of part of an API leaves the rest of it. */
function isWhole(statement: ResourceValue): boolean {
  const actions = statement.get("Action").list();
  const resources = statement.get("Resource").list();
  return (
    actions.some((action) => wholeActions.includes(action.word() ?? "")) &&
    resources.some((resource) => /^(?:\*|execute-api:\/\*|arn:[^/]*(?:\/\*)+)$/.test(resource.text() ?? ""))
  );
}

const missing: readonly string[] = [
  ...["aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip", "aws:sourcearn", "aws:sourceaccount"],
  ...["aws:principalorgid", "aws:principalarn", "aws:principalaccount"],
];

/** Callers from the internet come with an address and without a VPC, an endpoint or an organisation. */
function condition(operator: string, key: string, values: ResourceValue, effect: "allow" | "deny"): Reach {
  const [name = "", set] = operator.toLowerCase().split(":").reverse();
  const subject = key.toLowerCase();
  const ranges = values.list().map((value) => parseCidr(value.text() ?? ""));
  if (subject === "aws:sourceip" && !ranges.includes(undefined)) {
    const named = union(...ranges.map((range) => range ?? nowhere));
    const asked = name.replace("ifexists", "");
    if (asked === "ipaddress") return { addresses: named, certain: true };
    if (asked === "notipaddress") return { addresses: difference(everywhere, named), certain: true };
  }
  if (missing.includes(subject)) {
    // The key is missing: plain operators do not hold, negated ones and those "if exists" do; all of no values are
    // whatever is asked, and none of them is (AWS IAM, "Condition operators", "Multivalued context keys").
    const isAnything = values.list().some((value) => value.text() === "*");
    // Who is asked for a signature may have any account, organisation or endpoint; what no values but "if exists" are is not said.
    if ((isAnything && effect === "allow") || (set === "foranyvalue" && name.endsWith("ifexists")))
      return unclear(effect);
    const isTrue = values.list().some((value) => value.flag() === true);
    const plain = name.includes("not") || name.endsWith("ifexists") || (name === "null" && isTrue);
    const holds = set === "forallvalues" || (set === undefined && plain);
    return { addresses: holds ? everywhere : nowhere, certain: true };
  }
  return unclear(effect);
}

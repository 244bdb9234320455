import fc from "fast-check";
import type { Resource } from "../../../policies/graph/model";
import { corpus } from "../cases/corpus";
import type { Cloud } from "../simulator/cloud";
import { declared, type Style } from "../simulator/declared";
import { mutationsOf } from "../simulator/mutations";
import { albCloud, gatewayCloud } from "../simulator/own-clouds";
import { randomCloud } from "../simulator/random-clouds";
import { isExposed } from "../simulator/simulator";
import { excused, isOnlyAPort, withSeparateRules, withTwins, withUnknown } from "../support/rewritten";
import { asResources, type Declared, type Registered, register } from "../support/stack";

/** A stack of which something other than the pack says whether strangers get in. */
export interface KnownStack {
  readonly name: string;
  readonly resources: readonly Resource[];
  readonly trusted: readonly string[];
  readonly isSafe: boolean;
}

/** The same ones each time: a mutant must not live or die by chance. */
const seed = 20_260;
const randomStacks = 300;
/** Of the values that can be made unknown, thousands, one in so many. */
const oneIn = 24;

export function knownStacks(): KnownStack[] {
  return [...random(), ...edits(), ...rewritten(), ...unknown()];
}

function known(
  name: string,
  stack: readonly Registered[],
  isSafe: boolean,
  trusted: readonly string[] = [],
): KnownStack {
  return { name, resources: asResources(stack), trusted, isSafe };
}

/** By the simulator. */
function simulated(name: string, cloud: Cloud, style: Style): KnownStack {
  return known(name, register(declared(cloud, style), "finished"), !isExposed(cloud));
}

function random(): KnownStack[] {
  const style: fc.Arbitrary<Style> = fc.record({
    module: fc.constantFrom("lb", "alb"),
    rules: fc.constantFrom("inline", "rule", "ingress"),
  });
  const clouds = fc.sample(fc.tuple(randomCloud, style), { seed, numRuns: randomStacks });
  return clouds.map(([cloud, how], index) => simulated(`random stack ${index}`, cloud, how));
}

/** Every single edit of this repository's own two stacks. */
function edits(): KnownStack[] {
  return Object.entries({ gateway: gatewayCloud, alb: albCloud }).flatMap(([own, cloud]) =>
    mutationsOf(cloud).map(({ name, cloud: edited }) =>
      simulated(`own stack, ${own}: ${name}`, edited, { module: "lb", rules: "ingress" }),
    ),
  );
}

const cases = Object.values(corpus).flatMap((group) => Object.entries(group));

/** The verdict of a named stack, however it is written. */
function rewritten(): KnownStack[] {
  const ways: Readonly<Record<string, (stack: readonly Declared[]) => readonly Declared[]>> = {
    "with aws.alb for aws.lb": withTwins,
    "with SecurityGroupRule": (stack) => withSeparateRules(stack, "rule"),
    "with SecurityGroupIngressRule": (stack) => withSeparateRules(stack, "ingress"),
  };
  return cases.flatMap(([name, { stack, trusted, rejects, cannotTell }]) =>
    Object.entries(ways).flatMap(([way, rewrite]) => {
      const other = rewrite(stack);
      if (excused.has(name) || JSON.stringify(other) === JSON.stringify(stack)) return [];
      return known(`${name}, ${way}`, register(other, "finished"), !rejects && !cannotTell, trusted);
    }),
  );
}

/** A refused stack in which a value is not known yet is refused too. */
function unknown(): KnownStack[] {
  const refused = cases.filter(([name, { rejects, cannotTell }]) => (rejects ?? cannotTell) && !isOnlyAPort(name));
  return refused
    .flatMap(([name, { stack, trusted }]) =>
      [...withUnknown(register(stack, "finished"))].map(({ what, stack: hidden }) => ({
        name: `${name}, ${what} unknown`,
        hidden,
        trusted,
      })),
    )
    .filter((_, index) => index % oneIn === 0)
    .map(({ name, hidden, trusted }, index) => known(`${name} (${index})`, hidden, false, trusted));
}

import { label, property, type Resource, type ResourceValue } from "../graph/model";
import { types } from "../graph/types";
import { layersOf, plainSecrets } from "../support/plain-secrets";
import { isPrefectText, type PrefectStack } from "../support/prefect-stack";
import type { Finding, Rule } from "../support/rule";
import { holds, type StackSecret, stackSecrets } from "../support/stack-secrets";
import { heldIn, textsOf } from "../support/task-secrets";
import { userDataOf } from "../support/user-data";

const generated = ["random:index/randomPassword:RandomPassword"];

/** What task-definition-holds-no-secret cannot see in one task definition: the rest of the stack. */
export const stackLeaksNoSecret: Rule = {
  name: "stack-leaks-no-secret",
  description: "No credential around Prefect stands in plain text in user data, Express services or a task beside it.",
  enforcementLevel: "mandatory",
  severity: "critical",
  remediationSteps:
    "Put it into Secrets Manager or Parameter Store; name it in secrets[].valueFrom, or read it in the start script.",
  find: (stack) => [...userData(stack), ...containers(stack)],
};

function userData({ world: { graph } }: PrefectStack): Finding[] {
  return userDataOf(graph).flatMap(({ resource, text = "" }) => {
    if (!isPrefectText(text)) return [];
    const held = plainSecrets(undefined, text);
    const message = `Its user data holds ${held.join("; ")}. Every process on the instance reads it.`;
    return held.length > 0 ? [{ message, resource }] : [];
  });
}

function containers(stack: PrefectStack): Finding[] {
  const { graph } = stack.world;
  const secrets = stackSecrets(graph);
  const ofPrefect = new Set(stack.tasks.filter(({ isPrefect }) => isPrefect).map(({ resource }) => resource));
  return [...graph.ofType(types.taskDefinition), ...graph.ofType(types.expressService)].flatMap((resource) => {
    const isDefinition = types.taskDefinition.includes(resource.type);
    const value = property(resource, isDefinition ? "containerDefinitions" : "primaryContainer");
    if (value.isUnknown) return builtFromPassword(stack, resource, value);
    const document = value.json() ?? value;
    const all = ofPrefect.has(resource)
      ? // Of a task definition with Prefect in it, the other policy says what it holds by itself.
        [...(isDefinition ? [] : heldIn(document)), ...copiedInto(document, secrets)]
      : heldIn(document).filter((place) => /OAUTH2_PROXY_/i.test(place));
    return all.length > 0 ? [{ message: `${all.join("; ")}, in plain text.`, resource }] : [];
  });
}

/** Whatever the variable is called: its text holds what another resource keeps secret. */
function copiedInto(containers: ResourceValue, secrets: readonly StackSecret[]): string[] {
  if (secrets.length === 0) return [];
  return textsOf(containers).flatMap(({ place, name, text }) => {
    const layers = layersOf(text);
    const copied = secrets.find((secret) => layers.some((layer) => holds(layer, secret)));
    if (copied === undefined || plainSecrets(name, text).length > 0) return [];
    return [`${place} holds the secret value of ${label(copied.resource)}`];
  });
}

/** In a preview the text is not known, but whose outputs it is made of: a generated password has none but itself. */
function builtFromPassword({ world: { graph } }: PrefectStack, resource: Resource, value: ResourceValue): Finding[] {
  const passwords = graph.origins(value).filter(({ type }) => generated.includes(type));
  const message = `Its ${value.property} is built from ${passwords.map(label).join(", ")}, whose value then stands in it in plain text.`;
  return passwords.length > 0 ? [{ message, resource }] : [];
}

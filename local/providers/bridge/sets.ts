/**
 * The declarations have lists only; Terraform's schemas know lists and sets. These are the lists whose order means
 * something (TypeList with more than one item in the AWS provider); all others compare without order.
 */
const ordered = new Set([
  "actions",
  "aliasAttributes",
  "containerDefinitions",
  "defaultActions",
  "command",
  "entryPoints",
  "inputs",
  "metricQueries",
  "orderedCacheBehaviors",
  "orderedPlacementStrategies",
  "recoveryMechanisms",
  "resourceRecords",
  "rules",
  "stepAdjustments",
  "transforms",
]);

export function isSet(path: string): boolean {
  return !ordered.has(path.slice(path.lastIndexOf(".") + 1));
}

import { access } from "./access";
import type { AwsBehaviours } from "./behaviours";
import { databases } from "./databases";
import { ecs } from "./ecs";
import { elbv2 } from "./elbv2";
import { identity } from "./identity";
import { namesAndCertificates } from "./names-and-certificates";
import { securityGroups } from "./security-groups";
import { storageAndOperations } from "./storage-and-operations";
import { vpc } from "./vpc";

/** By type token. Types that are not here behave as their declarations say. */
export const behaviours: AwsBehaviours = {
  ...access,
  ...databases,
  ...ecs,
  ...elbv2,
  ...identity,
  ...namesAndCertificates,
  ...securityGroups,
  ...storageAndOperations,
  ...vpc,
};

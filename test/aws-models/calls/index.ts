import type { Translation } from "../translate";
import { access } from "./access";
import { cognito } from "./cognito";
import { ecs } from "./ecs";
import { elbv2 } from "./elbv2";
import { storage } from "./storage";

/** By type token, as hashicorp/terraform-provider-aws makes them; files in internal/service/ are named in the parts. */
export const translations: Record<string, Translation> = {
  ...access,
  ...cognito,
  ...ecs,
  ...elbv2,
  ...storage,
  // Waits for the certificate and makes nothing.
  "aws:acm/certificateValidation:CertificateValidation": () => [],
};

import { randomUUID } from "node:crypto";
import type { Created } from "../../grpc/provider";
import { isKnown, type Properties, UNKNOWN, type Value } from "../../grpc/values";
import { type AwsContext, arn } from "../context";
import { hex, lowercase, stableHex, uppercase } from "../identifiers";
import type { AwsBehaviours } from "./behaviours";
import { oneOf } from "./shared";

const RECORDS = [
  "A",
  "AAAA",
  "CAA",
  "CNAME",
  "DS",
  "HTTPS",
  "MX",
  "NAPTR",
  "NS",
  "PTR",
  "SOA",
  "SPF",
  "SRV",
  "SSHFP",
  "SVCB",
  "TLSA",
  "TXT",
];

/** internal/service/acm, internal/service/route53 (hashicorp/terraform-provider-aws). */
export const namesAndCertificates: AwsBehaviours = {
  "aws:acm/certificate:Certificate": {
    replaces: ["domainName", "subjectAlternativeNames", "validationMethod", "keyAlgorithm", "certificateAuthorityArn"],
    planned: (inputs): Properties => {
      // certificate.go, CustomizeDiff: how many names there are to validate is known, how to do it is not.
      const names = domainNames(inputs);
      if (!names || inputs.validationMethod !== "DNS") return {};
      const rest = { resourceRecordName: UNKNOWN, resourceRecordType: UNKNOWN, resourceRecordValue: UNKNOWN };
      return {
        subjectAlternativeNames: names,
        domainValidationOptions: names.map((domainName) => ({ domainName, ...rest })),
      };
    },
    create: certificate,
    update: (_state, old) => ({ domainValidationOptions: old.domainValidationOptions ?? [] }),
  },
  "aws:acm/certificateValidation:CertificateValidation": {
    updatable: [],
    create: (inputs, context) => {
      const certificateArn = String(inputs.certificateArn);
      const exists = context.existing("aws:acm/certificate:Certificate").some(({ id }) => id === certificateArn);
      if (!exists) {
        throw new Error(
          `reading ACM Certificate (${certificateArn}): api error ResourceNotFoundException: Could not find certificate ${certificateArn}.`,
        );
      }
      return { id: new Date().toISOString().replace("T", " ").replace("Z", " +0000 UTC"), properties: {} };
    },
  },
  "aws:route53/zone:Zone": {
    defaults: { comment: "Managed by Pulumi" },
    replaces: ["delegationSetId"],
    create: (inputs, context) => {
      const id = `Z${uppercase(20)}`;
      const servers = ["com", "net", "org", "co.uk"].map(
        (top, index) => `ns-${index * 512 + 7}.awsdns-${10 + index}.${top}`,
      );
      const own = { zoneId: id, nameServers: servers, primaryNameServer: servers[0] ?? "" };
      const name = String(inputs.name).replace(/\.$/, "");
      return {
        id,
        properties: { ...inputs, name, ...own, arn: `arn:${context.partition}:route53:::hostedzone/${id}` },
      };
    },
  },
  "aws:route53/record:Record": {
    replaces: ["name", "zoneId", "setIdentifier"],
    validate: (inputs) => oneOf(inputs, "type", RECORDS),
    create: (inputs, context) => {
      const name = String(inputs.name).replace(/\.$/, "");
      const set = inputs.setIdentifier === undefined ? "" : `_${String(inputs.setIdentifier)}`;
      const id = `${String(inputs.zoneId)}_${name}_${String(inputs.type)}${set}`;
      const taken = context.existing(context.type).some((record) => record.id === id);
      if (taken && inputs.allowOverwrite !== true) {
        throw new Error(
          `creating Route 53 Record: api error InvalidChangeBatch: [Tried to create resource record set [name='${name}.', type='${String(inputs.type)}'] but it already exists]`,
        );
      }
      return { id, properties: { fqdn: fqdn(name, String(inputs.zoneId), context) } };
    },
  },
};

/** A name that does not end in the zone's is relative to it. */
function fqdn(name: string, zoneId: string, context: AwsContext): string {
  const zone = context.existing("aws:route53/zone:Zone").find(({ id }) => id === zoneId)?.properties.name;
  if (typeof zone !== "string" || name === zone || name.endsWith(`.${zone}`)) return name;
  return name === "" ? zone : `${name}.${zone}`;
}

function domainNames({ domainName, subjectAlternativeNames = [] }: Properties): string[] | undefined {
  if (typeof domainName !== "string" || !isKnown(domainName) || !isKnown(subjectAlternativeNames)) return undefined;
  return [...new Set([domainName, ...(subjectAlternativeNames as string[])])];
}

function certificate(inputs: Properties, context: AwsContext): Created {
  const id = arn(context, "acm", `certificate/${randomUUID()}`);
  const names = domainNames(inputs) ?? [];
  const record = (domainName: string): Value => {
    // A wildcard is validated by the same record as its parent.
    const base = domainName.replace(/^\*\./, "");
    const value = `_${hex(32)}.${lowercase(10)}.acm-validations.aws.`;
    const resourceRecordName = `_${stableHex(32, context.account, base)}.${base}.`;
    return { domainName, resourceRecordName, resourceRecordType: "CNAME", resourceRecordValue: value };
  };
  const imported = inputs.certificateBody !== undefined;
  const dates: Properties = imported
    ? { notBefore: new Date().toISOString(), notAfter: new Date(Date.now() + 395 * 86_400_000).toISOString() }
    : {};
  const own: Properties = {
    ...{ arn: id, status: imported ? "ISSUED" : "PENDING_VALIDATION", type: imported ? "IMPORTED" : "AMAZON_ISSUED" },
    ...{ pendingRenewal: false, renewalEligibility: "INELIGIBLE", renewalSummaries: [], validationEmails: [] },
    subjectAlternativeNames: names,
    domainValidationOptions: inputs.validationMethod === "DNS" ? names.map(record) : [],
  };
  const options = { certificateTransparencyLoggingPreference: "ENABLED", export: "DISABLED" };
  const filled = { keyAlgorithm: "RSA_2048", validationMethod: "NONE", options };
  return { id, properties: { ...filled, ...inputs, ...dates, ...own } };
}

import { elbv2 } from "./elbv2";
import { type DocumentedLimit, listed, type ServiceLimits } from "./limit";

const ids = "https://docs.aws.amazon.com/ec2/latest/userguide/resource-ids.html";

/** Letters that EC2 takes in names and descriptions: no apostrophe among them. */
const groupLetters = "[A-Za-z0-9 ._\\-:/()#,@\\[\\]+=&;{}!$*]*";
const groupText: DocumentedLimit = { max: 255, pattern: groupLetters, says: "Up to 255 characters in length" };

const ecsName: DocumentedLimit = {
  max: 255,
  pattern: "[A-Za-z0-9_-]+",
  says: "Up to 255 letters (uppercase and lowercase), numbers, underscores, and hyphens are allowed",
};

/** A letter, then letters, digits and single hyphens, none of them last. */
const rdsName = "[A-Za-z](-?[A-Za-z0-9])*";

const redirectUrl: DocumentedLimit = {
  pattern: "https://[^#]+|http://(localhost|127\\.0\\.0\\.1|\\[::1\\])[^#]*",
  page: "https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html",
};

const iamQuotas = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html";

const limits: Record<string, ServiceLimits> = {
  acm: {
    "RequestCertificateRequest.DomainName": {
      max: 64,
      says: "cannot exceed 64 octets (characters), including periods",
    },
  },
  "cognito-idp": {
    "CreateUserPoolDomainRequest.Domain": {
      pattern: "(?!.*(aws|amazon|cognito)).*",
      page: "https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-assign-domain-prefix.html",
    },
    "CreateUserPoolClientRequest.CallbackURLs[]": redirectUrl,
    "CreateUserPoolClientRequest.LogoutURLs[]": redirectUrl,
  },
  ec2: {
    "CreateSecurityGroupRequest.Description": groupText,
    "CreateSecurityGroupRequest.GroupName": { ...groupText, pattern: `(?!sg-)${groupLetters}` },
    "IpRange.Description": groupText,
    "Ipv6Range.Description": groupText,
    "PrefixListId.Description": groupText,
    "UserIdGroupPair.Description": groupText,
    "IpPermission.IpProtocol": {
      pattern: "tcp|udp|icmp|icmpv6|-1|\\d{1,3}",
      says: "The IP protocol name (tcp, udp, icmp, icmpv6) or number",
    },
    "IpPermission.FromPort": { min: -1, max: 65_535, says: "this is the start of the port range" },
    "IpPermission.ToPort": { min: -1, max: 65_535, says: "this is the end of the port range" },
    SecurityGroupId: { pattern: "sg-[0-9a-f]+", page: ids },
    "UserIdGroupPair.GroupId": { pattern: "sg-[0-9a-f]+", page: ids },
    VpcId: { pattern: "vpc-[0-9a-f]+", page: ids },
  },
  ecs: {
    "CreateClusterRequest.clusterName": ecsName,
    "CreateServiceRequest.serviceName": ecsName,
    "RegisterTaskDefinitionRequest.family": ecsName,
    "ContainerDefinition.name": ecsName,
    "Volume.name": ecsName,
    "ContainerDefinition.stopTimeout": { max: 120, says: "the max stop timeout value is 120 seconds" },
    "HealthCheck.interval": { min: 5, max: 300, says: "You may specify between 5 and 300 seconds" },
    "HealthCheck.timeout": { min: 2, max: 60, says: "You may specify between 2 and 60 seconds" },
    "HealthCheck.retries": { min: 1, max: 10, says: "You may specify between 1 and 10 retries" },
    "HealthCheck.startPeriod": { min: 0, max: 300, says: "You can specify between 0 and 300 seconds" },
    // "Maximum number of target groups per service: 5"
    "CreateServiceRequest.loadBalancers": {
      max: 5,
      page: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html",
    },
  },
  elbv2,
  iam: {
    // "Role trust policy JSON text length: 2,048 characters"
    "CreateRoleRequest.AssumeRolePolicyDocument": { max: 2_048, page: iamQuotas },
    // "Role policy size cannot exceed 10,240 characters"
    "PutRolePolicyRequest.PolicyDocument": { max: 10_240, page: iamQuotas },
  },
  logs: {
    Days: listed(
      "Possible values are: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, and 3653",
    ),
  },
  rds: {
    "CreateDBInstanceMessage.DBInstanceIdentifier": {
      max: 63,
      pattern: rdsName,
      says: "Must contain from 1 to 63 letters, numbers, or hyphens",
    },
    "CreateDBInstanceMessage.MasterUsername": {
      pattern: "[A-Za-z][A-Za-z0-9_]{0,15}",
      says: "Must be 1 to 16 letters, numbers, or underscores",
    },
    "CreateDBInstanceMessage.MasterUserPassword": {
      min: 8,
      max: 128,
      pattern: "[\\x21-\\x7e]*",
      says: "RDS for PostgreSQL - Must contain from 8 to 128 characters",
    },
    "CreateDBInstanceMessage.DBName": { pattern: "[A-Za-z_][A-Za-z0-9_]{0,62}", says: "Must contain 1 to 63 letters" },
    "CreateDBInstanceMessage.AllocatedStorage": {
      min: 20,
      max: 65_536,
      says: "General Purpose (SSD) storage (gp2, gp3): Must be an integer from 20 to 65536",
    },
    // As much as an instance can have at all.
    "CreateDBInstanceMessage.MaxAllocatedStorage": {
      max: 65_536,
      page: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html",
    },
    "CreateDBInstanceMessage.BackupRetentionPeriod": { min: 0, max: 35, says: "Must be a value from 0 to 35" },
    "CreateDBInstanceMessage.Port": { min: 1150, max: 65_535, says: "Valid Values: 1150-65535" },
    "CreateDBSubnetGroupMessage.DBSubnetGroupName": {
      pattern: "(?!default$)[A-Za-z][A-Za-z0-9._ -]{0,254}",
      says: "Must contain no more than 255 letters, numbers, periods, underscores, spaces, or hyphens",
    },
    "CreateDBParameterGroupMessage.DBParameterGroupName": {
      max: 255,
      pattern: rdsName,
      says: "Must be 1 to 255 letters, numbers, or hyphens",
    },
    "DeleteDBInstanceMessage.FinalDBSnapshotIdentifier": {
      max: 255,
      pattern: rdsName,
      says: "Must be 1 to 255 letters or numbers",
    },
  },
  secretsmanager: {
    "CreateSecretRequest.Name": {
      pattern: "[A-Za-z0-9/_+=.@-]+(?<!-[A-Za-z0-9]{6})",
      says: "The secret name can contain ASCII letters, numbers, and the following characters: /_+=.@- Do not end your secret name with a hyphen followed by six characters",
    },
    RecoveryWindowInDaysType: { min: 7, max: 30, says: "The number of days from 7 to 30" },
  },
};

/** What AWS says of a service's values beyond its model. */
export function documentedLimits(service: string): ServiceLimits {
  return limits[service] ?? {};
}

export const limitedServices = Object.keys(limits);

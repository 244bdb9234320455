import { call, type Inputs, type Translation } from "../translate";

/** internal/service/ec2/vpc_security_group_ingress_rule.go, expandIPPermission: the description is that of the range. */
const securityGroupRule =
  (operation: string): Translation =>
  ({ securityGroupId, cidrIpv4, cidrIpv6, prefixListId, referencedSecurityGroupId, description, ...inputs }) => {
    const ranges = (content: Inputs, given: unknown) =>
      given === undefined ? undefined : [{ ...content, description }];
    return [
      call("ec2", operation, {
        GroupId: securityGroupId,
        IpPermissions: [
          {
            ...inputs,
            IpRanges: ranges({ CidrIp: cidrIpv4 }, cidrIpv4),
            Ipv6Ranges: ranges({ CidrIpv6: cidrIpv6 }, cidrIpv6),
            PrefixListIds: ranges({ prefixListId }, prefixListId),
            UserIdGroupPairs: ranges({ GroupId: referencedSecurityGroupId }, referencedSecurityGroupId),
          },
        ],
      }),
    ];
  };

/** internal/service/route53/record.go, expandResourceRecordSet. */
const record: Translation = ({ zoneId, allowOverwrite, records, aliases, ...inputs }) => [
  call(
    "route53",
    "ChangeResourceRecordSets",
    {
      HostedZoneId: zoneId,
      ChangeBatch: {
        Changes: [
          {
            Action: allowOverwrite ? "UPSERT" : "CREATE",
            ResourceRecordSet: {
              ...inputs,
              ResourceRecords: (records as string[] | undefined)?.map((value) => ({ value })),
              AliasTarget: (aliases as Inputs[] | undefined)?.[0],
            },
          },
        ],
      },
    },
    { AliasTarget: { name: "DNSName", zoneId: "HostedZoneId" } },
  ),
];

/** internal/service/route53/zone.go: of a private zone the first VPC is given at once. */
const zone: Translation = ({ name, comment = "Managed by Pulumi", vpcs }, { id }) => [
  call("route53", "CreateHostedZone", {
    name,
    CallerReference: id,
    HostedZoneConfig: { comment, PrivateZone: vpcs !== undefined },
    VPC: (vpcs as Inputs[] | undefined)?.[0],
  }),
];

export const access: Record<string, Translation> = {
  "aws:acm/certificate:Certificate": (inputs) => [call("acm", "RequestCertificate", inputs)],
  "aws:ec2/securityGroup:SecurityGroup": ({ name, ...inputs }) => [
    call("ec2", "CreateSecurityGroup", { ...inputs, GroupName: name }),
  ],
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": securityGroupRule("AuthorizeSecurityGroupEgress"),
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": securityGroupRule("AuthorizeSecurityGroupIngress"),
  "aws:iam/role:Role": ({ name, assumeRolePolicy, ...inputs }) => [
    call("iam", "CreateRole", {
      ...inputs,
      RoleName: name,
      AssumeRolePolicyDocument: assumeRolePolicy,
    }),
  ],
  "aws:iam/rolePolicy:RolePolicy": ({ name, role, policy }) => [
    call("iam", "PutRolePolicy", {
      RoleName: role,
      PolicyName: name,
      PolicyDocument: policy,
    }),
  ],
  "aws:route53/record:Record": record,
  "aws:route53/zone:Zone": zone,
};

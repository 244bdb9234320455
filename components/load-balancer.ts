import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface LoadBalancerArgs {
  vpcId: pulumi.Input<string>;
  /** Public subnets in at least two availability zones. */
  subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** The only Host that gets further than the load balancer. */
  domain: string;
  /** Name of the public Route 53 zone for the domain's record and the certificate's validation. */
  hostedZone?: string;
  /** A certificate of one's own. @default - one made here, validated in `hostedZone` */
  certificateArn?: string;
  /** Seconds an idle connection is kept; those of what is behind it are above. */
  idleTimeoutSec: number;
  /** Headers that it sets on every answer. @default none: what is behind it does */
  answerHeaders?: AnswerHeaders;
  deletionProtection: boolean;
}

export interface AnswerHeaders {
  contentSecurityPolicy: string;
  strictTransportSecurity: string;
}

/** The HTTPS entrance from the internet. It answers 404 to all that no rule takes; port 80 only redirects. */
export class LoadBalancer extends pulumi.ComponentResource {
  readonly securityGroupId: pulumi.Output<string>;
  /** For rules: each has the domain as a condition. */
  readonly listenerArn: pulumi.Output<string>;

  constructor(name: string, args: LoadBalancerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("prefect:network:LoadBalancer", name, {}, opts);
    const parent = { parent: this };
    const zoneId = args.hostedZone
      ? aws.route53.getZoneOutput({ name: args.hostedZone, privateZone: false }, parent).zoneId
      : undefined;

    const group = new aws.ec2.SecurityGroup(
      `${name}-access`,
      { vpcId: args.vpcId, description: "Public load balancer of Prefect" },
      parent,
    );
    for (const [role, port] of [
      ["https", 443],
      ["http", 80],
    ] as const) {
      new aws.vpc.SecurityGroupIngressRule(
        `${name}-${role}-in`,
        {
          securityGroupId: group.id,
          ipProtocol: "tcp",
          fromPort: port,
          toPort: port,
          cidrIpv4: "0.0.0.0/0",
          description: port === 443 ? "People and workers" : "Redirected to HTTPS",
        },
        parent,
      );
    }

    const balancer = new aws.lb.LoadBalancer(
      `${name}-alb`,
      {
        loadBalancerType: "application",
        internal: false,
        ipAddressType: "ipv4",
        subnets: args.subnetIds,
        securityGroups: [group.id],
        idleTimeout: args.idleTimeoutSec,
        dropInvalidHeaderFields: true,
        desyncMitigationMode: "strictest",
        xffHeaderProcessingMode: "append",
        enableDeletionProtection: args.deletionProtection,
      },
      parent,
    );
    new aws.lb.Listener(
      `${name}-http`,
      {
        loadBalancerArn: balancer.arn,
        port: 80,
        protocol: "HTTP",
        defaultActions: [
          {
            type: "redirect",
            redirect: { protocol: "HTTPS", port: "443", host: args.domain, statusCode: "HTTP_301" },
          },
        ],
      },
      parent,
    );
    const https = new aws.lb.Listener(
      `${name}-https`,
      {
        loadBalancerArn: balancer.arn,
        port: 443,
        protocol: "HTTPS",
        // What the console chooses; without a choice the API falls back to one of 2016 with TLS 1.0
        // (Elastic Load Balancing, "Security policies for your Application Load Balancer").
        sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
        certificateArn: args.certificateArn ?? validatedCertificate(name, args.domain, zoneId, this),
        ...attributes(args.answerHeaders),
        defaultActions: [
          {
            type: "fixed-response",
            fixedResponse: { contentType: "text/plain", messageBody: "Not found", statusCode: "404" },
          },
        ],
      },
      parent,
    );
    if (zoneId) {
      new aws.route53.Record(
        `${name}-record`,
        {
          zoneId,
          name: args.domain,
          type: "A",
          aliases: [{ name: balancer.dnsName, zoneId: balancer.zoneId, evaluateTargetHealth: true }],
        },
        parent,
      );
    }

    this.securityGroupId = group.id;
    this.listenerArn = https.arn;
    this.registerOutputs({ securityGroupId: this.securityGroupId, listenerArn: this.listenerArn });
  }
}

/** Elastic Load Balancing, "HTTP header modification for your Application Load Balancer". */
function attributes(headers: AnswerHeaders | undefined): Partial<aws.lb.ListenerArgs> {
  if (!headers) return {};
  return {
    routingHttpResponseStrictTransportSecurityHeaderValue: headers.strictTransportSecurity,
    routingHttpResponseContentSecurityPolicyHeaderValue: headers.contentSecurityPolicy,
    routingHttpResponseXContentTypeOptionsHeaderValue: "nosniff",
    routingHttpResponseXFrameOptionsHeaderValue: "DENY",
    routingHttpResponseServerEnabled: false,
  };
}

/** A certificate for the domain; its ARN resolves once ACM has seen the validation record. */
function validatedCertificate(
  name: string,
  domain: string,
  zoneId: pulumi.Input<string> | undefined,
  parent: pulumi.Resource,
): pulumi.Output<string> {
  if (zoneId === undefined) {
    throw new pulumi.ResourceError("needs certificateArn or hostedZone: neither is given", parent, true);
  }
  const certificate = new aws.acm.Certificate(
    `${name}-certificate`,
    { domainName: domain, validationMethod: "DNS" },
    { parent },
  );
  const wanted = certificate.domainValidationOptions.apply(([option]) => option);
  const record = new aws.route53.Record(
    `${name}-validation`,
    {
      zoneId,
      name: wanted.apply((option) => option?.resourceRecordName ?? ""),
      type: wanted.apply((option) => (option?.resourceRecordType ?? "CNAME") as aws.route53.RecordType),
      records: [wanted.apply((option) => option?.resourceRecordValue ?? "")],
      ttl: 300,
      // Two stacks for one domain want the very same record.
      allowOverwrite: true,
    },
    { parent },
  );
  return new aws.acm.CertificateValidation(
    `${name}-validated`,
    { certificateArn: certificate.arn, validationRecordFqdns: [record.fqdn] },
    { parent },
  ).certificateArn;
}

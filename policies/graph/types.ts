/** Type tokens by what they are. aws.alb and aws.lb are the same resources under distinct tokens, as are their old names. */

const loadBalancing = ["lb", "alb", "elasticloadbalancingv2", "applicationloadbalancing"];
const twins = (name: string, cls: string): string[] => loadBalancing.map((module) => `aws:${module}/${name}:${cls}`);

export const types = {
  loadBalancer: twins("loadBalancer", "LoadBalancer"),
  listener: twins("listener", "Listener"),
  listenerRule: twins("listenerRule", "ListenerRule"),
  targetGroup: twins("targetGroup", "TargetGroup"),
  targetGroupAttachment: twins("targetGroupAttachment", "TargetGroupAttachment"),
  classicLoadBalancer: ["aws:elb/loadBalancer:LoadBalancer", "aws:elasticloadbalancing/loadBalancer:LoadBalancer"],
  ecsService: ["aws:ecs/service:Service"],
  ecsTaskSet: ["aws:ecs/taskSet:TaskSet"],
  taskDefinition: ["aws:ecs/taskDefinition:TaskDefinition"],
  securityGroup: ["aws:ec2/securityGroup:SecurityGroup"],
  defaultSecurityGroup: ["aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"],
  securityGroupRule: ["aws:ec2/securityGroupRule:SecurityGroupRule"],
  ingressRule: ["aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"],
  managedPrefixList: ["aws:ec2/managedPrefixList:ManagedPrefixList"],
  managedPrefixListEntry: ["aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry"],
  vpc: ["aws:ec2/vpc:Vpc", "aws:ec2/defaultVpc:DefaultVpc"],
  acceleratorListener: ["aws:globalaccelerator/listener:Listener"],
  acceleratorEndpointGroup: ["aws:globalaccelerator/endpointGroup:EndpointGroup"],
  distribution: ["aws:cloudfront/distribution:Distribution"],
  vpcOrigin: ["aws:cloudfront/vpcOrigin:VpcOrigin"],
  expressService: ["aws:ecs/expressGatewayService:ExpressGatewayService"],
  userPool: ["aws:cognito/userPool:UserPool"],
} satisfies Record<string, readonly string[]>;

/** An address range computed from one of these is the VPC's own, never the internet. */
export const vpcRangeSources: readonly string[] = [
  ...types.vpc,
  ...types.securityGroup,
  ...types.defaultSecurityGroup,
  "aws:ec2/subnet:Subnet",
  "aws:ec2/defaultSubnet:DefaultSubnet",
  "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation",
  "awsx:ec2:Vpc",
];

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
  classicAttachment: ["aws:elb/attachment:Attachment", "aws:elasticloadbalancing/attachment:Attachment"],
  ecsService: ["aws:ecs/service:Service"],
  ecsTaskSet: ["aws:ecs/taskSet:TaskSet"],
  ecsDaemon: ["aws:ecs/daemon:Daemon"],
  taskDefinition: ["aws:ecs/taskDefinition:TaskDefinition"],
  daemonTaskDefinition: ["aws:ecs/daemonTaskDefinition:DaemonTaskDefinition"],
  capacityProvider: ["aws:ecs/capacityProvider:CapacityProvider"],
  deploymentGroup: ["aws:codedeploy/deploymentGroup:DeploymentGroup"],
  schedule: ["aws:scheduler/schedule:Schedule"],
  eventTarget: ["aws:cloudwatch/eventTarget:EventTarget"],
  pipe: ["aws:pipes/pipe:Pipe"],
  stateMachine: ["aws:sfn/stateMachine:StateMachine"],
  expressService: ["aws:ecs/expressGatewayService:ExpressGatewayService"],
  appRunnerService: ["aws:apprunner/service:Service"],
  appRunnerConnector: ["aws:apprunner/vpcConnector:VpcConnector"],
  lightsailService: ["aws:lightsail/containerService:ContainerService"],
  lightsailDeployment: ["aws:lightsail/containerServiceDeploymentVersion:ContainerServiceDeploymentVersion"],
  lightsailInstance: ["aws:lightsail/instance:Instance"],
  lightsailPorts: ["aws:lightsail/instancePublicPorts:InstancePublicPorts"],
  lightsailBalancer: ["aws:lightsail/lb:Lb"],
  lightsailBalancerAttachment: ["aws:lightsail/lbAttachment:LbAttachment"],
  instance: ["aws:ec2/instance:Instance", "aws:ec2/spotInstanceRequest:SpotInstanceRequest"],
  launchTemplate: ["aws:ec2/launchTemplate:LaunchTemplate"],
  launchConfiguration: ["aws:ec2/launchConfiguration:LaunchConfiguration"],
  autoscalingGroup: ["aws:autoscaling/group:Group"],
  autoscalingAttachment: ["aws:autoscaling/attachment:Attachment"],
  trafficSourceAttachment: ["aws:autoscaling/trafficSourceAttachment:TrafficSourceAttachment"],
  spotFleet: ["aws:ec2/spotFleetRequest:SpotFleetRequest"],
  fleet: ["aws:ec2/fleet:Fleet"],
  elasticIp: ["aws:ec2/eip:Eip"],
  elasticIpAssociation: ["aws:ec2/eipAssociation:EipAssociation"],
  networkInterface: ["aws:ec2/networkInterface:NetworkInterface"],
  networkInterfaceAttachment: ["aws:ec2/networkInterfaceAttachment:NetworkInterfaceAttachment"],
  interfaceGroupAttachment: ["aws:ec2/networkInterfaceSecurityGroupAttachment:NetworkInterfaceSecurityGroupAttachment"],
  subnet: ["aws:ec2/subnet:Subnet", "aws:ec2/defaultSubnet:DefaultSubnet"],
  defaultSubnet: ["aws:ec2/defaultSubnet:DefaultSubnet"],
  routeTable: ["aws:ec2/routeTable:RouteTable", "aws:ec2/defaultRouteTable:DefaultRouteTable"],
  route: ["aws:ec2/route:Route"],
  routeTableAssociation: ["aws:ec2/routeTableAssociation:RouteTableAssociation"],
  securityGroup: ["aws:ec2/securityGroup:SecurityGroup"],
  defaultSecurityGroup: ["aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"],
  securityGroupRule: ["aws:ec2/securityGroupRule:SecurityGroupRule"],
  ingressRule: ["aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"],
  managedPrefixList: ["aws:ec2/managedPrefixList:ManagedPrefixList"],
  managedPrefixListEntry: ["aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry"],
  vpc: ["aws:ec2/vpc:Vpc", "aws:ec2/defaultVpc:DefaultVpc"],
  endpointService: ["aws:ec2/vpcEndpointService:VpcEndpointService"],
  endpointServicePrincipal: ["aws:ec2/vpcEndpointServiceAllowedPrinciple:VpcEndpointServiceAllowedPrinciple"],
  accelerator: ["aws:globalaccelerator/accelerator:Accelerator"],
  acceleratorListener: ["aws:globalaccelerator/listener:Listener"],
  acceleratorEndpointGroup: ["aws:globalaccelerator/endpointGroup:EndpointGroup"],
  distribution: [
    "aws:cloudfront/distribution:Distribution",
    "aws:cloudfront/multitenantDistribution:MultitenantDistribution",
  ],
  vpcOrigin: ["aws:cloudfront/vpcOrigin:VpcOrigin"],
  httpApi: ["aws:apigatewayv2/api:Api"],
  httpRoute: ["aws:apigatewayv2/route:Route"],
  httpIntegration: ["aws:apigatewayv2/integration:Integration"],
  httpAuthorizer: ["aws:apigatewayv2/authorizer:Authorizer"],
  httpStage: ["aws:apigatewayv2/stage:Stage"],
  httpVpcLink: ["aws:apigatewayv2/vpcLink:VpcLink"],
  httpMapping: ["aws:apigatewayv2/apiMapping:ApiMapping"],
  httpDomain: ["aws:apigatewayv2/domainName:DomainName"],
  restApi: ["aws:apigateway/restApi:RestApi"],
  restApiPolicy: ["aws:apigateway/restApiPolicy:RestApiPolicy"],
  restMethod: ["aws:apigateway/method:Method"],
  restIntegration: ["aws:apigateway/integration:Integration"],
  restResource: ["aws:apigateway/resource:Resource"],
  restAuthorizer: ["aws:apigateway/authorizer:Authorizer"],
  restVpcLink: ["aws:apigateway/vpcLink:VpcLink"],
  restStage: ["aws:apigateway/stage:Stage"],
  restDeployment: ["aws:apigateway/deployment:Deployment"],
  restMapping: ["aws:apigateway/basePathMapping:BasePathMapping"],
  restDomain: ["aws:apigateway/domainName:DomainName"],
  lambda: ["aws:lambda/function:Function"],
  lambdaAlias: ["aws:lambda/alias:Alias"],
  functionUrl: ["aws:lambda/functionUrl:FunctionUrl"],
  lambdaPermission: ["aws:lambda/permission:Permission"],
  cloudMapService: ["aws:servicediscovery/service:Service"],
  record: ["aws:route53/record:Record"],
  userPool: ["aws:cognito/userPool:UserPool"],
} satisfies Record<string, readonly string[]>;

/** How other resources name one, besides by its id and ARN. */
export interface Names {
  /** Attributes that are names as they are. */
  readonly names?: readonly string[];
  /** Attributes that hold hosts or URLs: compared without scheme, port and path. */
  readonly hosts?: readonly string[];
  /** Fields of lists, as `list.field`, that hold hosts. */
  readonly inner?: readonly string[];
  /** Stands before the id. */
  readonly before?: string;
}

const attributes: Readonly<Partial<Record<keyof typeof types, Names>>> = {
  loadBalancer: {
    names: ["name"],
    hosts: ["dnsName"],
    inner: ["subnetMappings.privateIpv4Address", "subnetMappings.ipv6Address"],
  },
  classicLoadBalancer: { names: ["name"], hosts: ["dnsName"] },
  targetGroup: { names: ["name"] },
  taskDefinition: { names: ["family", "arnWithoutRevision"] },
  ecsService: { names: ["name"] },
  appRunnerService: { hosts: ["serviceUrl"] },
  lightsailService: { names: ["name"], hosts: ["url"] },
  lightsailInstance: { names: ["name"], hosts: ["publicIpAddress", "privateIpAddress"] },
  lightsailBalancer: { names: ["name"], hosts: ["dnsName"] },
  instance: {
    names: ["primaryNetworkInterfaceId", "spotInstanceId"],
    hosts: ["publicIp", "privateIp", "publicDns", "privateDns"],
  },
  launchTemplate: { names: ["name"] },
  launchConfiguration: { names: ["name"] },
  autoscalingGroup: { names: ["name"] },
  capacityProvider: { names: ["name"] },
  elasticIp: { names: ["allocationId"], hosts: ["publicIp", "publicDns"] },
  networkInterface: { hosts: ["privateIp"] },
  vpc: { names: ["defaultSecurityGroupId"] },
  accelerator: { hosts: ["dnsName"] },
  distribution: { hosts: ["domainName"] },
  httpApi: { hosts: ["apiEndpoint"] },
  httpIntegration: { before: "integrations/" },
  lambda: { names: ["name", "invokeArn", "qualifiedArn", "qualifiedInvokeArn"] },
  lambdaAlias: { names: ["invokeArn"] },
  functionUrl: { hosts: ["functionUrl"] },
  record: { hosts: ["fqdn", "name"] },
};

/** The same by type token. */
export const namedBy: ReadonlyMap<string, Names> = new Map(
  Object.entries(attributes).flatMap(([kind, named]) => types[kind as keyof typeof types].map((type) => [type, named])),
);

/** An address range computed from one of these is the VPC's own, never the internet. */
export const vpcRangeSources: readonly string[] = [
  ...types.vpc,
  ...types.subnet,
  "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation",
  "awsx:ec2:Vpc",
];

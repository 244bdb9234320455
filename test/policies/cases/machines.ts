import { gzipSync } from "node:zlib";
import {
  behindAlb,
  containers,
  forward,
  fromAlb,
  group,
  listener,
  login,
  open,
  prefect,
  targetGroup,
} from "../support/pieces";
import { built, type Declared, declare, ref } from "../support/stack";
import { type Cases, cannotTell, reject } from "./case";

/** Machines that the stack starts, with Prefect in their user data, and ECS tasks on such machines. */

const base64 = (text: string): string => Buffer.from(text).toString("base64");
const docker =
  "#!/bin/bash\ndocker run -d -p 4200:4200 prefecthq/prefect:3.8.8-python3.12 -- prefect server start --host 0.0.0.0\n";
const pip = "#!/bin/bash\npip install prefect\nnohup prefect server start --host 0.0.0.0 &\n";
const onLoopback = pip.replace(" --host 0.0.0.0", "");
const compose = `#cloud-config
write_files:
  - path: /opt/compose.yaml
    content: |
      services:
        server:
          image: prefecthq/prefect:3-latest
          command: ["prefect", "server", "start", "--host", "0.0.0.0"]
          ports:
            - "80:4200"
runcmd:
  - docker compose -f /opt/compose.yaml up -d
`;

function instance(inputs: Record<string, unknown>, ...ingress: Record<string, unknown>[]): Declared[] {
  return [
    group("taskGroup", ...ingress),
    declare("aws:ec2/instance:Instance", "server", {
      ami: "ami-1",
      vpcSecurityGroupIds: [ref("taskGroup", "id")],
      associatePublicIpAddress: true,
      ...inputs,
    }),
  ];
}

function autoscaled(template: Record<string, unknown>, more: Record<string, unknown> = {}): Declared[] {
  return [
    group("taskGroup", open(4200)),
    declare("aws:ec2/launchTemplate:LaunchTemplate", "template", {
      userData: base64(docker),
      vpcSecurityGroupIds: [ref("taskGroup", "id")],
      ...template,
    }),
    declare("aws:autoscaling/group:Group", "servers", {
      launchTemplate: { id: ref("template", "id"), version: "$Latest" },
      maxSize: 1,
      minSize: 1,
      vpcZoneIdentifiers: ["subnet-1"],
      ...more,
    }),
  ];
}

/** A network of the stack: this subnet with these routes. */
function subnet(inputs: Record<string, unknown>, routes: Record<string, unknown>[]): Declared[] {
  return [
    declare("aws:ec2/internetGateway:InternetGateway", "gateway", {}),
    declare("aws:ec2/subnet:Subnet", "subnet", { vpcId: "vpc-1", ...inputs }),
    declare("aws:ec2/routeTable:RouteTable", "table", { vpcId: "vpc-1", routes }),
    declare("aws:ec2/routeTableAssociation:RouteTableAssociation", "association", {
      subnetId: ref("subnet", "id"),
      routeTableId: ref("table", "id"),
    }),
  ];
}
const outside = { cidrBlock: "0.0.0.0/0", gatewayId: ref("gateway", "id") };
const throughNat = { cidrBlock: "0.0.0.0/0", natGatewayId: "nat-1" };

/** An ECS service without an interface of its own, on machines of the stack. */
function onMachines(
  mode: string,
  mapping: Record<string, unknown>,
  machines: Declared[],
  ...ingress: Record<string, unknown>[]
): Declared[] {
  const [definition] = JSON.parse(containers(prefect())) as Record<string, unknown>[];
  return [
    group("taskGroup", ...ingress),
    declare("aws:ecs/taskDefinition:TaskDefinition", "task", {
      family: "prefect",
      networkMode: mode,
      containerDefinitions: JSON.stringify([{ ...definition, portMappings: [{ containerPort: 4200, ...mapping }] }]),
    }),
    declare("aws:ecs/service:Service", "service", { taskDefinition: ref("task"), cluster: "arn:cluster" }),
    ...machines,
  ];
}
const containerInstances = (associatePublicIpAddress: boolean): Declared[] => [
  declare("aws:ec2/launchTemplate:LaunchTemplate", "template", {
    userData: base64("#!/bin/bash\necho ECS_CLUSTER=main >> /etc/ecs/ecs.config\n"),
    networkInterfaces: [
      { associatePublicIpAddress: String(associatePublicIpAddress), securityGroups: [ref("taskGroup", "id")] },
    ],
  }),
  declare("aws:autoscaling/group:Group", "machines", { launchTemplate: { id: ref("template", "id") } }),
];

/** The tests' balancer in front of machines. */
function balanced(machines: Declared[], actions: unknown[], port = 4200): Declared[] {
  return [
    group("albGroup", open(443)),
    declare("aws:lb/loadBalancer:LoadBalancer", "alb", { securityGroups: [ref("albGroup", "id")] }),
    targetGroup(port, { targetType: "instance" }),
    listener(actions),
    ...machines,
  ];
}
const attachment = (more: Record<string, unknown> = {}): Declared =>
  declare("aws:lb/targetGroupAttachment:TargetGroupAttachment", "attachment", {
    targetGroupArn: ref("tg"),
    targetId: ref("server", "id"),
    ...more,
  });

/** Behind a network load balancer. */
const wired = (ingress: Record<string, unknown>, targets: Record<string, unknown>): Declared[] => [
  declare("aws:lb/loadBalancer:LoadBalancer", "nlb", { loadBalancerType: "network", subnets: ["subnet-2"] }),
  targetGroup(4200, { targetType: "instance", protocol: "TCP", ...targets }),
  declare("aws:lb/listener:Listener", "tcp", {
    loadBalancerArn: ref("nlb"),
    port: 80,
    protocol: "TCP",
    defaultActions: [forward],
  }),
  ...instance({ userData: docker, associatePublicIpAddress: false }, ingress),
  attachment(),
];

export const machineCases: Cases = {
  "an instance that runs Prefect in a container": {
    stack: instance({ userData: docker }, open(4200)),
    ...reject(
      'aws.ec2.Instance "server": has a public address; aws.ec2.SecurityGroup "taskGroup" admits the internet to port 4200',
      "what its user data starts is a Prefect API server on port 4200",
      "associatePublicIpAddress to false",
    ),
  },
  "an instance that runs Prefect from pip": { stack: instance({ userData: pip }, open(4200)), ...reject("user data") },
  "user data in base64": { stack: instance({ userDataBase64: base64(pip) }, open(4200)), ...reject("user data") },
  "user data in gzip": {
    stack: instance({ userDataBase64: gzipSync(compose).toString("base64") }, open(80)),
    ...reject("admits the internet to port 80"),
  },
  "a compose file on port 80": { stack: instance({ userData: compose }, open(80)), ...reject("on port 80") },
  "a compose file whose port is shut": { stack: instance({ userData: compose }, open(4200)) },
  "a container that is published on loopback": {
    stack: instance({ userData: docker.replace("4200:4200", "127.0.0.1:4200:4200") }, open(4200)),
  },
  "a container that is not published": {
    stack: instance({ userData: docker.replace("-p 4200:4200 ", "") }, open(4200)),
  },
  "a container on the host's network": {
    stack: instance({ userData: docker.replace("-p 4200:4200", "--network host") }, open(4200)),
    ...reject("user data"),
  },
  "Prefect on the instance's loopback": { stack: instance({ userData: onLoopback }, open(4200)) },
  "Prefect on loopback behind a proxy of the script": {
    stack: instance({ userData: `${onLoopback}apt-get install -y nginx\n` }, open(80)),
    ...cannotTell("nginx, which its user data starts,", "cannot be seen"),
  },
  "Prefect on loopback behind caddy": {
    stack: instance({ userData: `${onLoopback}caddy reverse-proxy --from :443 --to :4200\n` }, open(443)),
    ...cannotTell("caddy, which its user data starts, takes the requests"),
  },
  "Prefect on loopback behind an oauth2-proxy of the script": {
    stack: instance(
      { userData: `${onLoopback}oauth2-proxy --http-address=0.0.0.0:80 --skip-auth-route=.\n` },
      open(80),
    ),
    ...cannotTell("oauth2-proxy, which its user data starts, may let requests without a login through"),
  },
  "Prefect that asks on loopback behind an oauth2-proxy of the script": {
    stack: instance(
      {
        userData: `#!/bin/bash\nexport PREFECT_SERVER_API_AUTH_STRING=$(get)\n${onLoopback}oauth2-proxy --upstream=http://localhost:4200\n`,
      },
      open(80),
    ),
    ...cannotTell("its arguments are not known"),
  },
  "a server that is commented out": { stack: instance({ userData: pip.replace("nohup", "# nohup") }, open(4200)) },
  "an instance that runs a worker": {
    stack: instance({ userData: "#!/bin/bash\nprefect worker start --pool default\n" }, open(4200)),
  },
  "an instance with its auth string from a secret": {
    stack: instance(
      {
        userData: pip.replace(
          "nohup",
          'export PREFECT_SERVER_API_AUTH_STRING="$(aws secretsmanager get-secret-value)"\nnohup',
        ),
      },
      open(4200),
    ),
  },
  "an instance whose auth string does not reach the server": {
    stack: instance({ userData: pip.replace("nohup", "PREFECT_SERVER_API_AUTH_STRING=a:b\nnohup") }, open(4200)),
    ...reject("PREFECT_SERVER_API_AUTH_STRING is not set on it"),
  },
  "an instance whose auth string does not reach the container": {
    stack: instance(
      { userData: docker.replace("docker", "export PREFECT_SERVER_API_AUTH_STRING=a:b\ndocker") },
      open(4200),
    ),
    ...reject("PREFECT_SERVER_API_AUTH_STRING is not set on it"),
  },
  "an instance whose container gets its auth string": {
    stack: instance({ userData: docker.replace("-d", '-d -e PREFECT_SERVER_API_AUTH_STRING="$AUTH"') }, open(4200)),
  },
  "an instance with an empty auth string": {
    stack: instance({ userData: docker.replace("-d", '-d -e PREFECT_SERVER_API_AUTH_STRING=""') }, open(4200)),
    ...reject("is not set on it"),
  },
  "an instance with an auth string that its version ignores": {
    stack: instance(
      {
        userData: pip.replace(
          "pip install prefect",
          "pip install 'prefect==3.0.4'\nexport PREFECT_SERVER_API_AUTH_STRING=a:b",
        ),
      },
      open(4200),
    ),
    ...reject("ignores the auth string"),
  },
  "an instance without a public address": {
    stack: instance({ userData: docker, associatePublicIpAddress: false }, open(4200)),
  },
  "an instance that says nothing of its address, in a default subnet": {
    stack: instance({ userData: docker, associatePublicIpAddress: undefined }, open(4200)),
    ...reject("has a public address"),
  },
  "an instance in a subnet of another stack": {
    stack: instance({ userData: docker, associatePublicIpAddress: undefined, subnetId: "subnet-1" }, open(4200)),
    ...cannotTell("may have a public address"),
  },
  "an instance in a subnet that gives no public addresses": {
    stack: [
      ...instance({ userData: docker, associatePublicIpAddress: undefined, subnetId: ref("subnet", "id") }, open(4200)),
      ...subnet({}, [outside]),
    ],
  },
  "an instance in a subnet that gives public addresses": {
    stack: [
      ...instance({ userData: docker, associatePublicIpAddress: undefined, subnetId: ref("subnet", "id") }, open(4200)),
      ...subnet({ mapPublicIpOnLaunch: true }, [outside]),
    ],
    ...reject("has a public address"),
  },
  "a public address in a subnet without a way to the internet": {
    stack: [...instance({ userData: docker, subnetId: ref("subnet", "id") }, open(4200)), ...subnet({}, [throughNat])],
  },
  "a public address in a subnet whose way out may be a firewall": {
    stack: [
      ...instance({ userData: docker, subnetId: ref("subnet", "id") }, open(4200)),
      ...subnet({}, [{ cidrBlock: "0.0.0.0/0", vpcEndpointId: "vpce-1" }]),
    ],
    ...reject("has a public address"),
  },
  "a public address in a subnet with a separate route to a gateway": {
    stack: [
      ...instance({ userData: docker, subnetId: ref("subnet", "id") }, open(4200)),
      ...subnet({}, []),
      declare("aws:ec2/route:Route", "route", {
        routeTableId: ref("table", "id"),
        destinationCidrBlock: "0.0.0.0/0",
        gatewayId: ref("gateway", "id"),
      }),
    ],
    ...reject("has a public address"),
  },
  "an instance with IPv6 alone": {
    stack: [
      ...instance(
        { userData: docker, associatePublicIpAddress: false, subnetId: ref("subnet", "id") },
        { protocol: "tcp", fromPort: 4200, toPort: 4200, ipv6CidrBlocks: ["::/0"] },
      ),
      ...subnet({ ipv6CidrBlock: "2600:1f00::/64", assignIpv6AddressOnCreation: true }, [outside]),
    ],
    ...cannotTell("IPv6 addresses, all of which are public"),
  },
  "an instance with an elastic address": {
    stack: [
      ...instance({ userData: docker, associatePublicIpAddress: false }, open(4200)),
      declare("aws:ec2/eip:Eip", "address", { instance: ref("server", "id") }),
    ],
    ...reject("has a public address"),
  },
  "an elastic address that is associated apart": {
    stack: [
      ...instance({ userData: docker, associatePublicIpAddress: false }, open(4200)),
      declare("aws:ec2/eip:Eip", "address", {}),
      declare("aws:ec2/eipAssociation:EipAssociation", "association", {
        allocationId: ref("address", "id"),
        instanceId: ref("server", "id"),
      }),
    ],
    ...reject("has a public address"),
  },
  "a second security group on the interface": {
    stack: [
      ...instance({ userData: docker }),
      group("late", open(4200)),
      declare("aws:ec2/networkInterfaceSecurityGroupAttachment:NetworkInterfaceSecurityGroupAttachment", "more", {
        securityGroupId: ref("late", "id"),
        networkInterfaceId: ref("server", "primaryNetworkInterfaceId"),
      }),
    ],
    ...reject('aws.ec2.SecurityGroup "late" admits'),
  },
  "user data that is not known in preview": {
    stack: instance({ userData: built(["taskGroup"], docker) }, open(4200)),
    ...reject("user data"),
    preview: { cannotTell: ["its user data is not known yet", "aws.ec2.SecurityGroup"] },
  },
  "user data of something else that is not known in preview": {
    stack: instance({ userData: built(["taskGroup"], "#!/bin/bash\napt-get install -y postgresql\n") }, open(5432)),
  },
  "an image of one's own that is called Prefect": {
    stack: instance({ tags: { Name: "prefect-server" } }, open(4200)),
    ...cannotTell("its user data is not in this stack or cannot be read"),
  },
  "an image of one's own that is a worker": { stack: instance({ tags: { Name: "prefect-worker" } }, open(22)) },
  "a proxy on a machine that leads to Prefect elsewhere": {
    stack: [
      ...instance(
        {
          userData:
            "#!/bin/bash\ncat > /etc/nginx/conf.d/p.conf <<E\nserver { location / { proxy_pass http://prefect.internal:4200; } }\nE\nnginx\n",
        },
        open(80),
      ),
      group("innerGroup", { protocol: "tcp", fromPort: 4200, toPort: 4200, securityGroups: [ref("taskGroup", "id")] }),
      declare("aws:servicediscovery/service:Service", "registry", { name: "prefect" }),
      declare("aws:ecs/taskDefinition:TaskDefinition", "task", {
        family: "prefect",
        networkMode: "awsvpc",
        containerDefinitions: containers(prefect()),
      }),
      declare("aws:ecs/service:Service", "service", {
        taskDefinition: ref("task"),
        networkConfiguration: { securityGroups: [ref("innerGroup", "id")] },
        serviceRegistries: { registryArn: ref("registry") },
      }),
    ],
    ...cannotTell(
      'aws.ec2.Instance "server": has a public address',
      'aws.ecs.Service "service": is where it passes them on',
    ),
  },
  "an address that is nothing of the stack, on Prefect's port": {
    stack: balanced([attachment({ targetId: "10.0.3.4" })], [forward]),
    ...cannotTell('aws.lb.TargetGroupAttachment "attachment"', "its program is not in this stack"),
  },
  "an address that is nothing of the stack, on another port": {
    stack: balanced([attachment({ targetId: "10.0.3.4" })], [forward], 8000),
  },
  "an address that is nothing of the stack, behind a login": {
    stack: balanced([attachment({ targetId: "10.0.3.4" })], [login(), forward]),
  },
  "an NLB before instances that admit the VPC only": {
    stack: wired({ ...fromAlb(4200), securityGroups: [], cidrBlocks: ["10.0.0.0/16"] }, {}),
  },
  "an NLB before instances that admit everybody": {
    stack: wired(open(4200), {}),
    ...reject("a network load balancer never authenticates"),
  },
  "an NLB that hides its clients from instances that admit the VPC only": {
    stack: wired({ ...fromAlb(4200), securityGroups: [], cidrBlocks: ["10.0.0.0/16"] }, { preserveClientIp: "false" }),
    ...reject("a network load balancer never authenticates"),
  },
  "another machine of the stack": { stack: instance({ userData: "#!/bin/bash\nnginx\n" }, open(80)) },
  "a spot instance": {
    stack: instance({ userData: docker }, open(4200)).map((each) =>
      each.name === "server" ? declare("aws:ec2/spotInstanceRequest:SpotInstanceRequest", "server", each.inputs) : each,
    ),
    ...reject('aws.ec2.SpotInstanceRequest "server"'),
  },
  "an auto scaling group whose template gives public addresses": {
    stack: autoscaled({
      vpcSecurityGroupIds: undefined,
      networkInterfaces: [{ associatePublicIpAddress: "true", securityGroups: [ref("taskGroup", "id")] }],
    }),
    ...reject('aws.autoscaling.Group "servers": has a public address'),
  },
  "an auto scaling group in subnets of another stack": {
    stack: autoscaled({}),
    ...cannotTell("may have a public address"),
  },
  "an auto scaling group with mixed instances": {
    stack: autoscaled(
      { networkInterfaces: [{ associatePublicIpAddress: "true" }] },
      {
        launchTemplate: undefined,
        mixedInstancesPolicy: {
          launchTemplate: { launchTemplateSpecification: { launchTemplateId: ref("template", "id") } },
        },
      },
    ),
    ...reject('aws.autoscaling.Group "servers"'),
  },
  "an auto scaling group with a launch configuration": {
    stack: [
      group("taskGroup", open(4200)),
      declare("aws:ec2/launchConfiguration:LaunchConfiguration", "configuration", {
        userData: docker,
        securityGroups: [ref("taskGroup", "id")],
        associatePublicIpAddress: true,
      }),
      declare("aws:autoscaling/group:Group", "servers", { launchConfiguration: ref("configuration", "id") }),
    ],
    ...reject('aws.autoscaling.Group "servers"'),
  },
  "a spot fleet": {
    stack: [
      group("taskGroup", open(4200)),
      declare("aws:ec2/spotFleetRequest:SpotFleetRequest", "fleet", {
        launchSpecifications: [
          { userData: docker, vpcSecurityGroupIds: [ref("taskGroup", "id")], associatePublicIpAddress: true },
        ],
      }),
    ],
    ...reject('aws.ec2.SpotFleetRequest "fleet"'),
  },
  "a template that nothing starts": { stack: autoscaled({}).filter(({ name }) => name !== "servers") },
  "an instance behind a load balancer": {
    stack: balanced(
      [...instance({ userData: docker, associatePublicIpAddress: false }, fromAlb(4200)), attachment()],
      [forward],
    ),
    ...reject('aws.lb.Listener "https"', 'aws.ec2.Instance "server": takes them on port 4200'),
  },
  "an instance behind a load balancer that logs people in": {
    stack: balanced(
      [...instance({ userData: docker, associatePublicIpAddress: false }, fromAlb(4200)), attachment()],
      [login(), forward],
    ),
  },
  "an instance that is attached on another port": {
    stack: balanced(
      [...instance({ userData: compose, associatePublicIpAddress: false }, fromAlb(80)), attachment({ port: 80 })],
      [forward],
    ),
    ...reject("takes them on port 80"),
  },
  "an auto scaling group behind a load balancer": {
    stack: balanced(
      autoscaled({ vpcSecurityGroupIds: [ref("taskGroup", "id")] }, { targetGroupArns: [ref("tg")] }).map((each) =>
        each.name === "taskGroup" ? group("taskGroup", fromAlb(4200)) : each,
      ),
      [forward],
    ),
    ...reject('aws.autoscaling.Group "servers": takes them on port 4200'),
  },
  "an auto scaling group that is attached apart": {
    stack: balanced(
      [
        ...autoscaled({}).map((each) => (each.name === "taskGroup" ? group("taskGroup", fromAlb(4200)) : each)),
        declare("aws:autoscaling/attachment:Attachment", "attachment", {
          autoscalingGroupName: ref("servers", "name"),
          lbTargetGroupArn: ref("tg"),
        }),
      ],
      [forward],
    ),
    ...reject('aws.autoscaling.Group "servers": takes them on port 4200'),
  },
  "an instance behind a classic load balancer": {
    stack: [
      ...instance({ userData: docker, associatePublicIpAddress: false }, fromAlb(4200)),
      group("albGroup", open(80)),
      declare("aws:elb/loadBalancer:LoadBalancer", "elb", {
        securityGroups: [ref("albGroup", "id")],
        listeners: [{ lbPort: 80, lbProtocol: "http", instancePort: 4200, instanceProtocol: "http" }],
        instances: [ref("server", "id")],
      }),
    ],
    ...reject('aws.elb.LoadBalancer "elb": faces the internet', 'aws.ec2.Instance "server": takes them on port 4200'),
  },
  "an instance behind an internal classic load balancer": {
    stack: [
      ...instance({ userData: docker, associatePublicIpAddress: false }, fromAlb(4200)),
      group("albGroup", open(80)),
      declare("aws:elb/loadBalancer:LoadBalancer", "elb", {
        internal: true,
        securityGroups: [ref("albGroup", "id")],
        listeners: [{ lbPort: 80, lbProtocol: "http", instancePort: 4200, instanceProtocol: "http" }],
        instances: [ref("server", "id")],
      }),
    ],
  },

  "a task in host mode behind a load balancer": {
    stack: behindAlb({
      definitions: containers(prefect()),
      task: { networkMode: "host" },
      service: { networkConfiguration: undefined },
    }),
    count: 2,
    ...reject('aws.ecs.Service "service": its tasks take them on port 4200'),
  },
  "a task in host mode on public machines": {
    stack: onMachines("host", {}, containerInstances(true), open(4200)),
    ...reject(
      'aws.ecs.Service "service": runs its tasks on machines with public addresses',
      "admits the internet to port 4200",
    ),
  },
  "a task in host mode on private machines": { stack: onMachines("host", {}, containerInstances(false), open(4200)) },
  "a task in host mode on machines of another stack": {
    stack: onMachines("host", {}, []),
    ...cannotTell("machines that are not in this stack"),
  },
  "a task in bridge mode whose port is mapped": {
    stack: onMachines("bridge", { hostPort: 80 }, containerInstances(true), open(80)),
    ...reject("admits the internet to port 80"),
  },
  "a task in bridge mode whose port is mapped to one that is shut": {
    stack: onMachines("bridge", { hostPort: 8080 }, containerInstances(true), open(80)),
  },
  "a task in bridge mode on a port that the machine picks": {
    stack: onMachines("bridge", { hostPort: 0 }, containerInstances(true), {
      protocol: "tcp",
      fromPort: 32768,
      toPort: 65535,
      cidrBlocks: ["0.0.0.0/0"],
    }),
    ...reject("picked by the machine"),
  },
  "a task in bridge mode behind a load balancer that logs people in": {
    stack: behindAlb({
      definitions: containers(prefect()),
      task: { networkMode: "bridge" },
      service: { networkConfiguration: undefined },
      actions: [login(), forward],
    }),
  },
  "a task in bridge mode behind an open load balancer": {
    stack: behindAlb({
      definitions: containers(prefect()),
      task: { networkMode: "bridge" },
      service: { networkConfiguration: undefined },
    }),
    ...reject('aws.lb.Listener "https"'),
  },
  "a daemon in host mode": {
    stack: [
      group("taskGroup", open(4200)),
      declare("aws:ecs/daemonTaskDefinition:DaemonTaskDefinition", "task", {
        family: "prefect",
        containerDefinitions: [
          {
            name: "prefect",
            image: "prefecthq/prefect:3.8.8",
            commands: ["prefect", "server", "start", "--host", "0.0.0.0"],
          },
        ],
      }),
      declare("aws:ecs/daemon:Daemon", "daemon", { daemonTaskDefinitionArn: ref("task"), clusterArn: "arn:cluster" }),
      ...containerInstances(true),
    ],
    ...reject('aws.ecs.Daemon "daemon"'),
  },
  "a task that a schedule starts with a public address": {
    stack: [
      group("taskGroup", open(4200)),
      declare("aws:ecs/taskDefinition:TaskDefinition", "task", {
        family: "prefect",
        networkMode: "awsvpc",
        containerDefinitions: containers(prefect()),
      }),
      declare("aws:scheduler/schedule:Schedule", "nightly", {
        target: {
          arn: "arn:cluster",
          ecsParameters: {
            taskDefinitionArn: ref("task"),
            networkConfiguration: {
              assignPublicIp: true,
              subnets: ["subnet-1"],
              securityGroups: [ref("taskGroup", "id")],
            },
          },
        },
      }),
    ],
    ...reject('aws.scheduler.Schedule "nightly": gives its tasks public addresses'),
  },
  "a task that an event starts with a public address": {
    stack: [
      group("taskGroup", open(4200)),
      declare("aws:ecs/taskDefinition:TaskDefinition", "task", {
        family: "prefect",
        networkMode: "awsvpc",
        containerDefinitions: containers(prefect()),
      }),
      declare("aws:cloudwatch/eventTarget:EventTarget", "event", {
        arn: "arn:cluster",
        ecsTarget: {
          taskDefinitionArn: ref("task"),
          networkConfiguration: {
            assignPublicIp: true,
            subnets: ["subnet-1"],
            securityGroups: [ref("taskGroup", "id")],
          },
        },
      }),
    ],
    ...reject('aws.cloudwatch.EventTarget "event"'),
  },
};

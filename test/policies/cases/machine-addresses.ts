import { docker, instance } from "../support/machines";
import { group, open } from "../support/pieces";
import { declare, type Declared, ref } from "../support/stack";
import { cannotTell, type Cases, reject } from "./case";

/** Public addresses of machines: subnets, routes, elastic addresses, IPv6, interfaces. */

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

export const machineAddressCases: Cases = {
  "an instance without a public address": {
    stack: instance({ userData: docker, associatePublicIpAddress: false }, open(4200)),
  },
  "an instance whose port is not known": {
    stack: instance({ userData: "#!/bin/bash\nprefect server start --host 0.0.0.0 --port $PORT\n" }, open(8080)),
    ...reject('aws.ec2.SecurityGroup "taskGroup" admits the internet to them'),
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
};

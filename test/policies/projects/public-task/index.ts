import * as aws from "@pulumi/aws";
import { anyone, prefect, service, task, vpc } from "../pieces";

const { vpcId, subnetIds } = vpc();
const taskGroup = new aws.ec2.SecurityGroup("task", { vpcId, ingress: [anyone(4200)] });
service(task(JSON.stringify([prefect])), { subnets: subnetIds, securityGroups: [taskGroup.id], assignPublicIp: true });

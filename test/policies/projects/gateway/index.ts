import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { anyone, prefect, service, task, vpc } from "../pieces";

const { vpcId, subnetIds } = vpc();
const open = new pulumi.Config().getBoolean("open") ?? false;
const albGroup = new aws.ec2.SecurityGroup("alb", { vpcId, ingress: [anyone(443)] });
const taskGroup = new aws.ec2.SecurityGroup("task", {
  vpcId,
  ingress: [{ protocol: "tcp", fromPort: 8080, toPort: 8080, securityGroups: [albGroup.id] }],
});
const alb = new aws.lb.LoadBalancer("web", { securityGroups: [albGroup.id], subnets: subnetIds });
const targets = new aws.lb.TargetGroup("gateway", { port: 8080, protocol: "HTTP", targetType: "ip", vpcId });
new aws.lb.Listener("https", {
  loadBalancerArn: alb.arn,
  port: 443,
  protocol: "HTTPS",
  certificateArn: "arn:aws:acm:eu-west-1:123456789012:certificate/0",
  defaultActions: [{ type: "forward", targetGroupArn: targets.arn }],
});
const conf = `events {}
http {
  server {
    listen 8080;
    auth_request /oauth2/auth;
    location / { proxy_pass http://127.0.0.1:4200; }
    location /api/admin { ${open ? "auth_request off;" : ""} proxy_pass http://127.0.0.1:4200; }
    location /oauth2/ { auth_request off; proxy_pass http://127.0.0.1:4180; }
    location = /oauth2/auth { internal; proxy_pass http://127.0.0.1:4180; }
  }
}
`;
const containers = [
  { ...prefect, command: ["prefect", "server", "start"], portMappings: [] },
  {
    name: "nginx",
    image: "nginxinc/nginx-unprivileged:1.30.4-alpine",
    entryPoint: ["/bin/sh", "-ec"],
    command: [`printf '%s' "$NGINX_CONF" > /tmp/nginx.conf; exec nginx -c /tmp/nginx.conf -g 'daemon off;'`],
    environment: [{ name: "NGINX_CONF", value: conf }],
    portMappings: [{ containerPort: 8080 }],
  },
  {
    name: "oauth2-proxy",
    image: "quay.io/oauth2-proxy/oauth2-proxy:v7.15.3-alpine",
    environment: [
      { name: "OAUTH2_PROXY_PROVIDER", value: "oidc" },
      { name: "OAUTH2_PROXY_UPSTREAMS", value: "static://202" },
      { name: "OAUTH2_PROXY_EMAIL_DOMAINS", value: "*" },
    ],
  },
];
service(
  task(JSON.stringify(containers)),
  { subnets: subnetIds, securityGroups: [taskGroup.id] },
  { arn: targets.arn, container: "nginx", port: 8080 },
);

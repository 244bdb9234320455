/** A finished deployment as AWS would hold it: every value is known. Names refer to other parts. */
export interface Cloud {
  readonly groups: readonly SecurityGroup[];
  readonly balancers: readonly Balancer[];
  readonly listeners: readonly Listener[];
  readonly rules: readonly Rule[];
  readonly targetGroups: readonly TargetGroup[];
  readonly services: readonly Service[];
  readonly machines: readonly Machine[];
  readonly accelerators: readonly Accelerator[];
  readonly distributions: readonly Distribution[];
  readonly apis: readonly Api[];
}

export interface SecurityGroup {
  readonly name: string;
  readonly ingress: readonly Ingress[];
}

export interface Ingress {
  readonly protocol: "tcp" | "udp" | "-1";
  readonly from: number;
  readonly to: number;
  readonly cidrs: readonly string[];
  /** Names of security groups whose members are admitted. */
  readonly members: readonly string[];
}

export interface Balancer {
  readonly name: string;
  readonly kind: "application" | "network";
  readonly internal: boolean;
  /** Undefined: the VPC's default group (application), or none (network). */
  readonly groups: readonly string[] | undefined;
}

export interface Listener {
  readonly name: string;
  readonly balancer: string;
  readonly port: number;
  readonly protocol: "HTTP" | "HTTPS" | "TCP" | "TLS";
  readonly clientCertificates: "off" | "passthrough" | "verify";
  readonly actions: readonly Action[];
}

export interface Rule {
  readonly name: string;
  readonly listener: string;
  readonly priority: number;
  readonly conditions: readonly Condition[];
  readonly actions: readonly Action[];
}

export type Condition =
  | { readonly kind: "path" | "host" | "method"; readonly values: readonly string[] }
  | { readonly kind: "source"; readonly values: readonly string[] }
  | { readonly kind: "header"; readonly header: string; readonly values: readonly string[] };

export type Action =
  | { readonly kind: "login"; readonly otherwise: "authenticate" | "deny" | "allow" | undefined }
  | { readonly kind: "token"; readonly issuer: string; readonly claims: readonly string[] }
  | { readonly kind: "forward"; readonly to: readonly string[] }
  | { readonly kind: "refuse" }
  | { readonly kind: "redirect" };

export interface TargetGroup {
  readonly name: string;
  readonly port: number;
  /** Addresses of tasks, machines, or the name of an application load balancer. */
  readonly holds: "addresses" | "machines" | { readonly balancer: string };
  /** Undefined: AWS's default, off for addresses over TCP and TLS, on for machines. */
  readonly keepsClientAddress: boolean | undefined;
}

export interface Service {
  readonly name: string;
  readonly publicAddress: boolean;
  /** Undefined: the VPC's default group. */
  readonly groups: readonly string[] | undefined;
  readonly targets: readonly { readonly group: string; readonly container: string; readonly port: number }[];
  readonly containers: readonly Container[];
}

export type Container =
  | { readonly kind: "prefect"; readonly address: "0.0.0.0" | "127.0.0.1"; readonly authString: boolean }
  /** nginx on 8080 before Prefect on 127.0.0.1:4200. */
  | { readonly kind: "gateway"; readonly asks: boolean }
  /** nginx on 8080 before port 4200 of another service, which it finds by name. */
  | { readonly kind: "proxy"; readonly to: string; readonly asks: boolean }
  /** Something else, on 9000. */
  | { readonly kind: "application" };

/** An instance whose user data starts Prefect on 4200. */
export interface Machine {
  readonly name: string;
  readonly publicAddress: boolean;
  readonly groups: readonly string[];
  readonly targets: readonly string[];
  readonly address: "0.0.0.0" | "127.0.0.1";
  readonly authString: boolean;
}

/** Global Accelerator before a load balancer. */
export interface Accelerator {
  readonly name: string;
  readonly balancer: string;
  readonly port: number;
  readonly enabled: boolean;
}

/** CloudFront before a load balancer: into the VPC, or by its name. */
export interface Distribution {
  readonly name: string;
  readonly balancer: string;
  readonly way: "vpc" | "name";
  readonly port: 80 | 443;
  readonly signed: boolean;
  readonly enabled: boolean;
}

/** An HTTP API with one route: to a listener by its link, to a service by its link and name, to a load balancer by name. */
export interface Api {
  readonly name: string;
  readonly to: { readonly listener: string } | { readonly service: string } | { readonly balancer: string };
  readonly linkGroups: readonly string[];
  readonly authorization: "NONE" | "AWS_IAM";
}

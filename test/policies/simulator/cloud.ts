/** A finished deployment as AWS would hold it: every value is known. Names refer to other parts. */
export interface Cloud {
  readonly groups: readonly SecurityGroup[];
  readonly balancers: readonly Balancer[];
  readonly listeners: readonly Listener[];
  readonly rules: readonly Rule[];
  readonly targetGroups: readonly TargetGroup[];
  readonly services: readonly Service[];
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
  /** Addresses of tasks, or the name of an application load balancer. */
  readonly balancer: string | undefined;
  /** Undefined: AWS's default, off for addresses over TCP and TLS. */
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
  /** Something else, on 9000. */
  | { readonly kind: "application" };

import type { CloudContext } from "../../context";
import { HttpsHosts } from "../../identity/https-hosts";
import type { LoadBalancerKeys } from "./keys";

/**
 * `https://public-keys.auth.elb.REGION.amazonaws.com/KID`: the PEM that verifies x-amzn-oidc-data.
 * listener-authenticate-users.html, "User claims encoding and signature verification"
 */
export class PublicKeys {
  readonly #hosts: HttpsHosts;
  readonly #keys = new Map<string, { arn: string; publicKey: string }>();

  constructor(context: CloudContext) {
    this.#hosts = new HttpsHosts(context, "elb public keys");
  }

  async publish(loadBalancerArn: string, { kid, publicKey }: LoadBalancerKeys): Promise<void> {
    const region = loadBalancerArn.split(":")[3] ?? "";
    const known = this.#keys.get(kid);
    this.#keys.set(kid, { arn: loadBalancerArn, publicKey });
    if (known || !region) return;
    await this.#hosts.set(`public-keys.auth.elb.${region}.amazonaws.com`, (request, response) => {
      const found = this.#keys.get((request.url ?? "").slice(1));
      response.writeHead(found && request.method === "GET" ? 200 : 404, { "Content-Type": "text/plain" });
      response.end(found?.publicKey);
    });
  }

  withdraw(loadBalancerArn: string): void {
    for (const [kid, { arn }] of this.#keys) if (arn === loadBalancerArn) this.#keys.delete(kid);
  }

  close(): Promise<void> {
    return this.#hosts.close();
  }
}

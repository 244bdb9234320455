import { ComponentResource, type ComponentResourceOptions, Config, type Output } from "@pulumi/pulumi";
import { RandomString } from "@pulumi/random";

class Thing extends ComponentResource {
  readonly label: Output<string>;

  constructor(name: string, opts?: ComponentResourceOptions) {
    super("test:index:Thing", name, {}, opts);
    this.label = new RandomString(`${name}-label`, { length: 12, special: false }, { parent: this }).result;
    this.registerOutputs({ label: this.label });
  }
}

const config = new Config();
export const label = new Thing("thing").label;
export const greeting = config.get("greeting") ?? "none";
export const token = config.getSecret("token") ?? "none";

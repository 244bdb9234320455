import { main, type Provider } from "@pulumi/pulumi/provider";
import { endWithParent } from "../grpc/lifetime";

/** Local stand-in for the provider of @pulumi/awsx: components, made of @pulumi/aws's resources. */
const provider: Provider = {
  version: (require("@pulumi/awsx/package.json") as { version: string }).version,
  construct: async (name, type, inputs, options) => {
    // Loaded when the first component comes, or in the engine's idle time after the start: it takes half a second.
    const { components } = load();
    const construct = components[type];
    if (!construct) throw new Error(`the local awsx provider does not have the component ${type}`);
    return construct(name, inputs as never, options);
  },
};

void main(provider, process.argv.slice(2)).then(() => {
  endWithParent();
  setImmediate(load);
});

function load(): typeof import("./components") {
  return require("./components") as typeof import("./components");
}

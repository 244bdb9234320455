import { createRequire } from "node:module";
import { version } from "@pulumi/awsx/package.json";
import { main, type Provider } from "@pulumi/pulumi/provider";
import { endWithParent } from "../grpc/lifetime";

const loadLater = createRequire(__filename);

/** Loaded with the first component, or in the engine's idle time after the start: it takes half a second. */
function load(): typeof import("./components") {
  return loadLater("./components") as typeof import("./components");
}

/** Local stand-in for the provider of @pulumi/awsx: components, made of @pulumi/aws's resources. */
const provider: Provider = {
  version,
  construct: (name, type, inputs, options) => {
    const construct = load().components[type];
    if (!construct) throw new Error(`the local awsx provider does not have the component ${type}`);
    return construct(name, inputs as never, options);
  },
};

void main(provider, process.argv.slice(2)).then(() => {
  endWithParent();
  setImmediate(load);
});

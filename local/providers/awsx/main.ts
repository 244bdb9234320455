import { version } from "@pulumi/awsx/package.json";
import { main, type Provider } from "@pulumi/pulumi/provider";
import { endWithParent } from "../grpc/lifetime";
import { components } from "./components";

/** Local stand-in for the provider of @pulumi/awsx: components, made of @pulumi/aws's resources. */
const provider: Provider = {
  version,
  construct: (name, type, inputs, options) => {
    const construct = components[type];
    if (!construct) throw new Error(`the local awsx provider does not have the component ${type}`);
    return construct(name, inputs as never, options);
  },
};

void main(provider, process.argv.slice(2)).then(endWithParent);

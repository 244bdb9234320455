import type { Properties } from "../../grpc/values";
import type { AwsContext } from "../context";
import { account } from "./account";
import { lookup } from "./lookup";
import { policyDocument } from "./policy-document";
import { services } from "./services";

export type AwsFunction = (args: Properties, context: AwsContext) => Properties;

/** By token. */
export const functions: Record<string, AwsFunction> = { ...account, ...lookup, ...policyDocument, ...services };

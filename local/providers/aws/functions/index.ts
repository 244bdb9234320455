import type { Properties } from "../../grpc/values";
import type { AwsContext } from "../context";
import { account } from "./account";

export type AwsFunction = (args: Properties, context: AwsContext) => Properties;

/** By token. */
export const functions: Record<string, AwsFunction> = { ...account };

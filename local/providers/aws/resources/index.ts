import type { Behaviour } from "../../bridge/behaviour";
import type { AwsContext } from "../context";
import { vpc } from "./vpc";

/** By type token. Types that are not here behave as their declarations say. */
export const behaviours: Record<string, Behaviour<AwsContext>> = { ...vpc };

import type { z } from "zod";
import type { Problem } from "../problems";
import type { schema } from "../schema";

/** The settings without the secret ones. */
export type Plain = z.output<typeof schema>;

/** It reads no more settings than it judges: where one of those is wrong by itself, the rule cannot say anything. */
export type Rule = (settings: Plain) => Problem[];

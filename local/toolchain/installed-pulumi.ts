import { execFileSync } from "node:child_process";
import { atLeast, which } from "./prerequisites";
import { versions } from "./versions";


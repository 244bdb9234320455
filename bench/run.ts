/** `npm run bench -- [ROUNDS]`: what this project claims about speed, as ratios side by side in one run. */
import { benchPolicies } from "./policies";
import { benchPreview } from "./preview";

const rounds = Number(process.argv[2] ?? "5");
benchPreview(rounds);
void benchPolicies(rounds);

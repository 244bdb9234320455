/** `npm run bench -- [ROUNDS]`: what this project claims about speed, as ratios side by side in one run. */
import { benchPreview } from "./preview";

benchPreview(Number(process.argv[2] ?? "5"));

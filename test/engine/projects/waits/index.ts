import { writeFileSync } from "node:fs";

writeFileSync("program.pid", String(process.pid));
setInterval(() => {}, 1000);

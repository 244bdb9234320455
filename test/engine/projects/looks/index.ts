import { readFileSync } from "node:fs";
import { Worker } from "node:worker_threads";

/** What a program can see of how it was started; its worker threads too. */
export const seen = new Promise((resolve, reject) => {
  const worker = new Worker("require('worker_threads').parentPort.postMessage(process.execArgv)", { eval: true });
  worker.on("error", reject);
  worker.on("message", (execArgvOfWorker: string[]) =>
    resolve({
      execArgv: process.execArgv,
      execArgvOfWorker,
      args: process.argv.slice(2),
      directory: process.cwd(),
      typescript: process.env.PULUMI_NODEJS_TYPESCRIPT,
      processList: readFileSync("/proc/self/cmdline", "utf8").split("\0"),
    }),
  );
});

import { appendFileSync } from "node:fs";
import { performance } from "node:perf_hooks";

import { processLogVariable, type ProcessRecord } from "../processes";

// Loaded ahead of the script of every Node.js process of a measured command.
const logFile = process.env[processLogVariable];
if (logFile !== undefined) {
  const write = (record: ProcessRecord) => appendFileSync(logFile, `${JSON.stringify(record)}\n`);
  const atStart = {
    processId: process.pid,
    script: process.argv[1] ?? "",
    startedAt: performance.timeOrigin,
  };
  write(atStart);
  process.on("exit", () => {
    const { user, system } = process.cpuUsage();
    write({ ...atStart, endedAt: Date.now(), cpuSeconds: (user + system) / 1e6 });
  });
}

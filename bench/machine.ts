import { cpus, release, totalmem, type } from "node:os";

/** What a time depends on. */
export interface MachineFacts {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGibibytes: number;
  readonly system: string;
  readonly node: string;
}

/** The facts of the machine that this process runs on. */
export function machineFacts(): MachineFacts {
  const cores = cpus();
  return {
    processor: cores[0]?.model.trim() || "unknown",
    cores: cores.length,
    memoryGibibytes: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()} ${process.arch}`,
    node: process.version,
  };
}

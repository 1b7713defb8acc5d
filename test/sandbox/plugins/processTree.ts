import { execFileSync } from "node:child_process";

/** A process, as the operating system lists it. */
export interface ListedProcess {
  id: number;
  parent: number;
  command: string;
}

/** All processes that a process started, directly or not. */
export function descendants(id: number): ListedProcess[] {
  const all = listProcesses();
  const below = (parent: number): ListedProcess[] =>
    all
      .filter((candidate) => candidate.parent === parent)
      .flatMap((candidate) => [candidate, ...below(candidate.id)]);
  return below(id);
}

/** Those of the processes that still run. */
export function stillRunning(processes: readonly ListedProcess[]): ListedProcess[] {
  const all = listProcesses();
  return processes.filter(({ id, command }) =>
    all.some((candidate) => candidate.id === id && candidate.command === command),
  );
}

function listProcesses(): ListedProcess[] {
  const lines = execFileSync("ps", ["-A", "-ww", "-o", "pid=,ppid=,args="]).toString().split("\n");
  return lines.flatMap((line) => {
    const [, id, parent, command = ""] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return id === undefined ? [] : [{ id: Number(id), parent: Number(parent), command }];
  });
}

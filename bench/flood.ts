import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

import { BenchmarkError } from "./errors";

/** What a flood asks for. */
export interface FloodRequest {
  /** The kubeconfig of whoever asks; it has a token. */
  readonly kubeconfig: string;
  /** Default `GET`. */
  readonly method?: string;
  /** `#` stands for the number of the connection; in the body `@` stands for that of the request. */
  readonly path: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Set to false for what the API server does not answer while it lasts. */
  readonly isAnswered?: boolean;
  /** How many requests are under way at any time. */
  readonly connections: number;
}

/** What a flood has got. */
export interface FloodReport {
  /** How many answers had which HTTP status. */
  answers: Record<number, number>;
  bytes: number;
}

const script = join(__dirname, "scripts", "flood.js");

/**
 * Does something while somebody floods the API server from a process of their own, so that the
 * flood and what is measured meanwhile do not wait for one another.
 */
export async function duringFlood<Result>(
  request: FloodRequest,
  work: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly report: FloodReport }> {
  const flood = fork(script, [JSON.stringify(request)]);
  const ended = new AbortController();
  flood.once("exit", () => ended.abort(new BenchmarkError("The flood ended by itself.")));
  try {
    const result = await work();
    const report = await reportOf(flood, ended.signal);
    if (request.isAnswered !== false && report.answers[200] === undefined) {
      const statuses = Object.keys(report.answers).join(", ") || "nothing";
      throw new BenchmarkError(
        `The flood was answered with ${statuses}, never with what it asked.`,
      );
    }
    return { result, report };
  } finally {
    flood.kill("SIGKILL");
  }
}

async function reportOf(flood: ChildProcess, ended: AbortSignal): Promise<FloodReport> {
  ended.throwIfAborted();
  flood.send("stop");
  const [report] = (await once(flood, "message", { signal: ended })) as [FloodReport];
  return report;
}

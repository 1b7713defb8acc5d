// Asks the API server for the same thing on many connections, again and again, until its parent
// says stop or is gone. Started by `flood.ts`, which says what and on how many connections.
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { Agent, request as httpsRequest } from "node:https";

import { staticAccess } from "secure-environment-kubernetes";

import type { FloodReport, FloodRequest } from "../flood";

/** No flood goes on for longer, even when its parent forgets it. */
const longestMilliseconds = 60_000;

const flood = JSON.parse(process.argv[2] ?? "") as FloodRequest;
const { kubeconfig, path, method = "GET", body, connections } = flood;
const { server, options } = staticAccess({ kubeconfigVariable: kubeconfig });
const agent = new Agent({ keepAlive: true, maxSockets: connections, ca: options.ca });
const headers = { ...options.headers, ...flood.headers };
const report: FloodReport = { answers: {}, bytes: 0 };

async function ask(connection: number, count: number): Promise<void> {
  const url = new URL(path.replace("#", String(connection)), server);
  const request = httpsRequest(url, { method, agent, headers });
  request.end(body?.replace("@", `${connection}-${count}`));
  const [response] = (await once(request, "response")) as [IncomingMessage];
  for await (const chunk of response) {
    report.bytes += (chunk as Buffer).length;
  }
  const status = response.statusCode ?? 0;
  report.answers[status] = (report.answers[status] ?? 0) + 1;
}

async function askForever(connection: number): Promise<never> {
  for (let count = 0; ; count++) {
    await ask(connection, count);
  }
}

process.once("message", () => process.send?.(report, () => process.exit()));
process.once("disconnect", () => process.exit());
setTimeout(() => process.exit(1), longestMilliseconds);
void Promise.all(Array.from({ length: connections }, (_, connection) => askForever(connection)));

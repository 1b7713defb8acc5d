// Asks the API server for the same thing on many connections, again and again, until its parent
// says stop or is gone. Started by `flood.ts`, which says what and on how many connections.
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { Agent, get } from "node:https";

import { readKubeconfig } from "secure-environment-sandbox/bin/kubeconfig.js";

import type { FloodReport, FloodRequest } from "../flood";

/** Whatever happens, no flood goes on for longer. */
const longestMilliseconds = 60_000;

const { kubeconfig, path, connections } = JSON.parse(process.argv[2] ?? "") as FloodRequest;
const { server, authority, credential } = readKubeconfig(kubeconfig);
const agent = new Agent({ keepAlive: true, maxSockets: connections, ca: authority });
const headers = "token" in credential ? { authorization: `Bearer ${credential.token}` } : {};
const report: FloodReport = { answers: {}, bytes: 0 };

async function ask(): Promise<void> {
  const request = get(new URL(path, server), { agent, headers });
  const [response] = (await once(request, "response")) as [IncomingMessage];
  for await (const chunk of response) {
    report.bytes += (chunk as Buffer).length;
  }
  const status = response.statusCode ?? 0;
  report.answers[status] = (report.answers[status] ?? 0) + 1;
}

async function askForever(): Promise<never> {
  for (;;) {
    await ask();
  }
}

process.once("message", () => process.send?.(report, () => process.exit()));
process.once("disconnect", () => process.exit());
setTimeout(() => process.exit(1), longestMilliseconds);
void Promise.all(Array.from({ length: connections }, askForever));

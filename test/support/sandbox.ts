import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Sandbox, startSandbox, stopSandbox } from "secure-environment-sandbox";

let started: Promise<Sandbox> | undefined;
const clearances: (() => void)[] = [];

/** The one sandbox of this run, started when it is first asked for. */
export function sharedSandbox(): Promise<Sandbox> {
  started ??= start();
  return started;
}

/** Clears something away at the end of this run, when all hooks of the tests have run. */
export function atEnd(clear: () => void): void {
  clearances.push(clear);
}

async function start(): Promise<Sandbox> {
  const folder = mkdtempSync(join(tmpdir(), "secure-environment-test-"));
  const sandbox = await startSandbox({ stateDirectory: join(folder, "sandbox") });
  sandbox.tools.forEach((tool) =>
    console.log(`  with ${tool.name} ${tool.version}: ${tool.source}`),
  );
  return sandbox;
}

after("stop the sandbox", async function () {
  this.timeout(60_000);
  clearances.forEach((clear) => clear());
  if (started !== undefined) {
    const { stateDirectory } = await started;
    await stopSandbox(stateDirectory);
    rmSync(dirname(stateDirectory), { recursive: true });
  }
});

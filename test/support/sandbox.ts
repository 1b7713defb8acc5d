import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Sandbox, startSandbox, stopSandbox } from "secure-environment-sandbox";

/** Names the folder with the sandboxes of a run to the processes that run its files. */
const folderVariable = "SECURE_ENVIRONMENT_TEST_SANDBOXES";

let started: Promise<Sandbox> | undefined;
const clearances: (() => void)[] = [];

/**
 * The sandbox that files share which run in the same process, one after the other. It is started
 * when it is first asked for and stopped at the end of the run.
 */
export function sharedSandbox(): Promise<Sandbox> {
  started ??= startSandbox({ stateDirectory: newStateDirectory() });
  return started;
}

/** An empty folder for a sandbox, which is stopped at the end of the run if it still runs then. */
export function newStateDirectory(): string {
  return mkdtempSync(join(process.env[folderVariable] ?? tmpdir(), "secure-environment-sandbox-"));
}

/** Clears something away when all hooks of the tests in this process have run. */
export function atEnd(clear: () => void): void {
  clearances.push(clear);
}

/** Clears away what `atEnd` was told. */
export function clearAway(): void {
  clearances.splice(0).forEach((clear) => clear());
}

/** Makes the folder for the sandboxes of a run; processes that are started from now on know it. */
export function openFolderOfSandboxes(): void {
  process.env[folderVariable] = mkdtempSync(join(tmpdir(), "secure-environment-test-"));
}

/** Stops all sandboxes of the run that still run, in whichever process they were started. */
export async function stopSandboxes(): Promise<void> {
  const folder = process.env[folderVariable];
  if (folder !== undefined) {
    const stateDirectories = readdirSync(folder).map((name) => join(folder, name));
    // A folder whose sandbox did not start, or has been stopped, has none to stop.
    await Promise.allSettled(stateDirectories.map(stopSandbox));
    rmSync(folder, { recursive: true });
  }
}

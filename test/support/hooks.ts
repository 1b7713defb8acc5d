import { clearAway, openFolderOfSandboxes, stopSandboxes } from "./sandbox";

/** Mocha runs these in each process that runs files, at the end of each of its runs. */
export const mochaHooks = { afterAll: clearAway };

/** Mocha runs this once, before files run side by side in processes of their own. */
export function mochaGlobalSetup(): void {
  openFolderOfSandboxes();
  process.on("SIGINT", stopAndExit);
}

/** Mocha runs this once, after all files. */
export async function mochaGlobalTeardown(): Promise<void> {
  process.off("SIGINT", stopAndExit);
  await stopSandboxes();
}

/** An interrupted run leaves no sandbox behind. */
function stopAndExit(): void {
  void stopSandboxes().finally(() => process.exit(130));
}

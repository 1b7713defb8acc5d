import { requireNode } from "secure-environment-sandbox/bin/node/requirements.js";

/** Skips all tests of a suite, and says why, where this machine cannot run a node. */
export async function skipWithoutNode(context: Mocha.Context): Promise<void> {
  const reason = await requireNode(process.cwd()).then(
    () => undefined,
    (error: Error) => error.message,
  );
  if (reason !== undefined) {
    console.log(`    SKIPPED, nothing here was tested on a node: ${reason}`);
    context.skip();
  }
}

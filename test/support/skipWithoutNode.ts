import { nodeObstacle } from "secure-environment-sandbox";

/** Skips all tests of a suite, and says why, where this machine cannot run a node. */
export async function skipWithoutNode(context: Mocha.Context): Promise<void> {
  const obstacle = await nodeObstacle(process.cwd());
  if (obstacle !== undefined) {
    console.log(`    SKIPPED, nothing here was tested on a node: ${obstacle}`);
    context.skip();
  }
}

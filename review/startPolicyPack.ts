import { join } from "node:path";
import { bundles, runBundle } from "./cachedBundle";

const pollMilliseconds = 500;

/** No signal reaches it when the engine is killed, which would end it otherwise. */
function endWithEngine(): void {
  const engine = process.ppid;
  setInterval(() => {
    if (process.ppid !== engine) {
      process.exit();
    }
  }, pollMilliseconds).unref();
}

endWithEngine();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => process.exit());
}
// The policy SDK reads the version of the pack from there.
process.chdir(join(bundles, "policy"));
runBundle(join(bundles, "policy", "pack.js"), "policy");

import { interruptible } from "./interruption";
import { helmModule } from "./pinnedModules";
import { type Report, toReporter } from "./reporter";
import { builtTools, cacheDirectory, toolNamed } from "./toolchain";
import { type Tool } from "./toolCache";

/**
 * Finds Helm in the cache of this user, or builds it there from a pinned Go module.
 *
 * @param report is told what is done and how far it is; default silence.
 * @throws SandboxError when something is missing that this function cannot get.
 */
export function ensureHelm(report?: Report): Promise<Tool> {
  return interruptible(async (abort) =>
    toolNamed("helm", await builtTools([helmModule], cacheDirectory(), toReporter(report), abort)),
  );
}

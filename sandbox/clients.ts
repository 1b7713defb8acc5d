import { interruptible } from "./interruption";
import { helmModule, kubectlModule, type PinnedModule } from "./pinnedModules";
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
  return ensureClient("helm", helmModule, report);
}

/** As `ensureHelm`, of kubectl. */
export function ensureKubectl(report?: Report): Promise<Tool> {
  return ensureClient("kubectl", kubectlModule, report);
}

function ensureClient(name: string, module: PinnedModule, report?: Report): Promise<Tool> {
  return interruptible(async (abort) =>
    toolNamed(name, await builtTools([module], cacheDirectory(), toReporter(report), abort)),
  );
}

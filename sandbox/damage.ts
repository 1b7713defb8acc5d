import { dirname, join } from "node:path";

import { SandboxError } from "./errors";
import {
  controlPlaneModule,
  engineModule,
  kubernetesProviderModule,
  nodeModules,
} from "./pinnedModules";
import { printedVersion, type Tool } from "./toolCache";
import { cacheDirectory } from "./toolchain";

const modules = [controlPlaneModule, engineModule, kubernetesProviderModule, ...nodeModules];

/**
 * What failed because a program in the cache is not what was built any more, as one line says it. One
 * that is gone or has another size was built again before; what else is wrong shows when it runs.
 *
 * @returns `error` itself where all of these programs run.
 */
export async function withDamageNamed(
  error: unknown,
  tools: readonly Tool[],
  cache = cacheDirectory(),
): Promise<unknown> {
  const binaries = modules.flatMap((module) => module.binaries);
  for (const { name, path, version } of tools) {
    const binary = binaries.find((candidate) => candidate.name === name);
    const isCached = join(dirname(path), "..") === cache;
    if (
      binary !== undefined &&
      isCached &&
      !(await prints(version, path, binary.versionArguments))
    ) {
      return new SandboxError(
        `${path} is damaged: it ran when it was built, and does not any more. ` +
          `Delete the folder ${dirname(path)} and try again: it is built once more.`,
      );
    }
  }
  return error;
}

async function prints(version: string, path: string, versionArguments: readonly string[]) {
  return (await printedVersion(path, versionArguments).catch(() => undefined)) === version;
}

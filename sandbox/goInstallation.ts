import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { freeBytes } from "./disk";
import { messageOf, SandboxError } from "./errors";
import { findOnPath } from "./executables";
import { binaryNames, type PinnedModule, requiredGo } from "./pinnedModules";

/**
 * Makes sure, before anything is built, that this machine can build the modules.
 *
 * @returns the path of `go`.
 * @throws SandboxError when Go is missing or too old, or the disk too full.
 */
export async function requireGo(
  modules: readonly PinnedModule[],
  cacheDirectory: string,
): Promise<string> {
  const go = findOnPath("go");
  if (go === undefined) {
    throw new SandboxError(
      `Go is needed to build ${binaryNames(modules)}, and there is no \`go\` on the PATH. ` +
        `Install Go ${modules.map(requiredGo).join(" or ")} or newer.`,
    );
  }
  const folders = [cacheDirectory];
  for (const module of modules) {
    folders.push(...(await inspectGo(go, module)));
  }
  checkDisk(
    folders,
    modules.reduce((sum, module) => sum + module.gigabytes, 0),
  );
  return go;
}

/** The environment that Go is run with: that of the user without settings for other builds. */
export function goEnvironment(): NodeJS.ProcessEnv {
  const environment = { ...process.env };
  ["GOOS", "GOARCH", "GOFLAGS", "GOEXPERIMENT"].forEach((name) => delete environment[name]);
  return { ...environment, CGO_ENABLED: "0", GOWORK: "off" };
}

/** Whether one release of Go, such as `1.26.1`, comes before another. */
export function isOlder(version: string, than: string): boolean {
  const [left = [], right = []] = [version, than].map((text) => text.split(/\D+/).map(Number));
  const difference = [0, 1, 2]
    .map((position) => (left[position] ?? 0) - (right[position] ?? 0))
    .find((value) => value !== 0);
  return (difference ?? 0) < 0;
}

/**
 * Makes sure that there is room for a build.
 *
 * @throws SandboxError naming the folder that has too little.
 */
export function checkDisk(
  folders: readonly string[],
  gigabytes: number,
  free: (folder: string) => number = freeBytes,
): void {
  for (const folder of folders) {
    const left = free(folder) / 1e9;
    if (left < gigabytes) {
      throw new SandboxError(
        `The first build needs about ${gigabytes} GB of disk, and ${folder} has ` +
          `${left.toFixed(1)} GB left. Make room there and try again.`,
      );
    }
  }
}

/** Makes sure that this Go takes the module, and tells the folders that it keeps caches in. */
async function inspectGo(go: string, module: PinnedModule): Promise<readonly string[]> {
  const required = requiredGo(module);
  const goArguments = ["env", "GOVERSION", "GOCACHE", "GOMODCACHE"];
  const options = { cwd: module.directory, env: goEnvironment() };
  const answer = await promisify(execFile)(go, goArguments, options).catch((error: unknown) => {
    // Go itself refuses a module that asks for a newer release than it may fetch.
    const reason = messageOf(error).trim().split("\n").at(-1);
    throw new SandboxError(`Go ${required} or newer is needed, and ${go} says: ${reason}`);
  });
  const [version = "", ...caches] = answer.stdout.trim().split("\n");
  if (isOlder(version.replace(/^go/, ""), required)) {
    throw new SandboxError(`Go ${required} or newer is needed; ${go} is ${version}.`);
  }
  return caches;
}

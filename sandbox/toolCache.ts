import { execFile } from "node:child_process";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

import { messageOf, SandboxError } from "./errors";
import { isExecutable } from "./executables";
import { moduleKey, type PinnedModule, sourceDate } from "./pinnedModules";
import type { ToolDescription } from "./state";

/** A program on this machine. */
export interface Tool extends ToolDescription {
  readonly path: string;
}

interface Manifest {
  readonly binaries: Readonly<Record<string, { readonly size: number; readonly version: string }>>;
}

const manifestName = "build.json";

/** The folder of a cache that the programs of one module, exactly as pinned, belong into. */
export function cacheFolder(cacheDirectory: string, module: PinnedModule): string {
  return join(cacheDirectory, `${module.name}-${moduleKey(module)}`);
}

/** The programs of a module as the cache has them; nothing unless all are there and complete. */
export function cachedTools(folder: string, module: PinnedModule): readonly Tool[] | undefined {
  const manifest = readManifest(folder);
  const tools = module.binaries.map((binary) => {
    const path = join(folder, binary.name);
    const recorded = manifest?.binaries[binary.name];
    const date = recorded && sourceDate(recorded.version);
    const source = `built from Go module ${binary.module}${date ? `, source of ${date}` : ""}`;
    return recorded !== undefined && isExecutable(path) && statSync(path).size === recorded.size
      ? { name: binary.name, version: recorded.version, source, path }
      : undefined;
  });
  return tools.every((tool) => tool !== undefined) ? tools : undefined;
}

/**
 * Makes sure that every program of a module in `folder` runs, and records what makes them complete.
 *
 * @throws SandboxError naming the one that does not run.
 */
export async function sealTools(folder: string, module: PinnedModule): Promise<void> {
  const entries = await Promise.all(
    module.binaries.map(async ({ name, versionArguments }) => {
      const path = join(folder, name);
      const version = await printedVersion(path, versionArguments);
      return [name, { size: statSync(path).size, version }] as const;
    }),
  );
  const manifest: Manifest = { binaries: Object.fromEntries(entries) };
  writeFileSync(join(folder, manifestName), JSON.stringify(manifest, undefined, 2));
}

/**
 * Runs a program to learn its version, such as `v1.36.3`.
 *
 * @throws SandboxError when it does not run or prints none.
 */
export async function printedVersion(
  path: string,
  versionArguments: readonly string[],
): Promise<string> {
  const { stdout } = await promisify(execFile)(path, versionArguments).catch((error: unknown) => {
    throw new SandboxError(`${path} does not run: ${messageOf(error).trim()}`);
  });
  const version = /v?\d+\.\d+\.\d+\S*/.exec(stdout)?.[0];
  if (version === undefined) {
    throw new SandboxError(`${path} ${versionArguments.join(" ")} prints no version.`);
  }
  return version.startsWith("v") ? version : `v${version}`;
}

function readManifest(folder: string): Manifest | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, manifestName), "utf8")) as Manifest;
  } catch {
    return undefined;
  }
}

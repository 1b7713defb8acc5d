import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { constants, Script } from "node:vm";

/** The folder of the bundles, and of what V8 has made of them. */
export const bundles = join(__dirname, "bundle");

/**
 * Runs a bundle with what V8 has made of it before: most of a start is compiling. The hash tells bundles
 * apart, of which V8 compares the lengths alone.
 *
 * @param use what the bundle is run for: each needs other parts of it.
 */
export function runBundle(bundle: string, use: string): void {
  const hash = readFileSync(join(bundles, "hash"), "utf8");
  const name = `${use}-${hash}-${process.version}-${process.arch}`;
  const caches = [join(bundles, "cache", name), ...cachesAtHome(name)];
  const script = new Script(Module.wrap(readFileSync(bundle, "utf8")), {
    filename: bundle,
    cachedData: firstRead(caches),
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  if (script.cachedDataRejected !== false) {
    process.once("exit", () => writeFirst(caches, script));
  }
  const module = { exports: {} };
  const run = script.runInThisContext() as (...args: readonly unknown[]) => void;
  run(module.exports, createRequire(bundle), module, bundle, dirname(bundle));
}

/** None where there is no home folder. */
function cachesAtHome(name: string): string[] {
  try {
    return [join(homedir(), ".cache", "secure-environment-review", name)];
  } catch {
    return [];
  }
}

function firstRead(files: readonly string[]): Buffer | undefined {
  for (const file of files) {
    try {
      return readFileSync(file);
    } catch {
      // The next one may be there; without any the start takes longer.
    }
  }
  return undefined;
}

/** Others may start meanwhile, and read no half of it. */
function writeFirst(files: readonly string[], script: Script): void {
  const data = script.createCachedData();
  files.some((file) => {
    try {
      mkdirSync(dirname(file), { recursive: true });
      const unfinished = `${file}.${process.pid}`;
      writeFileSync(unfinished, data, { mode: 0o600 });
      renameSync(unfinished, file);
      return true;
    } catch {
      return false;
    }
  });
}

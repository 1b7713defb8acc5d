import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { constants, Script } from "node:vm";

/**
 * Runs the bundled command with what V8 has made of it before: most of its start is compiling. What is
 * needed differs by verb, and the hash tells bundles apart, of which V8 compares the lengths alone.
 */
function start(): void {
  const bundle = join(__dirname, "bundle", "review.js");
  const hash = readFileSync(join(__dirname, "bundle", "hash"), "utf8");
  const verb = /^[a-z]+$/.exec(process.argv[2] ?? "")?.[0] ?? "help";
  const name = `${verb}-${hash}-${process.version}-${process.arch}`;
  const caches = [
    join(__dirname, "bundle", name),
    join(homedir(), ".cache", "secure-environment-review", name),
  ];
  const script = new Script(Module.wrap(readFileSync(bundle, "utf8")), {
    filename: bundle,
    cachedData: firstRead(caches),
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  if (script.cachedDataRejected !== false) {
    process.once("exit", () => firstWritten(caches, script));
  }
  const module = { exports: {} };
  const run = script.runInThisContext() as (...args: readonly unknown[]) => void;
  run(module.exports, createRequire(bundle), module, bundle, dirname(bundle));
}

function firstRead(files: readonly string[]): Buffer | undefined {
  for (const file of files) {
    try {
      return readFileSync(file);
    } catch {
      // The next one may be there; without any the command starts more slowly.
    }
  }
  return undefined;
}

/** Others may start meanwhile, and read no half of it. */
function firstWritten(files: readonly string[], script: Script): void {
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

start();

import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { createInterface } from "node:readline";

import type { BuildProgress } from "./buildProgress";
import { saysFull } from "./disk";
import { SandboxError } from "./errors";
import { goEnvironment } from "./goInstallation";
import { buildFlags, type PinnedModule } from "./pinnedModules";
import { sendSignal } from "./processes";
import { sealTools } from "./toolCache";

/**
 * Builds the programs of a module into `folder`, which appears complete or not at all.
 *
 * @throws SandboxError with the compiler's last lines when the build fails.
 */
export async function buildModule(
  go: string,
  module: PinnedModule,
  folder: string,
  progress: BuildProgress,
  abort: AbortSignal,
): Promise<void> {
  removeLeftovers(folder);
  const draft = `${folder}.building-${process.pid}`;
  const temporary = join(draft, "tmp");
  try {
    mkdirSync(temporary, { recursive: true });
    // Each program is named by hand: Go would call some of them by the name of their folder.
    for (const { name, package: goPackage } of module.binaries) {
      const goArguments = [
        "build",
        "-v",
        ...buildFlags(module),
        "-o",
        join(draft, name),
        goPackage,
      ];
      const run = { workingDirectory: module.directory, temporary, what: name };
      await runGo(go, goArguments, run, progress, abort);
    }
    rmSync(temporary, { recursive: true });
    await sealTools(draft, module);
    abort.throwIfAborted();
    rmSync(folder, { recursive: true, force: true });
    renameSync(draft, folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Removes what a build left that was killed before it could clean up. */
function removeLeftovers(folder: string): void {
  const parent = dirname(folder);
  readdirSync(parent)
    .filter((name) => name.startsWith(`${basename(folder)}.building-`))
    .forEach((name) => rmSync(join(parent, name), { recursive: true, force: true }));
}

async function runGo(
  go: string,
  goArguments: readonly string[],
  run: { readonly workingDirectory: string; readonly temporary: string; readonly what: string },
  progress: BuildProgress,
  abort: AbortSignal,
): Promise<void> {
  abort.throwIfAborted();
  const child = spawn(go, goArguments, {
    cwd: run.workingDirectory,
    env: { ...goEnvironment(), GOTMPDIR: run.temporary },
    // A group of its own, so that an interruption reaches the compilers that Go has started.
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const lines: string[] = [];
  createInterface(child.stderr).on("line", (line) => lines.push(line));

  const stop = (): void => {
    if (child.pid !== undefined) {
      sendSignal(-child.pid, "SIGKILL");
    }
  };
  abort.addEventListener("abort", stop, { once: true });
  const endProgress = progress.begin(run.what, () => lines.length);
  try {
    const exitCode = await ended;
    abort.throwIfAborted();
    if (exitCode !== 0) {
      throw buildError(run.what, lines);
    }
  } finally {
    endProgress();
    abort.removeEventListener("abort", stop);
  }
}

function buildError(what: string, lines: readonly string[]): SandboxError {
  const full = lines.find(saysFull);
  if (full !== undefined) {
    const reason = `Building ${what} failed because the disk is full: ${full.trim()}.`;
    return new SandboxError(`${reason} Make room there and try again.`);
  }
  const tail = lines.slice(-15).map((line) => `  ${line}`);
  return new SandboxError([`Building ${what} failed:`, ...tail].join("\n"));
}

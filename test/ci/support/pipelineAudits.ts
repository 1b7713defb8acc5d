import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type CommandResult, runCommand } from "../../support/command";

const zizmorVersion = "1.32.0";

/** Runs actionlint, which Go builds from the pinned module beside this file. */
export function actionlint(file: string): Promise<CommandResult> {
  const module = resolve(__dirname, "../../../../test/ci/support/actionlint");
  return runCommand("go", ["tool", "actionlint", "-shellcheck=", "-pyflakes=", file], {
    cwd: module,
    env: process.env,
  });
}

/** Whether this machine has what installs zizmor. */
export async function hasPip(): Promise<boolean> {
  const options = { cwd: tmpdir(), env: process.env };
  const asked = runCommand("python3", ["-m", "pip", "--version"], options);
  return asked.then(
    ({ exitCode }) => exitCode === 0,
    () => false,
  );
}

/** Runs zizmor, as strict as it can be, without a question to GitHub. */
export async function zizmor(file: string): Promise<CommandResult> {
  const folder = await installedZizmor();
  const args = ["--offline", "--persona", "auditor", "--no-progress", "--color", "never", file];
  return runCommand(join(folder, "bin", "zizmor"), args, { cwd: tmpdir(), env: process.env });
}

/** Installs zizmor from Python's registry, once. */
async function installedZizmor(): Promise<string> {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  const folder = join(cache, "secure-environment-tests", `zizmor-${zizmorVersion}`);
  if (!existsSync(folder)) {
    const partial = `${folder}.${process.pid}`;
    mkdirSync(partial, { recursive: true });
    const install = ["-m", "pip", "install", "--quiet", "--target", partial];
    const { exitCode, output } = await runCommand(
      "python3",
      [...install, `zizmor==${zizmorVersion}`],
      { cwd: tmpdir(), env: process.env },
    );
    if (exitCode !== 0) {
      rmSync(partial, { recursive: true });
      throw new Error(`zizmor could not be installed:\n${output}`);
    }
    renameSync(partial, folder);
  }
  return folder;
}

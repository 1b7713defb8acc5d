import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Sandbox } from "secure-environment-sandbox";
import { parse, parseDocument } from "yaml";
import { type CommandOptions, type CommandResult, runCommand } from "../../support/command";

const repository = resolve(__dirname, "../../../..");

/** Configuration by key. Lists and objects are written as they are in the stack's settings file. */
export type Configuration = Readonly<Record<string, string | object>>;

/**
 * The program in a folder of its own, as a checkout that somebody has installed: `pulumi` writes
 * stack settings beside Pulumi.yaml, and the tests leave the real checkout as they found it.
 */
export class ReviewProgram {
  readonly folder = mkdtempSync(join(tmpdir(), "secure-environment-program-"));

  /** @param source the program's folder in the repository. Defaults to the repository's own. */
  constructor(
    private readonly sandbox: Sandbox,
    source = ".",
  ) {
    for (const file of ["Pulumi.yaml", "package.json"]) {
      cpSync(join(repository, source, file), join(this.folder, file));
    }
    symlinkSync(join(repository, source, "bin"), join(this.folder, "bin"));
    symlinkSync(join(repository, "node_modules"), join(this.folder, "node_modules"));
  }

  /** Runs `pulumi` in the program's folder, or in another one. */
  pulumi(args: readonly string[], options: Partial<CommandOptions> = {}): Promise<CommandResult> {
    return runCommand("pulumi", ["--non-interactive", ...args], {
      cwd: this.folder,
      ...options,
      env: { ...process.env, ...this.sandbox.environment, ...options.env },
    });
  }

  /** As `pulumi`, but a failure is an error that shows what was said. */
  async succeed(
    args: readonly string[],
    options: Partial<CommandOptions> = {},
  ): Promise<CommandResult> {
    const result = await this.pulumi(args, options);
    if (result.exitCode !== 0) {
      throw new Error(`pulumi ${args.join(" ")} ended with ${result.exitCode}:\n${result.output}`);
    }
    return result;
  }

  /** Creates the stack with its configuration, as `pulumi config` would write it. */
  async createStack(stack: string, configuration: Configuration = {}): Promise<void> {
    await this.succeed(["stack", "init", stack, "--no-select"]);
    await this.configure(stack, configuration);
  }

  /** Sets some of the stack's configuration. */
  async configure(stack: string, configuration: Configuration): Promise<void> {
    for (const [key, value] of Object.entries(configuration)) {
      if (typeof value === "string") {
        await this.succeed(["config", "set", "--stack", stack, ...pathFlag(key), key, value]);
      } else {
        this.writeSetting(stack, key, value);
      }
    }
  }

  /** Brings the stack up; the arguments follow `pulumi up`. */
  up(stack: string, ...args: string[]): Promise<CommandResult> {
    return this.pulumi(["up", "--stack", stack, "--yes", "--skip-preview", ...args]);
  }

  /** Removes everything of the stack and the stack itself. */
  destroy(stack: string, ...args: string[]): Promise<CommandResult> {
    return this.pulumi(["destroy", "--stack", stack, "--yes", "--remove", "-f", ...args]);
  }

  /** The stack's outputs. */
  async outputs(stack: string): Promise<Record<string, unknown>> {
    const { stdout } = await this.succeed(["stack", "output", "--stack", stack, "--json"]);
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  /** As a pipeline does that has no checkout any more: only the stack's full name is known. */
  async destroyFromEmptyFolder(fullStackName: string): Promise<CommandResult> {
    const empty = mkdtempSync(join(tmpdir(), "secure-environment-empty-"));
    try {
      const args = ["destroy", "--stack", fullStackName, "--yes", "--remove", "-f"];
      return await this.pulumi(args, { cwd: empty });
    } finally {
      rmSync(empty, { recursive: true });
    }
  }

  private writeSetting(stack: string, key: string, value: object): void {
    const file = join(this.folder, `Pulumi.${stack}.yaml`);
    const settings = parseDocument(readFileSync(file, "utf8"));
    const { name } = parse(readFileSync(join(this.folder, "Pulumi.yaml"), "utf8")) as {
      name: string;
    };
    settings.setIn(["config", `${name}:${key}`], settings.createNode(value));
    writeFileSync(file, settings.toString());
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

/** `quota.pods` style keys are paths into an object. */
function pathFlag(key: string): string[] {
  return /[.["]/.test(key) ? ["--path"] : [];
}

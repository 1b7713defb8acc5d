import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { type Sandbox } from "secure-environment-sandbox";
import { type CommandOptions, type CommandResult, runCommand } from "../../support/command";

const repository = resolve(__dirname, "../../../..");

/** A folder with a small Pulumi program that finds this repository's packages. */
export class ProgramFolder {
  readonly path = mkdtempSync(join(tmpdir(), "stand-in-program-"));
  /** No other program has this name, so that stacks do not meet. */
  readonly project = this.path.split("-").at(-1)?.toLowerCase() ?? "";

  constructor(
    private readonly sandbox: Sandbox,
    program: string,
    runtimeOptions: object = {},
  ) {
    const options = { typescript: false, ...runtimeOptions };
    this.write(
      "Pulumi.yaml",
      JSON.stringify({
        name: `p${this.project}`,
        runtime: { name: "nodejs", options },
        main: "index.js",
      }),
    );
    this.write("package.json", JSON.stringify({ dependencies: { "@pulumi/pulumi": "3.248.0" } }));
    this.write("index.js", program);
    symlinkSync(join(repository, "node_modules"), join(this.path, "node_modules"));
  }

  write(file: string, content: string): void {
    mkdirSync(dirname(join(this.path, file)), { recursive: true });
    writeFileSync(join(this.path, file), content);
  }

  /** Runs `pulumi` in the folder. */
  pulumi(args: readonly string[], options: Partial<CommandOptions> = {}): Promise<CommandResult> {
    return runCommand("pulumi", ["--non-interactive", ...args], {
      cwd: this.path,
      ...options,
      env: { ...process.env, ...this.sandbox.environment, ...options.env },
    });
  }

  /** As `pulumi`, but a failure is an error that shows what was said. */
  async succeed(args: readonly string[]): Promise<CommandResult> {
    const result = await this.pulumi(args);
    if (result.exitCode !== 0) {
      throw new Error(`pulumi ${args.join(" ")} ended with ${result.exitCode}:\n${result.output}`);
    }
    return result;
  }

  /** Updates the stack without a preview. */
  up(...args: string[]): Promise<CommandResult> {
    return this.succeed(["up", "--yes", "--skip-preview", "--stack", "test", ...args]);
  }

  remove(): void {
    rmSync(this.path, { recursive: true });
  }
}

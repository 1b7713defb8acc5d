import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Sandbox } from "secure-environment-sandbox";
import { stringify } from "yaml";
import { type CommandOptions, type CommandResult, runCommand } from "../../../support/command";
import { atEnd } from "../../../support/sandbox";

const command = resolve(__dirname, "../../../../../review/review.js");

/** The `review` command in a folder that has nothing but its settings, with a state backend of its own. */
export class ReviewCommand {
  readonly folder = mkdtempSync(join(tmpdir(), "secure-environment-review-"));
  readonly backend = mkdtempSync(join(tmpdir(), "secure-environment-backend-"));

  constructor(
    private readonly sandbox: Sandbox,
    settings: object = { project: "shop" },
  ) {
    this.writeSettings(settings);
    atEnd(() => this.remove());
  }

  writeSettings(settings: object): void {
    writeFileSync(join(this.folder, "review.yaml"), stringify(settings));
  }

  /** Runs it to its end. */
  run(args: readonly string[], options: Partial<CommandOptions> = {}): Promise<CommandResult> {
    return runCommand(process.execPath, [command, ...args], {
      cwd: this.folder,
      ...options,
      env: {
        ...process.env,
        ...this.sandbox.environment,
        PULUMI_BACKEND_URL: `file://${this.backend}`,
        HOME: this.backend,
        ...options.env,
      },
    });
  }

  /** As `run`, but a failure is an error that shows what was said. */
  async succeed(
    args: readonly string[],
    options: Partial<CommandOptions> = {},
  ): Promise<CommandResult> {
    const result = await this.run(args, options);
    if (result.exitCode !== 0) {
      throw new Error(`review ${args.join(" ")} ended with ${result.exitCode}:\n${result.output}`);
    }
    return result;
  }

  /** The locks and the stacks that the backend has, as paths. */
  filesOfBackend(kind: "locks" | "stacks"): string[] {
    const folder = join(this.backend, ".pulumi", kind);
    try {
      return readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && /\.json$/.test(entry.name))
        .map((entry) => entry.name);
    } catch {
      return [];
    }
  }

  private remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
    rmSync(this.backend, { recursive: true, force: true });
  }
}

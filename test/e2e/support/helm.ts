import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureHelm } from "secure-environment-sandbox";
import { stringify } from "yaml";
import { type CommandResult, runCommand } from "../../support/command";

/** The real Helm, with a folder and settings of its own. */
export class Helm {
  static async start(): Promise<Helm> {
    const { path } = await ensureHelm();
    return new Helm(path);
  }

  readonly folder = mkdtempSync(join(tmpdir(), "secure-environment-helm-"));

  private constructor(private readonly executable: string) {}

  /** Runs Helm in its folder. */
  run(...args: readonly string[]): Promise<CommandResult> {
    const home = join(this.folder, "home");
    const env = {
      PATH: process.env.PATH,
      HOME: home,
      HELM_CACHE_HOME: join(home, "cache"),
      HELM_CONFIG_HOME: join(home, "config"),
      HELM_DATA_HOME: join(home, "data"),
    };
    return runCommand(this.executable, args, { cwd: this.folder, env });
  }

  /** Writes the chart as `helm create` does, and further templates of it. */
  async createChart(name: string, templates: Readonly<Record<string, object>> = {}): Promise<void> {
    const created = await this.run("create", name);
    if (created.exitCode !== 0) {
      throw new Error(`helm create ended with ${created.exitCode}:\n${created.output}`);
    }
    for (const [file, object] of Object.entries(templates)) {
      writeFileSync(join(this.folder, name, "templates", file), stringify(object));
    }
  }

  /** Writes a file of values, and returns its path. */
  writeValues(name: string, values: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, values);
    return path;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

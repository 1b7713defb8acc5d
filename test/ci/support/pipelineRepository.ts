import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { ensureKubectl, type Sandbox } from "secure-environment-sandbox";
import { type CommandResult, runCommand } from "../../support/command";

/** The Pulumi project of the repository, by its name on the host. */
export const pulumiProject = "webshop";

const product = resolve(__dirname, "../../../..");
const credentials = ["KUBECONFIG", "PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE", "BRANCH"];

/** What a repository has before it has review environments. */
const committed: Readonly<Record<string, string>> = {
  ".gitignore": "node_modules\n",
  "package.json": JSON.stringify({
    name: "web-shop",
    devDependencies: { "secure-environment-review": "0.1.0" },
  }),
  "package-lock.json": "{}\n",
  "manifests/shop.yaml": [
    "apiVersion: v1",
    "kind: ConfigMap",
    "metadata: { name: shop }",
    "data: { greeting: hello }",
  ].join("\n"),
};

/**
 * A repository on a host, as bare as the host keeps it, and the checkouts that jobs work in. `review init`
 * has written its settings and its pipeline.
 *
 * In a checkout `npm ci` links the packages of this repository and downloads nothing: what is tested are the
 * pipelines, not the registry.
 */
export class PipelineRepository {
  /** Where no script may ever write; a branch's name tries to. */
  readonly trap: string;
  /** What a runner of the host sets beside the variables of a job. */
  hostVariables: Readonly<Record<string, string>> = {};
  private readonly folder = mkdtempSync(join(tmpdir(), "secure-environment-pipeline-"));
  /** Where the host keeps it; its name is the repository's. */
  readonly origin = join(this.folder, "web-shop.git");
  private readonly author = join(this.folder, "author");
  private checkouts = 0;

  private constructor(private readonly sandbox: Sandbox) {
    this.trap = join(this.folder, "trap");
  }

  /** A repository with review environments on its branch `main`. */
  static async create(sandbox: Sandbox, host: string): Promise<PipelineRepository> {
    const created = new PipelineRepository(sandbox);
    await created.writePrograms();
    await created.git(created.folder, "init", "--bare", "--initial-branch=main", created.origin);
    await created.git(created.folder, "init", "--initial-branch=main", created.author);
    await created.git(created.author, "remote", "add", "origin", created.origin);
    created.write(committed);
    const review = join(product, "review/review.js");
    const init = await runCommand(process.execPath, [review, "init", "--host", host], {
      cwd: created.author,
      env: process.env,
    });
    if (init.exitCode !== 0) {
      throw new Error(init.output);
    }
    await created.commit("main");
    return created;
  }

  /** Pushes a new commit of the branch, which begins at `main`, with these contents of files. */
  async push(branch: string, files: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.git(this.author, "checkout", "--quiet", "--detach", await this.commitOf(branch));
    this.write(files);
    await this.commit(branch);
  }

  /** Deletes the branch on the host. Its commits can still be checked out, as on a host. */
  async deleteBranch(branch: string): Promise<void> {
    await this.git(this.origin, "update-ref", "-d", `refs/heads/${branch}`);
  }

  /** A fresh checkout of the branch's last commit, detached as runners leave it. */
  async checkOut(branch: string, checkout = this.emptyFolder()): Promise<string> {
    await this.git(this.folder, "clone", "--quiet", "--no-checkout", this.origin, checkout);
    await this.git(checkout, "fetch", "--quiet", this.author, `refs/heads/${branch}`);
    await this.git(checkout, "checkout", "--quiet", "--detach", "FETCH_HEAD");
    return checkout;
  }

  /** The content of a file of the default branch. */
  async contentOnMain(path: string): Promise<string> {
    return (await this.git(this.origin, "show", `main:${path}`)).stdout;
  }

  /** A folder for one job. */
  emptyFolder(): string {
    const folder = join(this.folder, `job-${this.checkouts++}`);
    mkdirSync(folder);
    return folder;
  }

  /** What `git status` says of a checkout; nothing of a folder that is none. */
  async changes(folder: string): Promise<string> {
    return existsSync(join(folder, ".git"))
      ? (await this.git(folder, "status", "--porcelain")).stdout.trim()
      : "";
  }

  /** Runs a script with what a runner has and the variables that the host gives to the job. */
  run(
    shell: readonly string[],
    folder: string,
    variables: Readonly<Record<string, string>>,
  ): Promise<CommandResult> {
    const env: NodeJS.ProcessEnv = { ...process.env, ...this.sandbox.environment };
    credentials.forEach((name) => delete env[name]);
    env.PATH = [join(this.folder, "bin"), env.PATH].join(delimiter);
    const [command = "sh", ...args] = shell;
    return runCommand(command, args, { cwd: folder, env: { ...env, ...variables } });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  private write(files: Readonly<Record<string, string>>): void {
    for (const [path, content] of Object.entries(files)) {
      const file = join(this.author, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
  }

  /** What a runner has beside Pulumi: kubectl, and npm, which installs what is here already. */
  private async writePrograms(): Promise<void> {
    const programs = join(this.folder, "bin");
    mkdirSync(programs);
    symlinkSync((await ensureKubectl()).path, join(programs, "kubectl"));
    const { stdout: npm } = await runCommand("sh", ["-c", "command -v npm"], {
      cwd: programs,
      env: process.env,
    });
    const lines = [
      "#!/bin/sh",
      "set -eu",
      'case "$1" in',
      "  ci)",
      "    mkdir -p node_modules",
      `    ln -s "${product}"/node_modules/* "${product}/node_modules/.bin" node_modules ;;`,
      `  *) exec "${npm.trim()}" "$@" ;;`,
      "esac",
    ];
    writeFileSync(join(programs, "npm"), `${lines.join("\n")}\n`, { mode: 0o755 });
  }

  private async commitOf(branch: string): Promise<string> {
    const found = await this.tryGit(this.author, "rev-parse", "--verify", `refs/heads/${branch}`);
    return found.exitCode === 0 ? found.stdout.trim() : "main";
  }

  private async commit(branch: string): Promise<void> {
    await this.git(this.author, "add", "--all");
    await this.git(this.author, "commit", "--quiet", "--allow-empty", "--message", "A change");
    await this.git(this.author, "update-ref", `refs/heads/${branch}`, "HEAD");
    await this.git(this.author, "push", "--quiet", "origin", `HEAD:refs/heads/${branch}`);
  }

  private async git(cwd: string, ...args: string[]): Promise<CommandResult> {
    const result = await this.tryGit(cwd, ...args);
    if (result.exitCode !== 0) {
      throw new Error(`git ${args.join(" ")} ended with ${result.exitCode}:\n${result.output}`);
    }
    return result;
  }

  private tryGit(cwd: string, ...args: string[]): Promise<CommandResult> {
    const person = ["-c", "user.name=Author", "-c", "user.email=author@example.org"];
    return runCommand("git", [...person, ...args], { cwd, env: process.env });
  }
}

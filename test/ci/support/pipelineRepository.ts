import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { type Sandbox } from "secure-environment-sandbox";
import { type CommandResult, runCommand } from "../../support/command";

/** The Pulumi project of the repository: not the one that this program has here. */
export const pulumiProject = "shop";

const repository = resolve(__dirname, "../../../..");
const committed = [
  ".gitignore",
  "Pulumi.yaml",
  "Pulumi.ci.yaml",
  "package.json",
  "tsconfig.base.json",
  "index.ts",
  "ci",
  "policy",
];
const credentials = [
  "KUBECONFIG",
  "PULUMI_BACKEND_URL",
  "PULUMI_CONFIG_PASSPHRASE",
  "BRANCH",
  "BASE",
];

/**
 * A repository on a host, as bare as the host keeps it, and the checkouts that jobs work in.
 *
 * In a checkout `npm ci` links the packages of this repository and downloads nothing. It and `npm
 * run build` make program and policy pack from the checkout's own sources, without checking types:
 * what is tested are the pipelines, not the registry or the compiler.
 */
export class PipelineRepository {
  /** Where no script may ever write; a branch's name tries to. */
  readonly trap: string;
  private readonly folder = mkdtempSync(join(tmpdir(), "secure-environment-pipeline-"));
  /** Where the host keeps it. */
  readonly origin = join(this.folder, "origin.git");
  private readonly author = join(this.folder, "author");
  private checkouts = 0;

  private constructor(private readonly sandbox: Sandbox) {
    this.trap = join(this.folder, "trap");
  }

  /** A repository with this program on its branch `main`, in a project of its own. */
  static async create(sandbox: Sandbox): Promise<PipelineRepository> {
    const created = new PipelineRepository(sandbox);
    created.writeNpm();
    await created.git(created.folder, "init", "--bare", "--initial-branch=main", created.origin);
    await created.git(created.folder, "init", "--initial-branch=main", created.author);
    await created.git(created.author, "remote", "add", "origin", created.origin);
    for (const path of committed) {
      cpSync(join(repository, path), join(created.author, path), { recursive: true });
    }
    created.nameProject();
    await created.commit("main");
    return created;
  }

  /** Pushes a new commit of the branch, which begins at `main`, with these contents of files. */
  async push(branch: string, files: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.git(this.author, "checkout", "--quiet", "--detach", await this.commitOf(branch));
    for (const [path, content] of Object.entries(files)) {
      writeFileSync(join(this.author, path), content);
    }
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

  private nameProject(): void {
    const file = join(this.author, "Pulumi.yaml");
    const renamed = readFileSync(file, "utf8").replace(/^name: .*$/m, `name: ${pulumiProject}`);
    writeFileSync(file, renamed);
  }

  private writeNpm(): void {
    const npm = join(this.folder, "bin", "npm");
    mkdirSync(dirname(npm));
    const esbuild = `"${repository}/node_modules/.bin/esbuild" --platform=node --format=cjs`;
    const lines = [
      "#!/bin/sh",
      "set -eu",
      "program() {",
      `  ${esbuild} --log-level=warning --outdir=bin index.ts`,
      "}",
      "install() {",
      "  mkdir node_modules",
      `  ln -s "${repository}"/node_modules/* "${repository}/node_modules/.bin" node_modules`,
      "}",
      'case "$*" in',
      "  ci) install && program ;;",
      '  "ci --ignore-scripts") install ;;',
      '  "run build")',
      "    program",
      `    ${esbuild} --log-level=warning --outdir=policy/bin policy/*.ts policy/policies/*.ts`,
      "    node policy/bundle.js ;;",
      "  *) exit 1 ;;",
      "esac",
    ];
    writeFileSync(npm, `${lines.join("\n")}\n`, { mode: 0o755 });
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

import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import { atEnd } from "../../../support/sandbox";

/** The checkout of a branch that wants to run, or to count: each of its files is a trap that says that it was used. */
export class TrickyBranch {
  readonly checkout = mkdtempSync(join(tmpdir(), "secure-environment-branch-"));
  private readonly sprung = mkdtempSync(join(tmpdir(), "secure-environment-traps-"));

  /** @param stack whose settings the branch brings. */
  constructor(stack: string) {
    atEnd(() => rmSync(this.checkout, { recursive: true, force: true }));
    atEnd(() => rmSync(this.sprung, { recursive: true, force: true }));
    this.layExecutables();
    this.layModules();
    this.laySettings(stack);
  }

  /** The files that were run. */
  get used(): readonly string[] {
    return readdirSync(this.sprung);
  }

  /** Where the branch wants its state to be, and Pulumi to be at home. */
  get backend(): string {
    return join(this.checkout, "backend");
  }

  /** Programs by the names of those that are run, and hooks. */
  private layExecutables(): void {
    const commands = [
      "pulumi",
      "node",
      "git",
      "sh",
      "kubectl",
      "pulumi-language-nodejs",
      "pulumi-resource-kubernetes",
    ];
    const folders = ["node_modules/.bin", ".pulumi/bin", "bin", "."];
    const hooks = ["post-checkout", "pre-commit", "reference-transaction", "fsmonitor"];
    [
      ...folders.flatMap((folder) => commands.map((command) => join(folder, command))),
      ...hooks.map((hook) => join(".git/hooks", hook)),
    ].forEach((file) => this.write(file, `#!/bin/sh\n: > '${this.trace(file)}'\nexit 0\n`));
    const core =
      "[core]\n\trepositoryformatversion = 0\n\thooksPath = .git/hooks\n\tfsmonitor = .git/hooks/fsmonitor\n";
    this.write(".git/config", core);
    this.write(".git/HEAD", "ref: refs/heads/other\n");
    ["refs", "objects"].forEach((folder) => mkdirSync(join(this.checkout, ".git", folder)));
  }

  /** Modules by the names of those that are loaded, and programs where one is looked for. */
  private layModules(): void {
    const modules = [
      "@pulumi/pulumi",
      "@pulumi/kubernetes",
      "@kubernetes/client-node",
      "commander",
      "yaml",
    ];
    [
      ...[
        ...modules,
        "secure-environment",
        "secure-environment-review",
        "secure-environment-policy",
      ].map((name) => `node_modules/${name}/index.js`),
      ...[
        "index.js",
        "policyPack.js",
        "pack.js",
        "review.js",
        "policy/index.js",
        "review/policyPack.js",
      ],
      ...["bin/bundle/review.js", "bin/bundle/policy/pack.js", "Pulumi.js"],
    ].forEach((file) =>
      this.write(
        file,
        `require("node:fs").writeFileSync(${JSON.stringify(this.trace(file))}, "");\n`,
      ),
    );
    const script = `: > '${this.trace("script")}'`;
    const scripts = Object.fromEntries(
      ["preinstall", "prepare", "build", "review", "start"].map((name) => [name, script]),
    );
    this.write("package.json", JSON.stringify({ name: "branch", main: "index.js", scripts }));
    this.write(
      ".npmrc",
      `script-shell=${join(this.checkout, "sh")}\nnode-options=--require=${join(this.checkout, "index.js")}\n`,
    );
  }

  /** Settings of the command, of Pulumi and of shells. */
  private laySettings(stack: string): void {
    const own = { "tricky:branch": "main", "tricky:owner": "branch", "tricky:size": "large" };
    const program = {
      name: "tricky",
      runtime: "nodejs",
      main: "index.js",
      backend: { url: `file://${this.backend}` },
    };
    const settings = {
      project: "tricky",
      program: ".",
      cluster: "another",
      config: { owner: "branch" },
      policies: { all: "disabled" },
    };
    const plugin = { runtime: "nodejs", main: "index.js" };
    const files = {
      "review.yaml": settings,
      "Pulumi.yaml": program,
      [`Pulumi.${stack}.yaml`]: { config: own },
      "Pulumi.ci.yaml": { config: own },
      "PulumiPlugin.yaml": plugin,
      "PulumiPolicy.yaml": plugin,
      "policy/PulumiPolicy.yaml": plugin,
    };
    Object.entries(files).forEach(([file, content]) => this.write(file, stringify(content)));
    this.write(".pulumi/credentials.json", JSON.stringify({ current: `file://${this.backend}` }));
    const variables = {
      PULUMI_BACKEND_URL: `file://${this.backend}`,
      PULUMI_HOME: join(this.checkout, ".pulumi"),
      KUBECONFIG: join(this.checkout, "kubeconfig"),
      NODE_OPTIONS: `--require=${join(this.checkout, "index.js")}`,
      PATH: join(this.checkout, "bin"),
    };
    const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
    [".env", ".envrc", ".env.local"].forEach((file) => this.write(file, `${lines.join("\n")}\n`));
  }

  private write(file: string, content: string): void {
    const path = join(this.checkout, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    chmodSync(path, 0o755);
  }

  private trace(file: string): string {
    return join(this.sprung, file.replaceAll("/", "."));
  }
}

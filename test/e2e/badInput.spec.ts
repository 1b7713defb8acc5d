import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type CommandResult } from "../support/command";
import { type Configuration } from "./support/reviewProgram";
import { setScene } from "./support/scene";

describe("bad input", function () {
  this.timeout(300_000);
  const scene = setScene();

  it("gets one message with every fault, its value and its fix, and creates nothing", async () => {
    const before = await namespaces();
    const up = await upWith("review-faulty", {
      branch: "production",
      project: "A-Project",
      brnach: "login",
      'quota["limits.cpu"]': "2 cpus",
      'quota["limits.memory"]': "256Mi",
      owner: "Jane Doe",
      expiresAt: "tomorrow",
    });
    expectRefused(up, [
      "The environment has 8 problems; nothing was created.",
      "- brnach: is not a configuration key. Did you mean `branch`?",
      '- project: cannot be part of a namespace (found "A-Project").',
      '- branch: belongs to the stack review-production, but this is the stack review-faulty (found "production").',
      '- branch: is reserved (production) (found "production").',
      '- quota["limits.cpu"]: is not a Kubernetes quantity (found "2 cpus").',
      '- containerDefaults.limits["memory"]: is more than quota["limits.memory"], which is 256Mi (found "512Mi").',
      '- owner: cannot be the value of a label (found "Jane Doe").',
      '- expiresAt: is not an instant in UTC (found "tomorrow").',
    ]);
    expect(await namespaces()).to.deep.equal(before);
  });

  it("is a setting that is kept secret, and its value is not told", async () => {
    const stack = "review-secretive";
    await scene.program.createStack(stack);
    await scene.program.succeed([
      "config",
      "set",
      "--stack",
      stack,
      "--secret",
      "owner",
      "hidden.jane",
    ]);
    const up = await scene.program.up(stack);
    await scene.program.succeed(["stack", "rm", "--stack", stack, "--yes", "--force"]);
    expectRefused(up, ["- owner: is kept secret, but environments show their settings"]);
    expect(up.output).not.to.contain("hidden.jane");
  });

  it("is a name that configuration made a number, and the fix of the message keeps its digits", async () => {
    const stack = "review-numbered";
    await scene.program.createStack(stack, { access: [{ user: 5349, preset: "view" }] });
    const up = await scene.program.up(stack);
    expectRefused(up, ["- access[0].user: is a number and no text, and was perhaps written"]);
    const [, path = ""] = /`pulumi config set --path --type string '(\S+)' TEXT`/.exec(up.output)!;
    await scene.program.succeed([
      ...["config", "set", "--stack", stack, "--path", "--type", "string", path, "5349"],
    ]);
    const preview = await scene.program.pulumi(["preview", "--stack", stack]);
    expect(preview.exitCode, preview.output).to.equal(0);
    await scene.program.succeed(["stack", "rm", "--stack", stack, "--yes"]);
  });

  it("is a KUBECONFIG that holds the content of a kubeconfig, of which nothing is told", async () => {
    const content = '{"users":[{"user":{"token":"hunter2"}}]}';
    const up = await upWith("review-told", {}, { KUBECONFIG: content });
    expectRefused(up, [
      "- KUBECONFIG: holds the content of a kubeconfig, which is not shown here.",
    ]);
    expect(up.output).not.to.contain("hunter2");
  });

  it("is a stack that is not a review environment", async () => {
    expectRefused(await upWith("login"), [
      '- stack: is not the name of a review environment (found "login"). Use the stack review-login,',
    ]);
  });

  it("is a stack with a name that no namespace can have", async () => {
    expectRefused(await upWith("review-Login_form"), [
      '- stack: cannot be the name of a namespace (found "review-Login_form").',
    ]);
  });

  it("is a stack whose namespace is too long", async () => {
    const long = `review-${"x".repeat(60)}`;
    expectRefused(await upWith(long), [
      `makes the namespace 4 characters longer than 63 (found "${long}").`,
    ]);
  });

  it("is a cluster that nobody chose, though ~/.kube/config would lead to one", async () => {
    const home = mkdtempSync(join(tmpdir(), "secure-environment-home-"));
    mkdirSync(join(home, ".kube"));
    copyFileSync(scene.sandbox.kubeconfig, join(home, ".kube", "config"));
    const before = await namespaces();
    const up = await upWith("review-nowhere", {}, { HOME: home, KUBECONFIG: "" });
    rmSync(home, { recursive: true });
    expectRefused(up, [
      "the current context of ~/.kube/config is never used",
      "`pulumi config set kubernetes:context NAME`",
      "`pulumi config set --secret kubernetes:kubeconfig CONTENT`",
      "environment variable KUBECONFIG",
    ]);
    expect(await namespaces()).to.deep.equal(before);
  });

  it("is a KUBECONFIG without a file, which some clients take for the cluster they run in", async () => {
    const up = await upWith("review-nowhere", {}, { KUBECONFIG: "/nowhere/config" });
    expectRefused(up, ['- KUBECONFIG: names no file that exists (found "/nowhere/config").']);
  });

  async function namespaces(): Promise<string[]> {
    const { body } = await scene.api.request("GET", "/api/v1/namespaces");
    return (body.items as { metadata: { name: string } }[]).map(({ metadata }) => metadata.name);
  }

  async function upWith(
    stack: string,
    configuration: Configuration = {},
    env: NodeJS.ProcessEnv = {},
  ): Promise<CommandResult> {
    await scene.program.createStack(stack, configuration);
    const args = ["up", "--stack", stack, "--yes", "--skip-preview"];
    const up = await scene.program.pulumi(args, { env });
    await scene.program.succeed(["stack", "rm", "--stack", stack, "--yes", "--force"]);
    return up;
  }

  function expectRefused(result: CommandResult, parts: readonly string[]): void {
    expect(result.exitCode, result.output).not.to.equal(0);
    for (const part of parts) {
      expect(result.output).to.contain(part);
    }
    expect(result.output, "a stack trace").not.to.match(/^\s+at .+:\d+:\d+/m);
  }
});

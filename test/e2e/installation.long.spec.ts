import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { labels } from "#components/core/labels";
import { groupPath } from "./support/apiRequests";
import { runCommand } from "../support/command";
import { PlatformCluster } from "./support/platformScene";
import { type Configuration, ReviewProgram } from "./support/reviewProgram";

const page = readFileSync(resolve(__dirname, "../../../docs/platform.md"), "utf8");

describe("the installation of the platform, as its page says it", function () {
  this.timeout(300_000);
  let cluster: PlatformCluster;
  let home: string;

  before("start a cluster without a platform", async () => {
    cluster = await PlatformCluster.start();
    home = mkdtempSync(join(tmpdir(), "secure-environment-home-"));
    mkdirSync(join(home, ".kube"));
    copyFileSync(cluster.sandbox.kubeconfig, join(home, ".kube", "production-cluster.yaml"));
  });

  after("stop it", async () => {
    await cluster.end();
    rmSync(home, { recursive: true });
  });

  it("needs no command but those of the first three steps", async () => {
    const script = codeBlocks("sh").filter((block) => !block.includes("kubectl"));
    const { output, exitCode } = await runCommand("sh", ["-ec", script.join("")], {
      cwd: cluster.program.folder,
      env: {
        ...process.env,
        ...cluster.sandbox.environment,
        KUBECONFIG: "",
        HOME: home,
        PULUMI_SKIP_CONFIRMATIONS: "true",
      },
    });
    expect(exitCode, output).to.equal(0);
    const outputs = await cluster.program.outputs("production-cluster");
    expect(outputs).to.include.keys("apiServer", "certificateAuthority", "clusterId");
  });

  it("lets the account of the fourth step make an environment with the settings of the fifth", async () => {
    const [, account = "", namespace = ""] =
      /kubectl create token (\S+) --namespace (\S+)/.exec(page) ?? [];
    const pipeline = await cluster.sandbox.serviceAccountKubeconfig(namespace, account);
    const program = new ReviewProgram(cluster.sandbox);
    try {
      await program.createStack("review-login", environmentSettings());
      const up = ["up", "--stack", "review-login", "--yes", "--skip-preview"];
      await program.succeed(up, { env: { KUBECONFIG: pipeline } });
    } finally {
      program.remove();
    }
    const place = { namespace: "review-shop-login" };
    const bindings = groupPath(place, "rbac.authorization.k8s.io", "rolebindings");
    const { status } = await cluster.api.request("GET", `${bindings}/verifier`);
    expect(status).to.equal(200);
  });

  it("marks what must stay by the label that is looked for", () => {
    expect(page).to.contain(`kubectl label namespace staging ${labels.protect}=true`);
  });
});

/** Blocks of code inside the numbered steps, as they are typed. */
function codeBlocks(language: string): string[] {
  const indented = page.matchAll(/^( +)```(\w+)\n([\s\S]*?)^\1```$/gm);
  return [...indented].flatMap(([, , found, text = ""]) => (found === language ? [text] : []));
}

/** What a project's `Pulumi.ci.yaml` gets, for a stack of the program. */
function environmentSettings(): Configuration {
  const { config } = parse(codeBlocks("yaml").join("")) as { config: Record<string, unknown> };
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key.replace(/^review:/, ""), String(value)]),
  );
}

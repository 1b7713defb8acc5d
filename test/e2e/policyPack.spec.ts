import { expect } from "chai";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { noCluster } from "../kubernetes/support/noCluster";
import { analyzeState } from "../policy/support/exportedState";
import { configMap, disguised, policyFolder, violatedPolicies } from "../policy/support/rawProgram";
import { setRawScene } from "../policy/support/rawScene";

const stack = "review-judged";

const settings = configMap("settings");

describe("the policy pack", function () {
  this.timeout(300_000);
  const scene = setRawScene();

  it("has nothing against the program, with no cluster, no credentials and no state", async () => {
    const env = { PULUMI_BACKEND_URL: pathToFileURL(scene.folder).href, KUBECONFIG: noCluster };
    const program = scene.program;
    await program.succeed(["stack", "init", stack, "--no-select"], { env });
    const args = ["preview", "--stack", stack, "--policy-pack", policyFolder];
    const expiry = ["-c", "expiresAt=2027-01-31T18:00:00Z"];
    const { output } = await program.succeed([...args, ...expiry], { env });
    expect(output).to.match(/✅ secure-environment@v/);
  });

  it("judges in the same way when a copy of its folder is all there is", async () => {
    const copy = join(scene.folder, "copy");
    cpSync(policyFolder, copy, { recursive: true });
    expect(
      violatedPolicies(await scene.raw.preview([...scene.walled, disguised], copy)),
    ).to.deep.equal(["types-are-true"]);
  });

  it("refuses configuration that names a policy which is none", async () => {
    const configuration = scene.configurationFile({ "types-are-treu": "advisory" });
    const preview = await scene.raw.preview(
      [...scene.walled, settings],
      policyFolder,
      configuration,
    );
    expect(preview.exitCode, preview.output).not.to.equal(0);
    expect(preview.output).to.contain(
      "names the policy types-are-treu. Did you mean `types-are-true`?",
    );
  });

  it("says that its configuration switches a policy off", async () => {
    const configuration = scene.configurationFile({ "types-are-true": "disabled" });
    const preview = await scene.raw.preview(
      [...scene.walled, disguised],
      policyFolder,
      configuration,
    );
    expect(violatedPolicies(preview)).not.to.include("types-are-true");
    expect(preview.output).to.contain("The configuration switches the policy types-are-true off.");
  });

  it("names what is excepted in every run", async () => {
    const exception = {
      resource: "disguised",
      reason: "It goes with the next release.",
      expiresAt: "2999-01-01T00:00:00Z",
    };
    const configuration = scene.configurationFile({
      "types-are-true": { exceptions: [exception] },
    });
    for (const resource of [disguised, settings]) {
      const preview = await scene.raw.preview(
        [...scene.walled, resource],
        policyFolder,
        configuration,
      );
      expect(violatedPolicies(preview)).to.deep.equal([]);
      expect(preview.output).to.contain(
        "types-are-true: disguised is excepted until 2999-01-01T00:00:00Z: It goes with the next release.",
      );
    }
  });

  it("refuses a resource before it is made, and leaves what stands", async () => {
    const before = await scene.raw.up([...scene.walled, settings]);
    expect(before.exitCode, before.output).to.equal(0);

    const update = await scene.raw.up(
      [...scene.walled, settings, disguised],
      "--policy-pack",
      policyFolder,
    );
    expect(update.exitCode, update.output).not.to.equal(0);
    expect(violatedPolicies(update)).to.deep.equal(["types-are-true"]);
    expect(update.output).to.contain("makes nothing of it; what stands stays.");
    expect(await statusOf("configmaps", "settings")).to.equal(200);
    expect(await statusOf("configmaps", "disguised")).to.equal(404);
    expect(await statusOf("secrets", "disguised")).to.equal(404);

    const destroy = await scene.raw.destroy();
    expect(destroy.exitCode, destroy.output).to.equal(0);
  });

  it("judges what stands already, by an exported state alone", async () => {
    await scene.program.createStack(stack);
    const up = await scene.program.up(stack);
    expect(up.exitCode, up.output).to.equal(0);
    const { stdout } = await scene.program.succeed(["stack", "export", "--stack", stack]);
    expect((await analyzeState(scene.program, stdout)).exitCode).to.equal(0);

    const state = stdout.replaceAll('"kind": "ResourceQuota"', '"kind": "Pod"');
    const changed = await analyzeState(scene.program, state);
    expect(changed.exitCode, changed.output).not.to.equal(0);
    expect(violatedPolicies(changed)).to.include("types-are-true");

    const elsewhere = await analyzeState(scene.program, withQuotasElsewhere(stdout));
    expect(new Set(violatedPolicies(elsewhere)), elsewhere.output).to.deep.equal(
      new Set(["environment-is-on-one-cluster"]),
    );
    expect((await scene.program.destroy(stack)).exitCode).to.equal(0);
  });

  async function statusOf(kind: string, name: string): Promise<number> {
    const path = `/api/v1/namespaces/review-login/${kind}/${name}`;
    return (await scene.api.request("GET", path)).status;
  }
});

/** The exported state with the quotas made by a provider of their own. */
function withQuotasElsewhere(exported: string): string {
  const state = JSON.parse(exported) as { deployment: { resources: StateResource[] } };
  const { resources } = state.deployment;
  const provider = resources.find(({ type }) => type === "pulumi:providers:kubernetes")!;
  const other = { ...provider, urn: provider.urn.replace(/::[^:]*$/, "::other") };
  resources.splice(resources.indexOf(provider), 0, other);
  for (const resource of resources.filter(({ type }) => type.endsWith(":ResourceQuota"))) {
    resource.provider = `${other.urn}::${other.id}`;
  }
  return JSON.stringify(state);
}

interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id: string;
  provider?: string;
}

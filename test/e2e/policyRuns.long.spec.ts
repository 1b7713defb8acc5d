import { expect } from "chai";
import { pathToFileURL } from "node:url";
import { policies } from "#policy/policies/index";
import { noCluster } from "../kubernetes/support/noCluster";
import {
  configMap,
  disguised,
  policyFolder,
  type RawResource,
  violatedPolicies,
} from "../policy/support/rawProgram";
import { setRawScene } from "../policy/support/rawScene";

const settings = configMap("settings");

const pack = ["--policy-pack", policyFolder];

const exception = { resource: "disguised", reason: "Soon.", expiresAt: "2999-01-01T00:00:00Z" };

describe("the policy pack, in a run that is not the usual one", function () {
  this.timeout(300_000);
  const scene = setRawScene();

  it("has nothing against a first preview, when the name of the namespace is not known", async () => {
    const env = { PULUMI_BACKEND_URL: pathToFileURL(scene.folder).href, KUBECONFIG: noCluster };
    const unnamed = "review-unnamed";
    await scene.program.succeed(["stack", "init", unnamed, "--no-select"], { env });
    const args = ["preview", "--stack", unnamed, "--policy-pack", policyFolder];
    const { output } = await scene.program.succeed([...args, "-c", "uniqueSuffix=true"], {
      env,
    });
    expect(output).to.contain("/v1:Namespace environment create");
    expect(output).not.to.match(/review-unnamed-[a-z0-9]{6}\b/);
    expect(violatedPolicies({ output })).to.deep.equal([]);
  });

  const refused: Readonly<Record<string, readonly [settings: object, told: string]>> = {
    "a setting that is none": [
      { excepions: [] },
      "has the setting excepions. Did you mean `exceptions`?",
    ],
    "an exception without a reason": [
      { exceptions: [{ ...exception, reason: undefined }] },
      "reason is required",
    ],
    "an exception without an expiry": [
      { exceptions: [{ ...exception, expiresAt: undefined }] },
      "expiresAt is required",
    ],
  };
  for (const [title, [configured, told]] of Object.entries(refused)) {
    it(`refuses configuration with ${title}`, async () => {
      const configuration = scene.configurationFile({ "types-are-true": configured });
      const preview = await scene.raw.preview(
        [...scene.walled, disguised],
        policyFolder,
        configuration,
      );
      expect(preview.exitCode, preview.output).not.to.equal(0);
      expect(preview.output).to.contain(told);
      expect(preview.output).not.to.match(/^ +at /m);
    });
  }

  it("says of each policy that its configuration switches all of them off", async () => {
    const configuration = scene.configurationFile({ all: "disabled" });
    const preview = await scene.raw.preview(
      [...scene.walled, disguised],
      policyFolder,
      configuration,
    );
    for (const { name } of policies) {
      expect(preview.output).to.contain(`The configuration switches the policy ${name} off.`);
    }
  });

  it("objects to a run that is to make the namespace alone, without its walls", async () => {
    const preview = await scene.raw.previewWith([...pack, "--target", "**::env"], scene.walled);
    expect(violatedPolicies(preview)).to.include("environment-has-quota");
  });

  it("judges what a run is about beside what stands, and nothing that the run leaves out", async () => {
    const before = await scene.raw.up([...scene.walled, settings]);
    expect(before.exitCode, before.output).to.equal(0);

    const target = [...pack, "--target", "**::settings"];
    const spared = await scene.raw.previewWith(target, [
      ...scene.walled,
      withData(settings),
      disguised,
    ]);
    expect(spared.exitCode, spared.output).to.equal(0);
    expect(spared.output).to.match(/✅ secure-environment@v/);
    const sinful = await scene.raw.previewWith(target, [
      ...scene.walled,
      configMap("settings", "Secret"),
    ]);
    expect(violatedPolicies(sinful)).to.deep.equal(["types-are-true"]);

    const destroy = await scene.raw.destroy();
    expect(destroy.exitCode, destroy.output).to.equal(0);
  });
});

function withData(resource: RawResource): RawResource {
  return { ...resource, properties: { ...resource.properties, data: { theme: "dark" } } };
}

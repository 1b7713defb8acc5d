import { expect } from "chai";
import { noCluster } from "../kubernetes/support/noCluster";
import { objectsIn } from "./support/namespaceObjects";
import { promisedObjects } from "./support/promised";
import { setScene } from "./support/scene";
import { compliantPod } from "./support/workloads";

describe("the life of an environment", function () {
  this.timeout(300_000);
  const scene = setScene();

  it("can be previewed before the first `up` with no cluster in reach", async () => {
    await scene.program.createStack("review-previewed");
    const preview = await scene.program.pulumi(["preview", "--stack", "review-previewed"], {
      env: { KUBECONFIG: noCluster },
    });
    expect(preview.exitCode, preview.output).to.equal(0);
    expect(preview.output).to.match(/16 to create/);
    expect(warningsIn(preview.output)).to.deep.equal([]);
    await scene.program.succeed(["stack", "rm", "--stack", "review-previewed", "--yes"]);
  });

  it("stands after `up` with exactly the promised objects", async () => {
    await scene.program.createStack("review-first", { owner: "jane.doe" });
    const up = await scene.program.up("review-first");
    expect(up.exitCode, up.output).to.equal(0);
    expect(warningsIn(up.output)).to.deep.equal([]);
    expect(await objectsIn(scene.api, "review-first")).to.deep.equal(promisedObjects);
  });

  it("has a namespace that refuses every pod that is not restricted, at the latest version", async () => {
    const { body } = await scene.api.request("GET", "/api/v1/namespaces/review-first");
    expect(body.metadata.labels).to.deep.equal({
      "kubernetes.io/metadata.name": "review-first",
      "pod-security.kubernetes.io/audit": "restricted",
      "pod-security.kubernetes.io/audit-version": "latest",
      "pod-security.kubernetes.io/enforce": "restricted",
      "pod-security.kubernetes.io/enforce-version": "latest",
      "pod-security.kubernetes.io/warn": "restricted",
      "pod-security.kubernetes.io/warn-version": "latest",
      "secure-environment/kind": "review",
      "secure-environment/owner": "jane.doe",
      "secure-environment/project": "review",
      "secure-environment/stack": "review-first",
    });
  });

  it("gives its pods no token for the API server", async () => {
    const { body } = await scene.api.request(
      "GET",
      "/api/v1/namespaces/review-first/serviceaccounts/default",
    );
    expect(body.automountServiceAccountToken).to.equal(false);
    const pods = "/api/v1/namespaces/review-first/pods";
    const pod = await scene.api.request("POST", pods, compliantPod("tokenless"));
    expect([pod.status, pod.body.spec.volumes]).to.deep.equal([201, undefined]);
    expect((await scene.api.request("DELETE", `${pods}/tokenless`)).status).to.equal(200);
  });

  it("says in its outputs what stands", async () => {
    const outputs = await scene.program.outputs("review-first");
    expect(outputs).to.include({
      namespaceName: "review-first",
      stackName: "review-first",
      developerRoleName: "developer",
    });
    expect(outputs.quota).to.include({ "services.loadbalancers": "0", pods: "24" });
  });

  it("is not changed by a second `up`", async () => {
    const up = await scene.program.pulumi([
      ...["up", "--stack", "review-first", "--yes", "--refresh", "--expect-no-changes"],
    ]);
    expect(up.exitCode, up.output).to.equal(0);
  });

  it("stands side by side with another one", async () => {
    await scene.program.createStack("review-second");
    const up = await scene.program.up("review-second");
    expect(up.exitCode, up.output).to.equal(0);
    expect(await objectsIn(scene.api, "review-second")).to.deep.equal(promisedObjects);
    expect(await objectsIn(scene.api, "review-first")).to.deep.equal(promisedObjects);
  });

  it("leaves the other one standing when it is destroyed", async () => {
    const destroy = await scene.program.destroy("review-second");
    expect(destroy.exitCode, destroy.output).to.equal(0);
    expect(await namespaceStatus("review-second")).to.equal(404);
    expect(await objectsIn(scene.api, "review-first")).to.deep.equal(promisedObjects);
  });

  it("leaves no object and no stack when it is destroyed from an empty folder", async () => {
    const fullName = "organization/review/review-first";
    const destroy = await scene.program.destroyFromEmptyFolder(fullName);
    expect(destroy.exitCode, destroy.output).to.equal(0);
    expect(await namespaceStatus("review-first")).to.equal(404);
    const { stdout } = await scene.program.succeed(["stack", "ls", "--json"]);
    const stacks = (JSON.parse(stdout) as { name: string }[]).map(({ name }) => name);
    expect(stacks).not.to.include("review-first");
  });

  it("keeps its walls and their state when it is permanent and somebody destroys it", async () => {
    await scene.program.createStack("lasting", { permanent: "true" });
    const up = await scene.program.up("lasting");
    expect(up.exitCode, up.output).to.equal(0);
    const destroy = await scene.program.destroy("lasting");
    expect(destroy.exitCode).not.to.equal(0);
    expect(await objectsIn(scene.api, "lasting")).to.deep.equal(promisedObjects);
    const again = await scene.program.up("lasting", "--expect-no-changes");
    expect(again.exitCode, again.output).to.equal(0);
    await scene.program.succeed(["state", "unprotect", "--stack", "lasting", "--all", "--yes"]);
    expect((await scene.program.destroy("lasting")).exitCode).to.equal(0);
    expect(await namespaceStatus("lasting")).to.equal(404);
  });

  it("can end in a random suffix that stays the same from run to run", async () => {
    await scene.program.createStack("review-again", { uniqueSuffix: "true" });
    const up = await scene.program.up("review-again");
    expect(up.exitCode, up.output).to.equal(0);
    const { namespaceName } = await scene.program.outputs("review-again");
    expect(namespaceName).to.match(/^review-again-[a-z0-9]{6}$/);
    const second = await scene.program.up("review-again", "--expect-no-changes");
    expect(second.exitCode, second.output).to.equal(0);
    expect(await objectsIn(scene.api, String(namespaceName))).to.deep.equal(promisedObjects);
    const destroy = await scene.program.destroy("review-again");
    expect(destroy.exitCode, destroy.output).to.equal(0);
  });

  async function namespaceStatus(name: string): Promise<number> {
    return (await scene.api.request("GET", `/api/v1/namespaces/${name}`)).status;
  }
});

/** All warnings, but for those about where the sandbox's plugins are and which version they have. */
function warningsIn(output: string): string[] {
  const lines = output.split("\n").filter((line) => /warning:/.test(line));
  return lines.filter((line) => !/from \$PATH|is expected to have version/.test(line));
}

import { expect } from "chai";
import { eventually } from "../support/eventually";
import { History } from "./support/history";
import { setScene } from "./support/scene";
import { compliantPod } from "./support/workloads";

const namespace = "review-ordered";
const namespacePath = `/api/v1/namespaces/${namespace}`;
const podPath = `${namespacePath}/pods/held`;
const walls = [
  "LimitRange/environment",
  "NetworkPolicy/default-deny",
  "NetworkPolicy/dns",
  "NetworkPolicy/same-environment",
  "ResourceQuota/environment",
  "ResourceQuota/no-cross-namespace-affinity",
  "ResourceQuota/no-system-priority",
];

describe("the order of building and tearing down", function () {
  this.timeout(300_000);
  const scene = setScene();

  before(async () => {
    await scene.program.createStack(namespace);
  });

  it("lets nobody in before every wall stands", async () => {
    const history = await History.of(scene.api, namespace);
    const up = await scene.program.up(namespace);
    expect(up.exitCode, up.output).to.equal(0);
    await history.until("ADDED", "RoleBinding/developer");
    await history.until("ADDED", "RoleBinding/deployer");
    history.stop();
    const added = history.order("ADDED");
    expect(added[0]).to.equal(`Namespace/${namespace}`);
    const [roles, bindings] = [1 + walls.length, 3 + walls.length];
    expect(added.slice(1, roles).sort()).to.deep.equal(walls);
    expect(added.slice(roles, bindings).sort()).to.deep.equal(["Role/deployer", "Role/developer"]);
    expect(added.slice(bindings).sort()).to.deep.equal([
      "RoleBinding/deployer",
      "RoleBinding/developer",
    ]);
  });

  it("keeps every wall until the last pod is gone", async () => {
    const pod = compliantPod("held");
    pod.metadata.finalizers = ["test.example/held"];
    expect((await scene.api.request("POST", `${namespacePath}/pods`, pod)).status).to.equal(201);
    const history = await History.of(scene.api, namespace);
    const destroying = scene.program.destroy(namespace);
    await namespaceWaitsForPod();
    expect(history.order("DELETED")).to.deep.equal([]);
    await release();
    const destroy = await destroying;
    expect(destroy.exitCode, destroy.output).to.equal(0);
    for (const object of [...walls, `Namespace/${namespace}`]) {
      await history.until("DELETED", object);
    }
    history.stop();
    expect(history.order("DELETED")[0]).to.equal("Pod/held");
  });

  /** The namespace controller has asked the pod to go and has reported on its first pass. */
  function namespaceWaitsForPod(): Promise<void> {
    return eventually(async () => {
      const [home, pod] = [
        await scene.api.request("GET", namespacePath),
        await scene.api.request("GET", podPath),
      ];
      return home.body.status.conditions !== undefined && pod.body.metadata.deletionTimestamp;
    });
  }

  async function release(): Promise<void> {
    const patch = { metadata: { finalizers: null } };
    await scene.api.request("PATCH", podPath, patch, {
      contentType: "application/merge-patch+json",
    });
  }
});

import { expect } from "chai";
import { resolveCapacity } from "#components/environment/capacity/capacityProblems";
import { limitRangeSpec } from "#components/environment/capacity/limitRange";
import { quotaSpec } from "#components/environment/capacity/resourceQuota";
import { eventually } from "../support/eventually";
import { judgedCapacity, resourcePods } from "../support/podResources";
import { setScene } from "./support/scene";
import { compliantPod } from "./support/workloads";

const namespace = "review-fitting";
const home = `/api/v1/namespaces/${namespace}`;
const dryRun = { query: { dryRun: "All" } };

describe("in an environment, a pod", function () {
  this.timeout(300_000);
  const scene = setScene();

  before("build the walls that bound it", async () => {
    const capacity = resolveCapacity(judgedCapacity);
    await scene.api.request("POST", "/api/v1/namespaces", { metadata: { name: namespace } });
    const walls = {
      resourcequotas: quotaSpec(capacity.quota),
      limitranges: limitRangeSpec(capacity),
    };
    for (const [kind, spec] of Object.entries(walls)) {
      const object = { metadata: { name: "environment" }, spec };
      const { status, body } = await scene.api.request("POST", `${home}/${kind}`, object);
      expect(status, body.message).to.equal(201);
    }
    await eventually(async () => {
      const { status, body } = await createPod({});
      return status === 201 && body.spec.containers[0].resources.limits !== undefined;
    });
  });

  after(() => scene.api.request("DELETE", `/api/v1/namespaces/${namespace}`));

  for (const { pod, spec, refusal } of resourcePods) {
    it(`${pod} is ${refusal === undefined ? "admitted" : "refused"}`, async () => {
      const { status, body } = await createPod(spec);
      if (refusal === undefined) {
        expect(status, body.message).to.equal(201);
      } else {
        expect(status).to.be.oneOf([400, 403, 422]);
        expect(body.message).to.contain(refusal);
      }
    });
  }

  it("with one container and limits of its own leaves the container at the default", async () => {
    const { body } = await createPod({ resources: { limits: { cpu: "1" } } });
    expect(body.spec.resources.requests.cpu).to.equal("1");
    expect(body.spec.containers[0].resources.limits.cpu).to.equal("500m");
  });

  function createPod(changes: object) {
    const { spec, ...pod } = compliantPod("pod");
    return scene.api.request(
      "POST",
      `${home}/pods`,
      { ...pod, spec: { ...spec, ...changes } },
      dryRun,
    );
  }
});

import { expect } from "chai";
import { parseQuantity } from "#components/core/quantity";
import { sizeQuota } from "#components/core/sizes";

const ofSize = {
  small: sizeQuota("small"),
  medium: sizeQuota("medium"),
  large: sizeQuota("large"),
};

describe("a size", () => {
  it("is medium unless asked otherwise", () => {
    expect(sizeQuota()).to.deep.equal(ofSize.medium);
  });

  it("bounds compute, storage and the objects that can be created", () => {
    const { medium } = ofSize;
    expect(
      Object.fromEntries(Object.entries(medium).filter(([, amount]) => amount !== "0")),
    ).to.deep.equal({
      "requests.cpu": "2",
      "requests.memory": "4Gi",
      "requests.ephemeral-storage": "8Gi",
      "limits.cpu": "4",
      "limits.memory": "8Gi",
      "limits.ephemeral-storage": "16Gi",
      "requests.storage": "20Gi",
      persistentvolumeclaims: "5",
      pods: "20",
      services: "10",
      configmaps: "50",
      secrets: "50",
      "count/pods": "40",
      "count/deployments.apps": "20",
      "count/replicasets.apps": "100",
      "count/statefulsets.apps": "10",
      "count/controllerrevisions.apps": "200",
      "count/jobs.batch": "20",
      "count/cronjobs.batch": "10",
      "count/horizontalpodautoscalers.autoscaling": "10",
      "count/ingresses.networking.k8s.io": "10",
      "count/serviceaccounts": "20",
      "count/poddisruptionbudgets.policy": "10",
    });
  });

  for (const [size, quota] of Object.entries(ofSize)) {
    it(`${size} has no door past the network, no pod on every node and no device`, () => {
      expect(Object.keys(quota).filter((key) => quota[key] === "0")).to.deep.equal([
        "services.loadbalancers",
        "services.nodeports",
        "count/daemonsets.apps",
        "count/resourceclaims.resource.k8s.io",
        "count/resourceclaimtemplates.resource.k8s.io",
        "requests.nvidia.com/gpu",
        "requests.nvidia.com/gpu.shared",
        "requests.amd.com/gpu",
        "requests.gpu.intel.com/i915",
        "requests.gpu.intel.com/xe",
        "requests.habana.ai/gaudi",
        "requests.aws.amazon.com/neuron",
        "requests.aws.amazon.com/neuroncore",
        "requests.google.com/tpu",
        "requests.hugepages-2Mi",
        "requests.hugepages-1Gi",
      ]);
    });
  }

  it("doubles compute, storage and pods of the one before", () => {
    const keys = Object.keys(ofSize.medium).filter((key) =>
      /^(requests|limits)\.(cpu|memory|ephemeral-storage|storage)$|^(count\/)?pods$/.test(key),
    );
    expect(keys).to.have.length(9);
    for (const key of keys) {
      const [small, medium, large] = Object.values(ofSize).map((quota) => amount(quota[key]));
      expect([medium, large], key).to.deep.equal([2n * small!, 4n * small!]);
    }
  });

  it("bounds the same as any other, and never less than a smaller one", () => {
    const { small, medium, large } = ofSize;
    expect(Object.keys(small)).to.deep.equal(Object.keys(medium));
    expect(Object.keys(large)).to.deep.equal(Object.keys(medium));
    for (const key of Object.keys(medium)) {
      expect(amount(small[key]) <= amount(medium[key]), key).to.equal(true);
      expect(amount(medium[key]) <= amount(large[key]), key).to.equal(true);
    }
  });
});

function amount(text = ""): bigint {
  return parseQuantity(text) ?? -1n;
}

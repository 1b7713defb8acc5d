import { expect } from "chai";
import { defaultContainerDefaults } from "#components/core/containerDefaults";
import { plainPodDemand, shortEntries } from "#components/core/podFit";
import { one, parseQuantity } from "#components/core/quantity";
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
      "requests.cpu": "2400m",
      "requests.memory": "4Gi",
      "requests.ephemeral-storage": "8Gi",
      "limits.cpu": "12",
      "limits.memory": "12Gi",
      "limits.ephemeral-storage": "24Gi",
      "requests.storage": "20Gi",
      persistentvolumeclaims: "5",
      pods: "24",
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

describe("pods that ask for nothing", () => {
  const meant = { small: 10n, medium: 20n, large: 40n };
  const meshes = [undefined, "linkerd", "istio", "ambient"] as const;

  for (const [size, pods] of Object.entries(meant) as ["small" | "medium" | "large", bigint][]) {
    for (const mesh of meshes) {
      it(`fit into ${size}${mesh === undefined ? "" : ` in ${mesh}`}: ${pods} and a rollout beside them`, () => {
        const quota = sizeQuota(size, mesh);
        const room = amount(quota["pods"]) / one;
        expect(room).to.equal(pods + pods / 5n);
        const demand = plainPodDemand(defaultContainerDefaults, mesh);
        expect(shortEntries(quota, demand, room)).to.deep.equal([]);
      });
    }
  }

  it("count as many in a quota as their containers and the proxies of a mesh", () => {
    const demands = meshes.map((mesh) => [...plainPodDemand(defaultContainerDefaults, mesh)]);
    const ofTwo = [
      ["requests.cpu", amount("200m")],
      ["requests.memory", amount("256Mi")],
      ["requests.ephemeral-storage", amount("512Mi")],
    ];
    expect(demands[0]).to.deep.equal(demands[3]);
    expect(demands[1]).to.deep.equal([
      ...ofTwo,
      ["limits.cpu", amount("1")],
      ["limits.memory", amount("1Gi")],
      ["limits.ephemeral-storage", amount("2Gi")],
    ]);
    expect(demands[2]).to.deep.equal([
      ...ofTwo,
      ["limits.cpu", amount("2500m")],
      ["limits.memory", amount("1536Mi")],
      ["limits.ephemeral-storage", amount("2Gi")],
    ]);
  });

  it("are bounded by the least of the entries, and by none that is missing", () => {
    const demand = plainPodDemand(defaultContainerDefaults, undefined);
    expect(
      shortEntries({ "limits.cpu": "1900m", "limits.memory": "4Gi" }, demand, 9n),
    ).to.deep.equal([
      { key: "limits.cpu", pods: 3n, demand: amount("500m") },
      { key: "limits.memory", pods: 8n, demand: amount("512Mi") },
    ]);
  });
});

describe("a size in a mesh", () => {
  it("has the proxies of all its pods on top of its compute, and everything else as without", () => {
    const { small } = ofSize;
    expect(sizeQuota("small", "istio")).to.deep.equal({
      ...small,
      "requests.cpu": "2400m",
      "requests.memory": "3584Mi",
      "requests.ephemeral-storage": "7Gi",
      "limits.cpu": "30",
      "limits.memory": "18Gi",
      "limits.ephemeral-storage": "24Gi",
    });
    expect(sizeQuota("small", "linkerd")).to.deep.equal({
      ...small,
      "requests.cpu": "2400m",
      "requests.memory": "3584Mi",
      "requests.ephemeral-storage": "7Gi",
      "limits.cpu": "12",
      "limits.memory": "12Gi",
      "limits.ephemeral-storage": "24Gi",
    });
    expect(sizeQuota("small", "ambient")).to.deep.equal(small);
  });
});

function amount(text = ""): bigint {
  return parseQuantity(text) ?? -1n;
}

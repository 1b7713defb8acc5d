import { expect } from "chai";
import fc from "fast-check";
import * as capacity from "#components/capacity";
import { parseQuantity } from "#components/quantity";

const quantityRemedy =
  "Write a number with at most one unit and no space, such as 2, 500m, 512Mi or 10Gi.";
const fitRemedy =
  "Lower the first or raise the second: a container that asks for nothing must fit.";

describe("the quota of an environment", () => {
  it("bounds compute, storage and every kind of object unless asked otherwise", () => {
    expect(capacity.resolveQuota()).to.deep.equal({
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
      "services.loadbalancers": "0",
      "services.nodeports": "0",
      configmaps: "50",
      secrets: "50",
      "count/pods": "40",
      "count/deployments.apps": "20",
      "count/replicasets.apps": "100",
      "count/statefulsets.apps": "10",
      "count/jobs.batch": "20",
      "count/cronjobs.batch": "10",
      "count/ingresses.networking.k8s.io": "10",
    });
  });

  it("keeps every other bound when one is replaced or added", () => {
    const asked = { pods: "3", "count/leases.coordination.k8s.io": "5" };
    expect(capacity.resolveQuota(asked)).to.deep.equal({ ...capacity.defaultQuota, ...asked });
  });

  it("reaches the API server as it is and with no scope that something could escape", () => {
    const quota = capacity.resolveQuota();
    expect(capacity.quotaSpec(quota)).to.deep.equal({ hard: { ...capacity.defaultQuota } });
  });
});

describe("the limit range of an environment", () => {
  const max = { cpu: "4", memory: "8Gi", "ephemeral-storage": "16Gi" };

  it("gives defaults to containers and bounds containers, pods and volumes by the quota", () => {
    expect(limitRange({}, {})).to.deep.equal({
      limits: [
        {
          type: "Container",
          default: { cpu: "500m", memory: "512Mi", "ephemeral-storage": "1Gi" },
          defaultRequest: { cpu: "100m", memory: "128Mi", "ephemeral-storage": "256Mi" },
          max,
        },
        { type: "Pod", max },
        { type: "PersistentVolumeClaim", max: { storage: "20Gi" } },
      ],
    });
  });

  it("follows a quota and container defaults that replace single entries", () => {
    const asked = { requests: { cpu: "50m" }, limits: { memory: "1Gi" } };
    const lowered = { ...max, cpu: "1" };
    expect(limitRange({ "limits.cpu": "1", "requests.storage": "1Gi" }, asked)).to.deep.equal({
      limits: [
        {
          type: "Container",
          default: { cpu: "500m", memory: "1Gi", "ephemeral-storage": "1Gi" },
          defaultRequest: { cpu: "50m", memory: "128Mi", "ephemeral-storage": "256Mi" },
          max: lowered,
        },
        { type: "Pod", max: lowered },
        { type: "PersistentVolumeClaim", max: { storage: "1Gi" } },
      ],
    });
  });
});

describe("a capacity", () => {
  it("has no problem as it comes", () => {
    expect(problems({}, {})).to.deep.equal([]);
  });

  for (const key of [
    "count/leases.coordination.k8s.io",
    "count/services",
    "requests.nvidia.com/gpu",
    "fast.storageclass.storage.k8s.io/requests.storage",
    "fast.storageclass.storage.k8s.io/persistentvolumeclaims",
  ]) {
    it(`may bound ${key}`, () => {
      expect(problems({ [key]: "1" }, {})).to.deep.equal([]);
    });
  }

  it("may measure, not only count, what is compute or storage", () => {
    const quota = {
      "requests.cpu": "1500m",
      "limits.memory": "1.5Gi",
      "requests.storage": "0.5Ti",
      "fast.storageclass.storage.k8s.io/requests.storage": "1.5Gi",
    };
    expect(problems(quota, {})).to.deep.equal([]);
  });

  it("may have container defaults that are exactly what the quota allows", () => {
    const quota = { "limits.cpu": "0.5", "requests.cpu": "0.1" };
    expect(problems(quota, {})).to.deep.equal([]);
  });

  for (const amount of ["2 cpus", "", "1 Gi", "1K", "two"]) {
    it(`cannot be ${JSON.stringify(amount)}`, () => {
      expect(problems({ "requests.storage": amount }, {})).to.deep.equal([
        {
          property: 'quota["requests.storage"]',
          found: amount,
          fault: "is not a Kubernetes quantity",
          remedy: quantityRemedy,
        },
      ]);
    });
  }

  it("cannot be negative", () => {
    expect(problems({ secrets: "-1" }, {})).to.deep.equal([
      { property: 'quota["secrets"]', found: "-1", fault: "is negative", remedy: quantityRemedy },
    ]);
  });

  for (const key of ["pods", "services.loadbalancers", "count/jobs.batch", "requests.a.com/gpu"]) {
    it(`cannot count fractions of ${key}`, () => {
      expect(problems({ [key]: "1500m" }, {})).to.deep.equal([
        {
          property: `quota["${key}"]`,
          found: "1500m",
          fault: "is a count but no whole number",
          remedy: "Write a whole number, such as 20.",
        },
      ]);
    });
  }

  const nearest = {
    "limit.cpu": "limits.cpu",
    Pods: "pods",
    loadbalancers: "services.loadbalancers",
  };
  for (const [key, known] of Object.entries(nearest)) {
    it(`cannot bound ${key}, and ${known} is suggested`, () => {
      expect(problems({ [key]: "1" }, {})).to.deep.equal([
        {
          property: `quota["${key}"]`,
          fault: "is not something a quota can bound",
          remedy: `Did you mean \`${known}\`?`,
        },
      ]);
    });
  }

  for (const key of ["gpu", "toString", "constructor", "count/", "count/Pods", "requests./gpu"]) {
    it(`cannot bound ${key}`, () => {
      expect(problems({ [key]: "1" }, {}).map((problem) => problem.fault)).to.deep.equal([
        "is not something a quota can bound",
      ]);
    });
  }

  it("has no container defaults for what no container has", () => {
    expect(problems({}, { limits: { disk: "1Gi" }, requests: { memroy: "1Gi" } })).to.deep.equal([
      {
        property: 'containerDefaults.requests["memroy"]',
        fault: "has no default",
        remedy: "Did you mean `memory`?",
      },
      {
        property: 'containerDefaults.limits["disk"]',
        fault: "has no default",
        remedy: "Known are cpu, memory, ephemeral-storage.",
      },
    ]);
  });

  it("cannot default to a request above the limit", () => {
    expect(problems({}, { requests: { cpu: "600m" } })).to.deep.equal([
      {
        property: 'containerDefaults.requests["cpu"]',
        found: "600m",
        fault: 'is more than containerDefaults.limits["cpu"], which is 500m',
        remedy: fitRemedy,
      },
    ]);
  });

  it("cannot default to more than the quota, for any resource", () => {
    const tight = {
      "requests.memory": "64Mi",
      "limits.cpu": "0.1",
      "limits.ephemeral-storage": "0",
    };
    expect(problems(tight, {})).to.deep.equal([
      {
        property: 'containerDefaults.limits["cpu"]',
        found: "500m",
        fault: 'is more than quota["limits.cpu"], which is 0.1',
        remedy: fitRemedy,
      },
      {
        property: 'containerDefaults.requests["memory"]',
        found: "128Mi",
        fault: 'is more than quota["requests.memory"], which is 64Mi',
        remedy: fitRemedy,
      },
      {
        property: 'containerDefaults.limits["ephemeral-storage"]',
        found: "1Gi",
        fault: 'is more than quota["limits.ephemeral-storage"], which is 0',
        remedy: fitRemedy,
      },
    ]);
  });

  it("names every fault at once", () => {
    const found = problems({ pods: "x", gpu: "1" }, { requests: { cpu: "9" } });
    expect(found.map((problem) => problem.property)).to.deep.equal([
      'quota["pods"]',
      'quota["gpu"]',
      'containerDefaults.requests["cpu"]',
      'containerDefaults.requests["cpu"]',
    ]);
  });

  it("has no problem exactly when a container that asks for nothing fits", () => {
    const amount = fc.tuple(fc.nat(2_000), fc.constantFrom("m", "", "Ki")).map((p) => p.join(""));
    const cases = fc.record({ request: amount, limit: amount, requests: amount, limits: amount });
    const check = fc.property(cases, ({ request, limit, requests, limits }) => {
      const found = problems(
        { "requests.cpu": requests, "limits.cpu": limits },
        { requests: { cpu: request }, limits: { cpu: limit } },
      );
      const fits =
        isOrdered(request, limit) && isOrdered(request, requests) && isOrdered(limit, limits);
      expect(found.length === 0).to.equal(fits);
    });
    fc.assert(check, { numRuns: 10_000, seed: 20_260_117 });
  });
});

function problems(quota: capacity.Amounts, defaults: Partial<capacity.ContainerDefaults>) {
  return capacity.capacityProblems(
    capacity.resolveQuota(quota),
    capacity.resolveContainerDefaults(defaults),
  );
}

function limitRange(quota: capacity.Amounts, defaults: Partial<capacity.ContainerDefaults>) {
  return capacity.limitRangeSpec(
    capacity.resolveQuota(quota),
    capacity.resolveContainerDefaults(defaults),
  );
}

function isOrdered(small: string, large: string): boolean {
  return (parseQuantity(small) ?? -1n) <= (parseQuantity(large) ?? -1n);
}

import { expect } from "chai";
import fc from "fast-check";
import {
  capacityProblems,
  type CapacityArguments,
  resolveCapacity,
} from "#components/environment/capacity/capacityProblems";
import { podRoomReports } from "#components/environment/capacity/podRoom";
import { limitRangeSpec } from "#components/environment/capacity/limitRange";
import { one, parseQuantity } from "#components/core/quantity";
import { sizeQuota } from "#components/core/sizes";

const quantityRemedy =
  "Write a number with at most one unit and no space, such as 2, 500m, 512Mi or 10Gi.";
const fitRemedy =
  "Lower the first or raise the second: a container that asks for nothing must fit.";
const runs = { numRuns: 5_000, seed: 20_260_117 };

function problemsOf(args: CapacityArguments) {
  return capacityProblems(args, resolveCapacity(args));
}

describe("the capacity of an environment", () => {
  it("keeps every other bound of its size when one is replaced or added", () => {
    const quota = { pods: "3", "count/leases.coordination.k8s.io": "5" };
    expect(resolveCapacity({ size: "small", quota }).quota).to.deep.equal({
      ...sizeQuota("small"),
      ...quota,
    });
  });

  it("replaces single entries of the container defaults", () => {
    const containerDefaults = { requests: { cpu: "50m" }, limits: { memory: "1Gi" } };
    expect(resolveCapacity({ containerDefaults }).containerDefaults).to.deep.equal({
      requests: { cpu: "50m", memory: "128Mi", "ephemeral-storage": "256Mi" },
      limits: { cpu: "500m", memory: "1Gi", "ephemeral-storage": "1Gi" },
    });
  });

  it("lets one pod and one volume take all that the quota has unless asked otherwise", () => {
    const quota = { "limits.cpu": "1", "requests.storage": "1Gi" };
    const { podMaximum, volumeMaximum } = resolveCapacity({ quota, podMaximum: { memory: "1Gi" } });
    expect(podMaximum).to.deep.equal({ cpu: "1", memory: "1Gi", "ephemeral-storage": "24Gi" });
    expect(volumeMaximum).to.equal("1Gi");
  });
});

describe("the capacity of an environment in a mesh", () => {
  it("has room for the proxies, and keeps what was asked for", () => {
    const { quota } = resolveCapacity({
      size: "small",
      mesh: "istio",
      quota: { "limits.cpu": "9" },
    });
    expect(quota).to.deep.equal({ ...sizeQuota("small", "istio"), "limits.cpu": "9" });
    expect(quota["limits.memory"]).to.equal("18Gi");
  });

  it("has no problem as it comes", () => {
    for (const mesh of ["linkerd", "istio", "ambient"] as const) {
      expect(problemsOf({ mesh })).to.deep.equal([]);
    }
  });

  it("cannot have a largest pod into which the proxy does not fit", () => {
    const podMaximum = { cpu: "2", memory: "1536Mi" };
    expect(problemsOf({ mesh: "istio", podMaximum })).to.deep.equal([
      {
        property: 'podMaximum["cpu"]',
        found: "2",
        fault:
          "is less than a pod that asks for nothing has with the proxy of istio, which is 2500m",
        remedy: "Write at least 2500m, or lower containerDefaults.",
      },
    ]);
    expect(problemsOf({ mesh: "ambient", podMaximum })).to.deep.equal([]);
    expect(problemsOf({ podMaximum })).to.deep.equal([]);
  });

  it("cannot have a quota into which no pod fits with the proxy", () => {
    const quota = { "requests.memory": "200Mi", "limits.cpu": "800m" };
    expect(problemsOf({ quota })).to.deep.equal([]);
    expect(
      problemsOf({ mesh: "linkerd", quota }).map(({ property, found, fault }) => [
        property,
        found,
        fault,
      ]),
    ).to.deep.equal([
      [
        'quota["requests.memory"]',
        "200Mi",
        "is less than a pod that asks for nothing has with the proxy of linkerd, which is 256Mi",
      ],
      [
        'quota["limits.cpu"]',
        "800m",
        "is less than a pod that asks for nothing has with the proxy of linkerd, which is 1",
      ],
    ]);
  });
});

describe("what is told of a capacity", () => {
  const reports = (args: CapacityArguments) => podRoomReports(resolveCapacity(args), args.mesh);

  it("is nothing where as many pods fit that ask for nothing as may run", () => {
    for (const size of ["small", "medium", "large"] as const) {
      for (const mesh of [undefined, "linkerd", "istio", "ambient"] as const) {
        expect(reports({ size, mesh })).to.deep.equal([]);
      }
    }
    expect(reports({ quota: { pods: "4", "limits.cpu": "2" } })).to.deep.equal([]);
    expect(reports({ quota: { pods: "0" } })).to.deep.equal([]);
    expect(reports({ quota: { pods: "many" } })).to.deep.equal([]);
  });

  it("is how many fit, and what it takes for all", () => {
    expect(reports({ quota: { "limits.cpu": "2", "requests.memory": "1Gi" } })).to.deep.equal([
      'Of pods that ask for nothing only 4 fit, and quota["pods"] is 24. For all of them: quota["requests.memory"] 3Gi, quota["limits.cpu"] 12; or lower containerDefaults, or quota["pods"].',
    ]);
  });

  it("is how many fit with the proxies of a mesh", () => {
    expect(
      reports({ size: "small", mesh: "istio", quota: { "limits.cpu": "2600m" } }),
    ).to.deep.equal([
      'Of pods that ask for nothing with the proxy of istio only 1 fits, and quota["pods"] is 12. For all of them: quota["limits.cpu"] 30; or lower containerDefaults, or quota["pods"].',
    ]);
  });

  it("counts by the container defaults that were asked for", () => {
    const containerDefaults = { limits: { cpu: "1" } };
    expect(reports({ containerDefaults })).to.deep.equal([
      'Of pods that ask for nothing only 12 fit, and quota["pods"] is 24. For all of them: quota["limits.cpu"] 24; or lower containerDefaults, or quota["pods"].',
    ]);
  });
});

describe("a capacity", () => {
  it("has no problem as it comes", () => {
    expect(problemsOf({})).to.deep.equal([]);
  });

  for (const key of [
    "count/leases.coordination.k8s.io",
    "count/services",
    "requests.nvidia.com/gpu",
    "fast.storageclass.storage.k8s.io/requests.storage",
    "fast.storageclass.storage.k8s.io/persistentvolumeclaims",
    "gpu.deviceclass.resource.k8s.io/devices",
    "requests.hugepages-64Ki",
  ]) {
    it(`may bound ${key}`, () => {
      expect(problemsOf({ quota: { [key]: "1" } })).to.deep.equal([]);
    });
  }

  it("may measure, not only count, what is compute or storage", () => {
    const quota = {
      "requests.cpu": "1500m",
      "limits.memory": "1.5Gi",
      "requests.storage": "0.5Ti",
      "fast.storageclass.storage.k8s.io/requests.storage": "1.5Gi",
    };
    expect(problemsOf({ quota })).to.deep.equal([]);
  });

  it("may have container defaults that are exactly what the quota allows", () => {
    const quota = { "limits.cpu": "0.5", "requests.cpu": "0.1" };
    expect(problemsOf({ quota })).to.deep.equal([]);
  });

  for (const amount of ["2 cpus", "", "1 Gi", "1K", "two"]) {
    it(`cannot be ${JSON.stringify(amount)}`, () => {
      expect(problemsOf({ quota: { "requests.storage": amount } })).to.deep.equal([
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
    expect(problemsOf({ quota: { secrets: "-1" } })).to.deep.equal([
      { property: 'quota["secrets"]', found: "-1", fault: "is negative", remedy: quantityRemedy },
    ]);
  });

  for (const key of ["pods", "services.loadbalancers", "count/jobs.batch", "requests.a.com/gpu"]) {
    it(`cannot count fractions of ${key}`, () => {
      expect(problemsOf({ quota: { [key]: "1500m" } })).to.deep.equal([
        {
          property: `quota["${key}"]`,
          found: "1500m",
          fault: "is a count but no whole number",
          remedy: "Write a whole number, such as 20.",
        },
      ]);
    });
  }

  it("cannot count further than the API server", () => {
    const faultsOf = (secrets: string) =>
      problemsOf({ quota: { secrets } }).map(({ fault }) => fault);
    expect(faultsOf("9223372036854775")).to.deep.equal([]);
    expect(faultsOf("9223372036854776")).to.deep.equal(["is more than the API server can count"]);
  });

  const nearest = {
    "limit.cpu": "limits.cpu",
    Pods: "pods",
    loadbalancers: "services.loadbalancers",
  };
  for (const [key, known] of Object.entries(nearest)) {
    it(`cannot bound ${key}, and ${known} is suggested`, () => {
      expect(problemsOf({ quota: { [key]: "1" } })).to.deep.equal([
        {
          property: `quota["${key}"]`,
          fault: "is not something a quota can bound",
          remedy: `Did you mean \`${known}\`?`,
        },
      ]);
    });
  }

  for (const key of [
    "gpu",
    "toString",
    "constructor",
    "count/",
    "count/Pods",
    "requests./gpu",
    "hugepages-2Mi",
    "count/-",
    "count/jobs.",
    `count/${"x".repeat(64)}`,
    "requests.-/gpu",
    "requests.example.com/-",
    "a..b.storageclass.storage.k8s.io/requests.storage",
  ]) {
    it(`cannot bound ${key}`, () => {
      expect(problemsOf({ quota: { [key]: "1" } }).map((problem) => problem.fault)).to.deep.equal([
        "is not something a quota can bound",
      ]);
    });
  }

  it("has no container defaults for what no container has", () => {
    expect(
      problemsOf({
        containerDefaults: { limits: { disk: "1Gi" }, requests: { memroy: "1Gi" } },
      }),
    ).to.deep.equal([
      {
        property: 'containerDefaults.requests["memroy"]',
        fault: "is not a resource of containers",
        remedy: "Did you mean `memory`?",
      },
      {
        property: 'containerDefaults.limits["disk"]',
        fault: "is not a resource of containers",
        remedy: "Known are cpu, memory, ephemeral-storage.",
      },
    ]);
  });

  it("cannot default to a request above the limit", () => {
    expect(problemsOf({ containerDefaults: { requests: { cpu: "600m" } } })).to.deep.equal([
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
    expect(problemsOf({ quota: tight })).to.deep.equal([
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
    const found = problemsOf({
      quota: { pods: "x", gpu: "1" },
      containerDefaults: { requests: { cpu: "9" } },
    });
    expect(found.map((problem) => problem.property)).to.deep.equal([
      'quota["pods"]',
      'quota["gpu"]',
      'containerDefaults.requests["cpu"]',
      'containerDefaults.requests["cpu"]',
    ]);
  });

  it("cannot default to nothing, which nodes take for no limit at all", () => {
    const containerDefaults = { requests: { memory: "128" }, limits: { cpu: "0", memory: "0" } };
    const remedies = { cpu: "Write at least 1m.", memory: "Write at least 1Mi." };
    expect(problemsOf({ containerDefaults })).to.deep.equal([
      {
        property: 'containerDefaults.limits["cpu"]',
        found: "0",
        fault: "is less than 1m, and nodes take 0 for no limit at all",
        remedy: remedies.cpu,
      },
      {
        property: 'containerDefaults.requests["memory"]',
        found: "128",
        fault: "is less than 1Mi, and nodes take 0 for no limit at all",
        remedy: remedies.memory,
      },
      {
        property: 'containerDefaults.limits["memory"]',
        found: "0",
        fault: "is less than 1Mi, and nodes take 0 for no limit at all",
        remedy: remedies.memory,
      },
    ]);
  });

  it("has container defaults that fit into the largest pod", () => {
    expect(problemsOf({ podMaximum: { cpu: "400m" } })).to.deep.equal([
      {
        property: 'containerDefaults.limits["cpu"]',
        found: "500m",
        fault: 'is more than podMaximum["cpu"], which is 400m',
        remedy: fitRemedy,
      },
    ]);
  });

  it("cannot give one pod more than all pods together, and judges the defaults by the less", () => {
    const quota = { "limits.memory": "256Mi" };
    expect(problemsOf({ quota, podMaximum: { memory: "16Gi" } })).to.deep.equal([
      {
        property: 'podMaximum["memory"]',
        found: "16Gi",
        fault: 'is more than quota["limits.memory"], which is 256Mi',
        remedy:
          "Lower the first or raise the second: a pod can have no more than all pods together.",
      },
      {
        property: 'containerDefaults.limits["memory"]',
        found: "512Mi",
        fault: 'is more than quota["limits.memory"], which is 256Mi',
        remedy: fitRemedy,
      },
    ]);
  });

  it("has a pod maximum for what pods have, in quantities", () => {
    const found = problemsOf({ podMaximum: { memroy: "1Gi", cpu: "two" } });
    expect(found.map(({ property, remedy }) => [property, remedy])).to.deep.equal([
      ['podMaximum["memroy"]', "Did you mean `memory`?"],
      ['podMaximum["cpu"]', quantityRemedy],
    ]);
  });

  it("cannot give one volume more than all volumes together", () => {
    expect(problemsOf({ volumeMaximum: "30Gi" })).to.deep.equal([
      {
        property: "volumeMaximum",
        found: "30Gi",
        fault: 'is more than quota["requests.storage"], which is 20Gi',
        remedy: "Lower the first or raise the second: a volume can have no more than all together.",
      },
    ]);
  });

  for (const [volumeMaximum, fault] of [
    ["big", "is not a Kubernetes quantity"],
    ["-1Gi", "is negative"],
    ["10", "is less than 1Mi"],
  ]) {
    it(`cannot have ${volumeMaximum} as its largest volume`, () => {
      const found = problemsOf({ volumeMaximum });
      expect(found.map((problem) => problem.fault)).to.deep.equal([fault]);
    });
  }

  const hidden: [string, string, string, string][] = [
    ["requests.cpu", "13", "limits.cpu", "12"],
    ["gold.storageclass.storage.k8s.io/requests.storage", "50Gi", "requests.storage", "20Gi"],
    ["gold.storageclass.storage.k8s.io/persistentvolumeclaims", "6", "persistentvolumeclaims", "5"],
    ["pods", "41", "count/pods", "40"],
  ];
  for (const [part, amount, whole, bound] of hidden) {
    it(`cannot promise more ${part} than ${whole} lets anybody have`, () => {
      expect(problemsOf({ quota: { [part]: amount } })).to.deep.equal([
        {
          property: `quota["${part}"]`,
          found: amount,
          fault: `is more than quota["${whole}"], which is ${bound}`,
          remedy: "Lower the first or raise the second: more than the second is never admitted.",
        },
      ]);
    });
  }

  it("cannot store fewer pods than may run", () => {
    const found = problemsOf({ quota: { "count/pods": "19" } });
    expect(found.map((problem) => problem.fault)).to.deep.equal([
      'is more than quota["count/pods"], which is 19',
    ]);
  });

  it("may have lower limits than its size requests, and less of one storage class", () => {
    const quota = { "limits.cpu": "1", "gold.storageclass.storage.k8s.io/requests.storage": "1Gi" };
    expect(problemsOf({ quota })).to.deep.equal([]);
  });

  it("may be asleep: no pods at all", () => {
    expect(problemsOf({ quota: { pods: "0" } })).to.deep.equal([]);
  });

  for (const priorityClass of ["review-low", "low.priority", "a".repeat(63)]) {
    it(`may require the PriorityClass ${priorityClass}`, () => {
      expect(problemsOf({ priorityClass })).to.deep.equal([]);
    });
  }

  for (const priorityClass of ["system-node-critical", "system-cluster-critical", "system-mine"]) {
    it(`cannot require the PriorityClass ${priorityClass} of the cluster itself`, () => {
      const found = problemsOf({ priorityClass });
      expect(found.map((problem) => problem.fault)).to.deep.equal([
        "belongs to the cluster's own pods, for which all others are evicted",
      ]);
    });
  }

  for (const priorityClass of ["", "Low", "-low", "low_1", "low..er", "a".repeat(64)]) {
    it(`cannot require the PriorityClass ${JSON.stringify(priorityClass)}`, () => {
      const found = problemsOf({ priorityClass });
      expect(found.map((problem) => problem.fault)).to.deep.equal([
        "cannot be the name of a PriorityClass that a quota selects",
      ]);
    });
  }

  it("has no problem exactly when a container that asks for nothing fits", () => {
    const amount = fc.tuple(fc.nat(2_000), fc.constantFrom("m", "", "Ki")).map((p) => p.join(""));
    const cases = fc.record({
      request: amount,
      limit: amount,
      pod: amount,
      requests: amount,
      limits: amount,
    });
    holds(cases, ({ request, limit, pod, requests, limits }) => {
      const found = problemsOf({
        quota: { "requests.cpu": requests, "limits.cpu": limits },
        containerDefaults: { requests: { cpu: request }, limits: { cpu: limit } },
        podMaximum: { cpu: pod },
      });
      const fits = ascends("1m", request, limit, pod, limits) && ascends(request, requests, limits);
      expect(found.length === 0).to.equal(fits);
    });
  });

  it("without problems has a limit range that agrees with its quota", () => {
    const share = fc.integer({ min: 1, max: 64 });
    const cases = fc.record(
      {
        size: fc.constantFrom("small", "medium", "large"),
        quota: fc.record(
          {
            "limits.cpu": share.map((n) => `${n * 125}m`),
            "limits.memory": share.map((n) => `${n * 128}Mi`),
            "requests.memory": share.map((n) => `${n * 64}Mi`),
            "requests.storage": share.map((n) => `${n - 1}Gi`),
            pods: share.map(String),
          },
          { requiredKeys: [] },
        ),
        podMaximum: fc.record(
          { cpu: share.map((n) => `${n * 250}m`), memory: share.map((n) => `${n * 64}M`) },
          { requiredKeys: [] },
        ),
        containerDefaults: fc.record(
          { limits: fc.record({ cpu: share.map((n) => `${n * 50}m`) }) },
          { requiredKeys: [] },
        ),
        volumeMaximum: share.map((n) => `${n * 512}Mi`),
      },
      { requiredKeys: [] },
    ) as fc.Arbitrary<CapacityArguments>;
    let judged = 0;
    holds(cases, (args) => {
      if (problemsOf(args).length === 0) {
        judged += 1;
        expectAgreement(args);
      }
    });
    expect(judged).to.be.greaterThan(runs.numRuns / 20);
  });
});

/** What the API server would refuse or nobody could use, worked out from the objects alone. */
function expectAgreement(args: CapacityArguments): void {
  const capacity = resolveCapacity(args);
  const hard = capacity.quota;
  const [container, pod, volume] = limitRangeSpec(capacity).limits as Limit[];
  for (const resource of ["cpu", "memory", "ephemeral-storage"]) {
    const { min, max, default: limit, defaultRequest } = amountsOf(resource, container);
    const { min: podMin, max: podMax } = amountsOf(resource, pod);
    expectAscending(
      "1n",
      podMin,
      min,
      defaultRequest,
      limit,
      max,
      podMax,
      hard[`limits.${resource}`],
    );
    expectAscending(defaultRequest, hard[`requests.${resource}`]);
  }
  const { min, max } = amountsOf("storage", volume);
  expectAscending(min, max, hard["requests.storage"]);
  expectAscending(hard.pods, hard["count/pods"]);
}

const limitFields = ["min", "max", "default", "defaultRequest"] as const;
type Limit = Partial<Record<(typeof limitFields)[number], Record<string, string>>>;

function amountsOf(resource: string, limit: Limit = {}) {
  return Object.fromEntries(limitFields.map((field) => [field, limit[field]?.[resource]]));
}

function expectAscending(...amounts: (string | undefined)[]): void {
  expect(ascends(...amounts), amounts.join(" ≤ ")).to.equal(true);
}

/** Whether no amount is less than the one before; one that is missing is passed over. */
function ascends(...amounts: (string | undefined)[]): boolean {
  const numbers = amounts
    .filter((text) => text !== undefined)
    .map((text) => parseQuantity(text) ?? -one);
  return numbers.every((number, index) => index === 0 || (numbers[index - 1] ?? 0n) <= number);
}

function holds<T>(arbitrary: fc.Arbitrary<T>, predicate: (value: T) => void): void {
  fc.assert(fc.property(arbitrary, predicate), runs);
}

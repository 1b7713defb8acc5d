import fc from "fast-check";
import { type SecureEnvironmentArgs } from "secure-environment";
import { EnvironmentSize } from "#components/environment/capacity/capacityArgs";

/** Bounds of one resource, each no more than the next one. */
interface Bounds {
  readonly request: string;
  readonly limit: string;
  readonly podMaximum: string;
  readonly quotaLimit: string;
  readonly quotaRequest: string;
}

const computeUnits = { cpu: "m", memory: "Mi", "ephemeral-storage": "Mi" } as const;
type Resource = keyof typeof computeUnits;

/** How much an environment may take, with nothing that contradicts itself. */
export function anyCapacity(): fc.Arbitrary<SecureEnvironmentArgs> {
  const bounds = fc.record(
    {
      cpu: anyBounds("cpu"),
      memory: anyBounds("memory"),
      "ephemeral-storage": anyBounds("ephemeral-storage"),
    },
    { requiredKeys: [] },
  );
  const rest = fc.record(
    {
      size: fc.constantFrom(...Object.values(EnvironmentSize)),
      priorityClass: fc.constantFrom("review-low", "team.review-low"),
    },
    { requiredKeys: [] },
  );
  return fc
    .tuple(bounds, anyStorage(), anyCounts(), rest)
    .map(([compute, storage, counts, others]) => {
      const quota = { ...computeQuota(compute), ...storage.quota, ...counts };
      return {
        ...others,
        ...(Object.keys(quota).length === 0 ? {} : { quota }),
        ...containerArguments(compute),
        ...(storage.volumeMaximum === undefined ? {} : { volumeMaximum: storage.volumeMaximum }),
      };
    });
}

type Compute = Partial<Record<Resource, Bounds>>;

function computeQuota(compute: Compute): Record<string, string> {
  return Object.fromEntries(
    Object.entries(compute).flatMap(([resource, { quotaLimit, quotaRequest }]) => [
      [`limits.${resource}`, quotaLimit],
      [`requests.${resource}`, quotaRequest],
    ]),
  );
}

function containerArguments(compute: Compute): SecureEnvironmentArgs {
  const pick = (bound: keyof Bounds) =>
    Object.fromEntries(Object.entries(compute).map(([resource, one]) => [resource, one[bound]]));
  return Object.keys(compute).length === 0
    ? {}
    : {
        containerDefaults: { requests: pick("request"), limits: pick("limit") },
        podMaximum: pick("podMaximum"),
      };
}

function anyBounds(resource: Resource): fc.Arbitrary<Bounds> {
  const unit = computeUnits[resource];
  const amount = fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 64_000 }));
  return fc
    .tuple(
      fc.tuple(amount, amount, amount, amount).map((all) => all.sort((one, two) => one - two)),
      fc.nat(),
      fc.boolean(),
    )
    .map(([[request = 1, limit = 1, podMaximum = 1, quotaLimit = 1], between, isPlain]) => {
      const written = (number: number) => (isPlain ? plainly(number, unit) : `${number}${unit}`);
      return {
        request: written(request),
        limit: written(limit),
        podMaximum: written(podMaximum),
        quotaLimit: written(quotaLimit),
        quotaRequest: written(request + (between % (quotaLimit - request + 1))),
      };
    });
}

/** The same amount without a unit. */
function plainly(number: number, unit: "m" | "Mi"): string {
  return unit === "m" ? String(number / 1000) : String(number * 2 ** 20);
}

function anyStorage() {
  const gibibytes = fc.integer({ min: 1, max: 500 });
  return fc.oneof(
    fc.constant({ quota: {}, volumeMaximum: undefined }),
    fc.constantFrom("0", "512Ki").map((none) => ({
      quota: { "requests.storage": none },
      volumeMaximum: undefined,
    })),
    fc.tuple(gibibytes, gibibytes).map(([one, other]) => ({
      quota: { "requests.storage": `${Math.max(one, other)}Gi` },
      volumeMaximum: `${Math.min(one, other)}Gi`,
    })),
  );
}

function anyCounts(): fc.Arbitrary<Record<string, string>> {
  const count = fc.oneof(fc.constantFrom("0", "1k", "2e2"), fc.nat({ max: 5000 }).map(String));
  const counts = fc.record(
    {
      services: count,
      "services.loadbalancers": count,
      configmaps: count,
      "count/jobs.batch": count,
      "count/widgets.example.com": count,
      "requests.nvidia.com/gpu": count,
      "requests.example.com/fpga": count,
      "requests.hugepages-2Mi": fc.constantFrom("0", "64Mi"),
      "gold.storageclass.storage.k8s.io/persistentvolumeclaims": fc.constantFrom("0", "1"),
    },
    { requiredKeys: [] },
  );
  const pods = fc
    .tuple(fc.integer({ min: 1, max: 500 }), fc.nat({ max: 500 }))
    .map(([running, finished]): Record<string, string> => ({
      pods: String(running),
      "count/pods": String(running + finished),
    }));
  return fc
    .tuple(counts, fc.oneof(fc.constant({}), pods))
    .map(([others, ofPods]) => ({ ...others, ...ofPods }));
}

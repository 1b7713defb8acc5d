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

/** The same capacity as it is without a mesh, and with room for a proxy of any mesh in each pod. */
export interface AnyCapacity {
  readonly alone: SecureEnvironmentArgs;
  readonly meshed: SecureEnvironmentArgs;
}

/** What proxies have that say so themselves; else they have what containers have by default. */
const proxy = {
  cpu: { request: 100, limit: 2000 },
  memory: { request: 128, limit: 1024 },
  "ephemeral-storage": { request: 0, limit: 0 },
} as const;

/** How much an environment may take, with nothing that contradicts itself. */
export function anyCapacity(): fc.Arbitrary<AnyCapacity> {
  const bounds = fc.record(
    {
      cpu: anyNumbers(),
      memory: anyNumbers(),
      "ephemeral-storage": anyNumbers(),
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
      const capacityOf = (isMeshed: boolean) => {
        const bounds = writtenBounds(compute, isMeshed);
        const quota = { ...computeQuota(bounds), ...storage.quota, ...counts };
        return {
          ...others,
          ...(Object.keys(quota).length === 0 ? {} : { quota }),
          ...containerArguments(bounds),
          ...(storage.volumeMaximum === undefined ? {} : { volumeMaximum: storage.volumeMaximum }),
        };
      };
      return { alone: capacityOf(false), meshed: capacityOf(true) };
    });
}

/** Numbers of one resource, in its unit, each no more than the next one. */
interface Numbers {
  readonly request: number;
  readonly limit: number;
  readonly podMaximum: number;
  readonly quotaLimit: number;
  readonly quotaRequest: number;
  /** Whether they are written without a unit. */
  readonly isPlain: boolean;
}

/** A proxy may have what a container has by default, or more. */
function writtenBounds(compute: Partial<Record<Resource, Numbers>>, isMeshed: boolean): Compute {
  return Object.fromEntries(
    (Object.entries(compute) as [Resource, Numbers][]).map(([resource, numbers]) => {
      const { request, limit, podMaximum, quotaLimit, quotaRequest, isPlain } = numbers;
      const unit = computeUnits[resource];
      const moreRequested = isMeshed ? Math.max(request, proxy[resource].request) : 0;
      const more = isMeshed ? Math.max(limit, proxy[resource].limit) : 0;
      const written = (number: number) => (isPlain ? plainly(number, unit) : `${number}${unit}`);
      return [
        resource,
        {
          request: written(request),
          limit: written(limit),
          podMaximum: written(podMaximum + more),
          quotaLimit: written(quotaLimit + more),
          quotaRequest: written(quotaRequest + moreRequested),
        },
      ];
    }),
  );
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

function anyNumbers(): fc.Arbitrary<Numbers> {
  const amount = fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 64_000 }));
  return fc
    .tuple(
      fc.tuple(amount, amount, amount, amount).map((all) => all.sort((one, two) => one - two)),
      fc.nat(),
      fc.boolean(),
    )
    .map(([[request = 1, limit = 1, podMaximum = 1, quotaLimit = 1], between, isPlain]) => ({
      request,
      limit,
      podMaximum,
      quotaLimit,
      quotaRequest: request + (between % (quotaLimit - request + 1)),
      isPlain,
    }));
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

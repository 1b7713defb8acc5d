import {
  isMissing,
  listOf,
  parseQuantity,
  type Quantity,
  recordOf,
  unreadable,
  type UnknownRecord,
} from "secure-environment/core";

/**
 * What a pod takes of one resource, once the API server has filled in what its limit ranges give.
 * See SetDefaults_Pod in k8s.io/kubernetes/pkg/apis/core/v1/defaults.go, the plugin
 * k8s.io/kubernetes/plugin/pkg/admission/limitranger and k8s.io/component-helpers/resource.
 */

/** Nothing where there is none, and `unreadable` where it is not known or no amount at all. */
export type Amount = Quantity | undefined | typeof unreadable;

/** What something asks for, and the most that it may use. */
export interface Share {
  readonly request: Amount;
  readonly limit: Amount;
}

/** What a container takes. */
export interface ContainerShare extends Share {
  /** Where the container is in the pod's specification, such as `initContainers[0]`. */
  readonly property: string;
  readonly isInit: boolean;
  /** Whether its limit is the limit range's default. */
  readonly hasDefaultLimit: boolean;
}

/** What a pod takes. */
export interface PodShares {
  readonly containers: readonly ContainerShare[];
  /** What the containers take together that run at the same time. */
  readonly together: Share;
  /** What the pod says of itself, for all its containers. */
  readonly own: Share;
  /** What counts: the pod's own, or else what its containers take together. */
  readonly pod: Share;
}

/**
 * The shares of a pod with this specification.
 *
 * @param defaults what a container gets that does not say.
 * @param sidecar what a mesh's proxy takes that is put beside the containers.
 */
export function podShares(
  spec: unknown,
  resource: string,
  defaults: Share,
  sidecar?: Share,
): PodShares {
  const given = givenShares(recordOf(spec), resource);
  const containers = given.map((container) => withDefaults(container, defaults));
  const together = runningTogether(
    sidecar === undefined ? containers : [proxy(sidecar), ...containers],
  );
  const own = ownShare(recordOf(spec), resource, runningTogether(given).request);
  return {
    containers,
    together,
    own,
    pod: { request: own.request ?? together.request, limit: own.limit ?? together.limit },
  };
}

/** What limit ranges with these specifications give a container that does not say. */
export function defaultShare(specs: readonly unknown[], resource: string): Share {
  const items = specs
    .flatMap((spec) => listOf(recordOf(spec)["limits"]))
    .map(recordOf)
    .filter(({ type }) => type === "Container");
  const first = (fields: readonly string[]) =>
    items
      .flatMap((item) => fields.map((field) => amountIn(item[field], resource)))
      .find((amount) => amount !== undefined);
  return {
    request: first(["defaultRequest", "default", "max", "min"]),
    limit: first(["default", "max"]),
  };
}

interface GivenShare extends ContainerShare {
  /** Whether it starts before the others and stays. */
  readonly isSidecar: boolean;
}

/** What the containers say themselves; a limit is a request too where there is none. */
function givenShares(spec: UnknownRecord, resource: string): GivenShare[] {
  return (["initContainers", "containers"] as const).flatMap((list) =>
    listOf(spec[list]).map((container, index) => {
      const { resources, restartPolicy } = recordOf(container);
      const known = container === unreadable ? unreadable : resources;
      const { request, limit } = shareIn(known, resource);
      return {
        property: `${list}[${index}]`,
        isInit: list === "initContainers",
        isSidecar: list === "initContainers" && restartPolicy === "Always",
        hasDefaultLimit: false,
        request: request ?? limit,
        limit,
      };
    }),
  );
}

function withDefaults(container: GivenShare, defaults: Share): GivenShare {
  return {
    ...container,
    request: container.request ?? defaults.request,
    limit: container.limit ?? defaults.limit,
    hasDefaultLimit: container.limit === undefined,
  };
}

function proxy(sidecar: Share): GivenShare {
  return { ...sidecar, property: "", isInit: true, isSidecar: true, hasDefaultLimit: false };
}

/** Containers and sidecars run at once; an init container runs beside the sidecars before it. */
function runningTogether(containers: readonly GivenShare[]): Share {
  return {
    request: peak(containers, ({ request }) => request),
    limit: peak(containers, ({ limit }) => limit),
  };
}

function peak(containers: readonly GivenShare[], amountOf: (share: Share) => Amount): Amount {
  const staying = containers.filter(({ isInit, isSidecar }) => !isInit || isSidecar);
  const starting = containers.flatMap((container, index) =>
    container.isInit && !container.isSidecar
      ? [[...containers.slice(0, index).filter(({ isSidecar }) => isSidecar), container]]
      : [],
  );
  return [staying, ...starting].map((running): Amount => sum(running.map(amountOf))).reduce(larger);
}

/**
 * What the pod says of itself. As soon as it has any limit, its requests are those of its
 * containers, as they are without defaults, and where these have none its limits.
 */
function ownShare(spec: UnknownRecord, resource: string, ofContainers: Amount): Share {
  const { resources } = spec;
  if (!podResources.includes(resource) && !resource.startsWith("hugepages-")) {
    return { request: undefined, limit: undefined };
  }
  const { request, limit } = shareIn(resources, resource);
  const hasLimits = Object.keys(recordOf(recordOf(resources)["limits"])).length > 0;
  return { request: request ?? (hasLimits ? (ofContainers ?? limit) : undefined), limit };
}

/** What a pod can have for all its containers, beside huge pages. */
const podResources: readonly string[] = ["cpu", "memory"];

function shareIn(resources: unknown, resource: string): Share {
  if (resources === unreadable) {
    return { request: unreadable, limit: unreadable };
  }
  const { requests, limits } = recordOf(resources);
  return { request: amountIn(requests, resource), limit: amountIn(limits, resource) };
}

/** An amount by the resource's name. CPU counts in thousandths, and what is finer is rounded up. */
export function amountIn(amounts: unknown, resource: string): Amount {
  const value = amounts === unreadable ? unreadable : recordOf(amounts)[resource];
  if (isMissing(value)) {
    return undefined;
  }
  const isAmount = typeof value === "string" || typeof value === "number";
  const amount = isAmount ? parseQuantity(String(value)) : undefined;
  if (amount === undefined || amount < 0n) {
    return unreadable;
  }
  return resource === "cpu" ? ((amount + milli - 1n) / milli) * milli : amount;
}

const milli: Quantity = 1_000_000n;

function sum(amounts: readonly Amount[]): Amount {
  return amounts.reduce<Amount>((total, amount) => {
    if (total === unreadable || amount === unreadable) {
      return unreadable;
    }
    return total === undefined || amount === undefined ? (total ?? amount) : total + amount;
  }, undefined);
}

function larger(one: Amount, other: Amount): Amount {
  if (one === unreadable || other === unreadable) {
    return unreadable;
  }
  return one === undefined || (other !== undefined && other > one) ? other : one;
}

/** Whether both are known amounts and the first is the larger one. */
export function exceeds(one: Amount, other: Amount): boolean {
  return typeof one === "bigint" && typeof other === "bigint" && one > other;
}

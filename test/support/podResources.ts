import { type CapacityArguments } from "#components/environment/capacity/capacityProblems";
import { compliantPod } from "../e2e/support/workloads";

/** A pod that differs from a compliant one in its resources, and what becomes of it in an environment. */
export interface ResourcePod {
  /** What the pod is like. */
  readonly pod: string;
  /** What the API server's refusal says; left out where it admits the pod. */
  readonly refusal?: string;
  /** What the policy pack says; left out where it says nothing. */
  readonly finding?: string;
  /** Why the two do not agree, where they do not. */
  readonly reason?: string;
  /** What is changed in its specification. */
  readonly spec: Readonly<Record<string, unknown>>;
}

/** The capacity of the environment in which the pods are judged: a pod may have less than the quota. */
export const judgedCapacity: CapacityArguments = {
  size: "small",
  podMaximum: { cpu: "2", memory: "4Gi" },
};

type Resources = Readonly<Record<string, unknown>>;

/** Of a device the pack judges what a quota counts of it. */
const devices =
  "how a pod writes devices and claims of them is its own matter, whatever bounds its namespace";

const [plain] = compliantPod("x").spec.containers as [Readonly<Record<string, unknown>>];

function container(resources?: unknown, others: object = {}): object {
  return { ...plain, ...(resources === undefined ? {} : { resources }), ...others };
}

/** One container with such resources. */
function one(resources: unknown): Resources {
  return { containers: [container(resources)] };
}

/** Several containers, each with such resources. */
function several(...resources: readonly unknown[]): Resources {
  return {
    containers: resources.map((each, index) => container(each, { name: `app-${index}` })),
  };
}

function before(initContainers: readonly object[], ...resources: readonly unknown[]): Resources {
  return { ...several(...resources), initContainers };
}

const first = (resources?: unknown) => container(resources, { name: "first" });
const beside = (resources?: unknown) =>
  container(resources, { name: "beside", restartPolicy: "Always" });

/**
 * Pods about resources, with the verdicts of the API server and of the policy pack. They agree, or it
 * is said why not.
 */
export const resourcePods: readonly ResourcePod[] = [
  { pod: "that asks for nothing", spec: {} },
  { pod: "with empty resources", spec: one({}) },
  { pod: "with empty requests and limits", spec: one({ requests: {}, limits: {} }) },
  { pod: "without resources, as null", spec: one(null) },
  { pod: "with a small request and no limit", spec: one({ requests: { memory: "200Mi" } }) },
  { pod: "with a request of just the default limit", spec: one({ requests: { cpu: "500m" } }) },
  {
    pod: "with a memory request above the default limit",
    refusal:
      'spec.containers[0].resources.requests: Invalid value: "1Gi": must be less than or equal to memory limit of 512Mi',
    finding:
      "spec.containers[0].resources.requests.memory is more than the limit of a container that has none, which the limit range says is 512Mi",
    spec: one({ requests: { memory: "1Gi" } }),
  },
  {
    pod: "with a CPU request above the default limit",
    refusal:
      'spec.containers[0].resources.requests: Invalid value: "1": must be less than or equal to cpu limit of 500m',
    finding:
      "spec.containers[0].resources.requests.cpu is more than the limit of a container that has none, which the limit range says is 500m",
    spec: one({ requests: { cpu: 1 } }),
  },
  {
    pod: "with a storage request above the default limit",
    refusal:
      'spec.containers[0].resources.requests: Invalid value: "2Gi": must be less than or equal to ephemeral-storage limit of 1Gi',
    finding:
      'spec.containers[0].resources.requests["ephemeral-storage"] is more than the limit of a container that has none, which the limit range says is 1Gi',
    spec: one({ requests: { "ephemeral-storage": "2Gi" } }),
  },
  {
    pod: "with a request above its own limit",
    refusal:
      'spec.containers[0].resources.requests: Invalid value: "200m": must be less than or equal to cpu limit of 100m',
    finding: "spec.containers[0].resources.requests.cpu is more than the container's limit",
    spec: one({ requests: { cpu: "200m" }, limits: { cpu: "100m" } }),
  },
  { pod: "with a limit above the default", spec: one({ limits: { memory: "1Gi" } }) },
  { pod: "with a limit below the default request", spec: one({ limits: { memory: "64Mi" } }) },
  {
    pod: "with amounts that are numbers",
    spec: one({ requests: { cpu: 0.2 }, limits: { cpu: 1, memory: 1073741824 } }),
  },
  {
    pod: "with a limit that is the maximum",
    spec: one({ requests: { cpu: "100m" }, limits: { cpu: "2" } }),
  },
  {
    pod: "with a CPU limit above the maximum",
    refusal: "maximum cpu usage per Container is 2, but limit is 2001m",
    finding:
      "spec.containers[0].resources.limits.cpu is more than a container may have by the limit range, which is 2",
    spec: one({ requests: { cpu: "100m" }, limits: { cpu: "2001m" } }),
  },
  {
    pod: "with a memory limit above the maximum",
    refusal: "maximum memory usage per Container is 4Gi, but limit is 5Gi",
    finding:
      "spec.containers[0].resources.limits.memory is more than a container may have by the limit range, which is 4Gi",
    spec: one({ requests: { memory: "1Gi" }, limits: { memory: "5Gi" } }),
  },
  {
    pod: "with a limit that is its request too, above what all may request",
    refusal: "exceeded quota: environment, requested: requests.cpu=1500m",
    finding:
      'spec.containers takes, all together, more than spec.hard["requests.cpu"] of a quota of its namespace, which is 1200m',
    spec: one({ limits: { cpu: "1500m" } }),
  },
  {
    pod: "with a request above what all may request",
    refusal: "exceeded quota: environment, requested: requests.memory=3Gi",
    finding:
      'spec.containers takes, all together, more than spec.hard["requests.memory"] of a quota of its namespace, which is 2Gi',
    spec: one({ requests: { memory: "3Gi" }, limits: { memory: "3Gi" } }),
  },
  {
    pod: "with a limit of 0",
    refusal: "minimum cpu usage per Container is 1m, but request is 0",
    finding:
      "spec.containers[0].resources.limits.cpu is less than a container must have by the limit range, which is 1m",
    spec: one({ limits: { cpu: "0" } }),
  },
  {
    pod: "with a request of 0",
    refusal: "minimum memory usage per Container is 1Mi, but request is 0",
    finding:
      "spec.containers[0].resources.requests.memory is less than a container must have by the limit range, which is 1Mi",
    spec: one({ requests: { memory: 0 } }),
  },
  {
    pod: "with a limit below the minimum",
    refusal: "minimum memory usage per Container is 1Mi, but request is 512Ki",
    finding:
      "spec.containers[0].resources.limits.memory is less than a container must have by the limit range, which is 1Mi",
    spec: one({ limits: { memory: "512Ki" } }),
  },
  { pod: "with a CPU request of less than a thousandth", spec: one({ requests: { cpu: "100u" } }) },
  { pod: "with as many plain containers as fit", spec: several(...Array<undefined>(4)) },
  {
    pod: "with one plain container more than fits",
    refusal: "maximum cpu usage per Pod is 2, but limit is 2500m",
    finding:
      "spec.containers takes, all together, more cpu than a pod may have by the limit range, which is 2",
    spec: several(...Array<undefined>(5)),
  },
  {
    pod: "with containers whose storage together is above the maximum",
    refusal: "maximum ephemeral-storage usage per Pod is 12Gi, but limit is 15Gi",
    finding:
      "spec.containers takes, all together, more ephemeral-storage than a pod may have by the limit range, which is 12Gi",
    spec: several(
      ...Array.from({ length: 3 }, () => ({
        requests: { "ephemeral-storage": "1Gi" },
        limits: { "ephemeral-storage": "5Gi" },
      })),
    ),
  },
  {
    pod: "with containers whose requests together are above what all may request",
    refusal: "exceeded quota: environment, requested: requests.memory=3Gi",
    finding:
      'spec.containers takes, all together, more than spec.hard["requests.memory"] of a quota of its namespace, which is 2Gi',
    spec: several(
      ...Array.from({ length: 3 }, () => ({
        requests: { memory: "1Gi" },
        limits: { memory: "1Gi" },
      })),
    ),
  },
  {
    pod: "with an init container that is the largest",
    spec: before([first({ requests: { cpu: "1" }, limits: { cpu: "2" } })], undefined),
  },
  {
    pod: "with an init container above the maximum",
    refusal: "maximum cpu usage per Container is 2, but limit is 3",
    finding:
      "spec.initContainers[0].resources.limits.cpu is more than a container may have by the limit range, which is 2",
    spec: before([first({ requests: { cpu: "1" }, limits: { cpu: "3" } })], undefined),
  },
  {
    pod: "with an init container whose request is above the default limit",
    refusal:
      'spec.initContainers[0].resources.requests: Invalid value: "1Gi": must be less than or equal to memory limit of 512Mi',
    finding:
      "spec.initContainers[0].resources.requests.memory is more than the limit of a container that has none, which the limit range says is 512Mi",
    spec: before([first({ requests: { memory: "1Gi" } })], undefined),
  },
  {
    pod: "with a sidecar that fits beside its container",
    spec: before([beside({ requests: { cpu: "100m" }, limits: { cpu: "1500m" } })], undefined),
  },
  {
    pod: "with a sidecar that does not fit beside its container",
    refusal: "maximum cpu usage per Pod is 2, but limit is 2100m",
    finding:
      "spec.containers takes, all together, more cpu than a pod may have by the limit range, which is 2",
    spec: before([beside({ requests: { cpu: "100m" }, limits: { cpu: "1600m" } })], undefined),
  },
  {
    pod: "with an init container that does not fit beside the sidecar before it",
    refusal: "maximum cpu usage per Pod is 2, but limit is 2100m",
    finding:
      "spec.containers takes, all together, more cpu than a pod may have by the limit range, which is 2",
    spec: before(
      [
        beside({ requests: { cpu: "100m" }, limits: { cpu: "1" } }),
        first({ requests: { cpu: "100m" }, limits: { cpu: "1100m" } }),
      ],
      undefined,
    ),
  },
  {
    pod: "with an init container that is done before the sidecar starts",
    spec: before(
      [
        first({ requests: { cpu: "100m" }, limits: { cpu: "1500m" } }),
        beside({ requests: { cpu: "100m" }, limits: { cpu: "1" } }),
      ],
      undefined,
    ),
  },
  {
    pod: "with limits of its own above the container defaults",
    spec: { resources: { limits: { cpu: "1", memory: "1Gi" } } },
  },
  {
    pod: "with a CPU limit of its own below the container defaults",
    refusal:
      'spec.resources.containers[0][cpu].limits: Invalid value: "500m": must be less than or equal to pod limits of 200m',
    finding:
      "spec.resources.limits.cpu is less than the limit of containers[0], which has none and gets 500m by the limit range",
    spec: { resources: { limits: { cpu: "200m" } } },
  },
  {
    pod: "with a memory limit of its own below the container defaults",
    refusal:
      'spec.resources.containers[0][memory].limits: Invalid value: "512Mi": must be less than or equal to pod limits of 256Mi',
    finding:
      "spec.resources.limits.memory is less than the limit of containers[0], which has none and gets 512Mi by the limit range",
    spec: { resources: { limits: { memory: "256Mi" } } },
  },
  {
    pod: "with a request of its own below the container defaults",
    refusal:
      'spec.resources.requests[cpu]: Invalid value: "50m": must be greater than or equal to aggregate container requests of 100m',
    finding:
      "spec.resources requests less cpu than its containers together, with what they get by the limit range",
    spec: { resources: { requests: { cpu: "50m" } } },
  },
  {
    pod: "with a request of its own for one plain container, and two of them",
    refusal:
      'spec.resources.requests[cpu]: Invalid value: "150m": must be greater than or equal to aggregate container requests of 200m',
    finding:
      "spec.resources requests less cpu than its containers together, with what they get by the limit range",
    spec: { ...several(undefined, undefined), resources: { requests: { cpu: "150m" } } },
  },
  {
    pod: "with resources of its own for two plain containers",
    spec: {
      ...several(undefined, undefined),
      resources: { requests: { cpu: "200m" }, limits: { cpu: "1" } },
    },
  },
  {
    pod: "with a limit of its own below the sum of its containers' limits",
    spec: {
      ...several(
        { requests: { cpu: "100m" }, limits: { cpu: "800m" } },
        { requests: { cpu: "100m" }, limits: { cpu: "800m" } },
      ),
      resources: { limits: { cpu: "1" } },
    },
  },
  {
    pod: "with a limit of its own below the sum of its containers' requests",
    refusal:
      'spec.resources.requests: Invalid value: "1600m": must be less than or equal to cpu limit of 1',
    finding:
      "spec.resources.limits.cpu is less than the pod requests, by itself or by its containers",
    spec: {
      ...several({ limits: { cpu: "800m" } }, { limits: { cpu: "800m" } }),
      resources: { limits: { cpu: "1" } },
    },
  },
  {
    pod: "with a limit of its own below that of a container",
    refusal:
      'spec.resources.containers[0][cpu].limits: Invalid value: "800m": must be less than or equal to pod limits of 600m',
    finding: "spec.resources.limits.cpu is less than the limit of containers[0]",
    spec: {
      ...one({ requests: { cpu: "100m" }, limits: { cpu: "800m" } }),
      resources: { limits: { cpu: "600m" } },
    },
  },
  {
    pod: "with a limit of its own below that of an init container",
    spec: {
      ...before([first({ requests: { cpu: "100m" }, limits: { cpu: "1" } })], undefined),
      resources: { limits: { cpu: "600m" } },
    },
  },
  {
    pod: "with a limit of its own for memory, and a container that requests CPU beside a plain one",
    refusal:
      'spec.resources.requests[cpu]: Invalid value: "100m": must be greater than or equal to aggregate container requests of 200m',
    finding:
      "spec.resources requests less cpu than its containers together, with what they get by the limit range",
    spec: {
      ...several({ requests: { cpu: "100m" } }, undefined),
      resources: { limits: { memory: "2Gi" } },
    },
  },
  {
    pod: "with a limit of its own above the maximum",
    refusal: "maximum cpu usage per Pod is 2, but limit is 3",
    finding:
      "spec.resources takes, all together, more cpu than a pod may have by the limit range, which is 2",
    spec: { resources: { requests: { cpu: "100m" }, limits: { cpu: "3" } } },
  },
  {
    pod: "with a limit of its own far above the maximum",
    refusal: "maximum memory usage per Pod is 4Gi, but limit is 64Gi",
    finding:
      "spec.resources takes, all together, more memory than a pod may have by the limit range, which is 4Gi",
    spec: { resources: { requests: { memory: "128Mi" }, limits: { memory: "64Gi" } } },
  },
  {
    pod: "with a limit of its own that is its request too, above what all may request",
    refusal: "exceeded quota: environment, requested: requests.cpu=1500m",
    finding:
      'spec.resources takes, all together, more than spec.hard["requests.cpu"] of a quota of its namespace, which is 1200m',
    spec: { resources: { limits: { cpu: "1500m" } } },
  },
  {
    pod: "with a request of its own above its limit",
    refusal:
      'spec.resources.requests: Invalid value: "1": must be less than or equal to cpu limit of 800m',
    finding:
      "spec.resources.limits.cpu is less than the pod requests, by itself or by its containers",
    spec: { resources: { requests: { cpu: "1" }, limits: { cpu: "800m" } } },
  },
  {
    pod: "with storage of its own",
    refusal:
      'spec.resources.limits[ephemeral-storage]: Unsupported value: "ephemeral-storage": supported values: "cpu", "hugepages-", "memory"',
    finding: "spec.resources.limits has a resource that there is not",
    spec: { resources: { limits: { "ephemeral-storage": "1Gi" } } },
  },
  {
    pod: "with a limit of its own and a container that requests more than the default limit",
    refusal:
      'spec.containers[0].resources.requests: Invalid value: "600Mi": must be less than or equal to memory limit of 512Mi',
    finding:
      "spec.containers[0].resources.requests.memory is more than the limit of a container that has none, which the limit range says is 512Mi",
    spec: { ...one({ requests: { memory: "600Mi" } }), resources: { limits: { memory: "2Gi" } } },
  },
  {
    pod: "with a GPU",
    refusal: "exceeded quota: environment, requested: requests.nvidia.com/gpu=1",
    finding:
      'spec.containers takes, all together, more than spec.hard["requests.nvidia.com/gpu"] of a quota of its namespace, which is 0',
    spec: one({ limits: { "nvidia.com/gpu": 1 } }),
  },
  { pod: "with no GPU, in words", spec: one({ limits: { "nvidia.com/gpu": 0 } }) },
  {
    pod: "with huge pages",
    refusal: "exceeded quota: environment, requested: requests.hugepages-2Mi=2Mi",
    finding:
      'spec.containers takes, all together, more than spec.hard["requests.hugepages-2Mi"] of a quota of its namespace, which is 0',
    spec: one({ limits: { "hugepages-2Mi": "2Mi", memory: "256Mi" } }),
  },
  {
    pod: "with huge pages of its own",
    refusal: "exceeded quota: environment, requested: requests.hugepages-2Mi=2Mi",
    finding:
      'spec.resources takes, all together, more than spec.hard["requests.hugepages-2Mi"] of a quota of its namespace, which is 0',
    spec: { resources: { limits: { "hugepages-2Mi": "2Mi", memory: "2Gi" } } },
  },
  {
    pod: "with a device of which nothing is counted",
    spec: one({ limits: { "example.com/dongle": 1 } }),
  },
  {
    pod: "with a device that is requested without a limit",
    refusal:
      "spec.containers[0].resources.limits: Required value: Limit must be set for non overcommitable resources",
    reason: devices,
    spec: one({ requests: { "example.com/dongle": 1 } }),
  },
  {
    pod: "with a claim of a device that the pod does not have",
    refusal:
      'spec.containers[0].resources.claims[0]: Not found: "gpu": must be one of the names in pod.spec.resourceClaims which is empty',
    reason: devices,
    spec: one({ claims: [{ name: "gpu" }] }),
  },
  {
    pod: "with a negative request",
    refusal:
      'spec.containers[0].resources.requests[cpu]: Invalid value: "-1": must be greater than or equal to 0',
    finding: "spec.containers[0].resources.requests.cpu is no amount that Kubernetes takes",
    spec: one({ requests: { cpu: "-1" } }),
  },
  {
    pod: "with a word for an amount",
    refusal: "quantities must match",
    finding: "spec.containers[0].resources.limits.memory is no amount that Kubernetes takes",
    spec: one({ limits: { memory: "lots" } }),
  },
  {
    pod: "with a resource that there is not",
    refusal:
      'spec.containers[0].resources.limits[memroy]: Invalid value: "memroy": must be a standard resource type or fully qualified',
    finding: "spec.containers[0].resources.limits has a resource that there is not",
    spec: one({ limits: { memroy: "1Gi" } }),
  },
];

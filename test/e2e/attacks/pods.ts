import { labels } from "#components/labels";
import { bent } from "../../support/apiRequests";
import { type Attack, byEach, type Sin, sinsAgainst } from "./attack";
import { idle } from "./attackers";
import { environmentPod, newPod, newPodWithContainer } from "./guestRequests";
import {
  ajar,
  limitless,
  login,
  nodePool,
  open,
  type Place,
  scant,
  slack,
  unbounded,
} from "./places";
import { guardRails } from "./reasons";
import { byAccessControl, byLimitRange, byPodSecurity, byQuota, type Refusal } from "./refusal";

/** Pods that would leave their sandbox, their nodes or their share. */

type Row = readonly [what: string, harm: string, request: Sin["request"], refusal: Refusal];

const takesNode = "the node would be theirs";

const leavingTheSandbox: readonly Row[] = [
  [
    "runs a privileged container",
    takesNode,
    newPodWithContainer(login, {
      securityContext: { privileged: true, allowPrivilegeEscalation: true },
    }),
    byPodSecurity("privileged"),
  ],
  [
    "runs as root",
    "a hole in the runtime would be worth more",
    newPod(login, { securityContext: { runAsNonRoot: false } }),
    byPodSecurity("runAsNonRoot"),
  ],
  [
    "mounts a folder of the node",
    takesNode,
    newPod(login, { volumes: [{ name: "node", hostPath: { path: "/" } }] }),
    byPodSecurity("hostPath"),
  ],
  [
    "uses the node's network",
    takesNode,
    newPod(login, { hostNetwork: true }),
    byPodSecurity("host namespaces"),
  ],
  [
    "sees the node's processes",
    takesNode,
    newPod(login, { hostPID: true }),
    byPodSecurity("host namespaces"),
  ],
  [
    "takes a port of the node",
    "it would be reached past every policy",
    newPodWithContainer(login, { ports: [{ containerPort: 80, hostPort: 80 }] }),
    byPodSecurity("hostPort"),
  ],
  [
    "adds a capability",
    "it could forge packets",
    newPodWithContainer(login, {
      securityContext: { capabilities: { drop: ["ALL"], add: ["NET_ADMIN"] } },
    }),
    byPodSecurity("unrestricted capabilities"),
  ],
  [
    "lets the kubelet probe the metadata service",
    "the node would ask for it what policies forbid the pod",
    newPodWithContainer(login, {
      livenessProbe: { httpGet: { host: "169.254.169.254", port: 80 } },
    }),
    byPodSecurity("probe"),
  ],
  [
    "lets the kubelet probe production",
    "the node would ask for it what policies forbid the pod",
    newPodWithContainer(login, {
      readinessProbe: { tcpSocket: { host: "10.96.0.20", port: 5432 } },
    }),
    byPodSecurity("probe"),
  ],
  [
    "asks production when a container starts",
    "the node would ask for it what policies forbid the pod",
    newPodWithContainer(login, {
      lifecycle: { postStart: { httpGet: { host: "10.96.0.20", port: 80 } } },
    }),
    byPodSecurity("lifecycle"),
  ],
];

const leavingTheNodes: readonly Row[] = [
  [
    "names a node of production",
    "it would run beside production, past the scheduler",
    newPod(login, { nodeName: "production-1", nodeSelector: null }),
    guardRails.nodeName,
  ],
  [
    "selects production's nodes",
    "it would run beside production",
    newPod(login, { nodeSelector: { [labels.nodePool]: "production" } }),
    guardRails.pool,
  ],
  [
    "selects no pool",
    "it would run anywhere",
    newPod(login, { nodeSelector: null }),
    guardRails.pool,
  ],
  [
    "uses an image that is on the node already",
    "it would read a private image of others",
    newPodWithContainer(login, { imagePullPolicy: "IfNotPresent" }),
    guardRails.images,
  ],
  [
    "uses in an init container an image that is on the node already",
    "it would read a private image of others",
    newPod(login, {
      initContainers: [
        { ...environmentPod("x").spec.containers[0], name: "init", imagePullPolicy: "Never" },
      ],
    }),
    guardRails.images,
  ],
  [
    "mounts a token of its account",
    "a hole in the application would reach the API server",
    newPod(login, { automountServiceAccountToken: true }),
    guardRails.apiTokens,
  ],
  [
    "mounts a token of the deployer",
    "developers would read the secrets",
    newPod(login, { automountServiceAccountToken: true, serviceAccountName: "deployer" }),
    guardRails.apiTokens,
  ],
  [
    "mounts a token by a projected volume",
    "a hole in the application would reach the API server",
    newPod(login, {
      volumes: [
        { name: "token", projected: { sources: [{ serviceAccountToken: { path: "token" } }] } },
      ],
    }),
    guardRails.apiTokens,
  ],
  [
    "has the priority of the system",
    "it would preempt the cluster's own pods",
    newPod(login, { priorityClassName: "system-cluster-critical" }),
    guardRails.priority,
  ],
  [
    "has the priority of production",
    "it would preempt pods of others",
    newPod(login, { priorityClassName: "production" }),
    guardRails.priority,
  ],
];

const toleratingOthers: readonly Row[] = [
  [
    "tolerates everything",
    "it would run on nodes set aside for others",
    withToleration({ operator: "Exists" }),
    guardRails.tolerations,
  ],
  [
    "tolerates the taint of production's nodes",
    "it would run on nodes set aside for others",
    withToleration({ key: "dedicated", value: "production" }),
    guardRails.tolerations,
  ],
  [
    "tolerates the taint of another pool",
    "it would run on nodes set aside for others",
    withToleration({ key: labels.nodePool, value: "production" }),
    guardRails.tolerations,
  ],
  [
    "tolerates the taint of every pool",
    "it would run on nodes set aside for others",
    withToleration({ key: labels.nodePool, operator: "Exists" }),
    guardRails.tolerations,
  ],
];

function withToleration(toleration: object) {
  return newPod(login, { tolerations: [{ effect: "NoSchedule", ...toleration }] });
}

const mountingImages: readonly Row[] = [
  [
    "mounts an image that is on the node already",
    "it would read a private image of others",
    withImageVolume("IfNotPresent"),
    guardRails.imageVolumes,
  ],
];

function withImageVolume(pullPolicy: string) {
  const image = { reference: "registry.example/app:1", pullPolicy };
  return newPod(login, { volumes: [{ name: "image", image }] });
}

const likeShop = {
  labelSelector: { matchLabels: { app: "shop" } },
  topologyKey: "kubernetes.io/hostname",
};

const awayFromOthers: readonly Row[] = [
  [
    "keeps the pods of staging away from its node",
    "staging would find no node",
    withAffinity("podAntiAffinity", [{ ...likeShop, namespaces: ["staging"] }]),
    guardRails.affinity,
  ],
  [
    "keeps the pods of every namespace away from its node",
    "nobody would find a node",
    withAffinity("podAntiAffinity", [{ ...likeShop, namespaceSelector: {} }]),
    guardRails.affinity,
  ],
  [
    "runs where staging runs",
    "it would take from staging what the node has left",
    withAffinity("podAffinity", [{ ...likeShop, namespaces: ["staging"] }]),
    guardRails.affinity,
  ],
  [
    "runs away from staging where that is possible",
    "staging's nodes would be filled last, and those of others first",
    withAffinity("podAntiAffinity", [], [{ ...likeShop, namespaces: ["staging"] }]),
    guardRails.affinity,
  ],
];

function withAffinity(
  kind: string,
  required: readonly object[],
  preferred: readonly object[] = [],
) {
  const weighted = preferred.map((podAffinityTerm) => ({ weight: 1, podAffinityTerm }));
  return newPod(login, {
    affinity: {
      [kind]: {
        requiredDuringSchedulingIgnoredDuringExecution: required,
        preferredDuringSchedulingIgnoredDuringExecution: weighted,
      },
    },
  });
}

const onOtherNetworks: readonly Row[] = [
  [
    "asks for a second network",
    "no network policy watches it",
    bent(newPod(login), { metadata: { annotations: { "k8s.v1.cni.cncf.io/networks": "lan" } } }),
    guardRails.networks,
  ],
  [
    "asks for a second network of the cloud",
    "no network policy watches it",
    bent(newPod(login), { metadata: { annotations: { "networking.gke.io/interfaces": "[]" } } }),
    guardRails.networks,
  ],
  [
    "asks for an address of its own",
    "it would take the address of others",
    bent(newPod(login), {
      metadata: { annotations: { "cni.projectcalico.org/ipAddrs": '["10.244.0.7"]' } },
    }),
    guardRails.networks,
  ],
];

const computeResources = { cpu: "100m", memory: "64Mi", "ephemeral-storage": "64Mi" };
const everyPod = byLimitRange("per Pod");

const takingMore: readonly Row[] = [
  [
    "hides what its containers take behind resources of the pod",
    "the quota would count next to nothing",
    newPod(login, { resources: { requests: { cpu: "1" }, limits: { memory: "64Gi" } } }),
    everyPod,
  ],
  [
    "takes more memory than an environment has",
    "it would fill a node",
    newPodWithContainer(login, { resources: { limits: { memory: "1Ti" } } }),
    byLimitRange("maximum memory usage per"),
  ],
  [
    "takes more ephemeral storage than an environment has",
    "it would fill the disk of its node",
    newPodWithContainer(login, { resources: { limits: { "ephemeral-storage": "1Ti" } } }),
    byLimitRange("maximum ephemeral-storage usage per"),
  ],
  [
    "limits its ephemeral storage to nothing, which is no limit",
    "it would fill the disk of its node",
    newPodWithContainer(login, {
      resources: { requests: { "ephemeral-storage": "0" }, limits: { "ephemeral-storage": "0" } },
    }),
    byLimitRange("minimum ephemeral-storage usage per"),
  ],
  [
    "limits its memory to nothing, which is no limit",
    "it would fill the memory of its node",
    newPodWithContainer(login, {
      resources: { requests: { memory: "0" }, limits: { memory: "0" } },
    }),
    byLimitRange("minimum memory usage per"),
  ],
  [
    "takes a graphics card",
    "it would take what others pay for",
    newPodWithContainer(login, {
      resources: { limits: { "nvidia.com/gpu": "1" }, requests: { "nvidia.com/gpu": "1" } },
    }),
    byQuota("requests.nvidia.com/gpu"),
  ],
  [
    "takes huge pages",
    "it would take memory that no limit counts",
    newPodWithContainer(login, {
      resources: { limits: { "hugepages-2Mi": "2Mi", memory: "64Mi", cpu: "100m" } },
    }),
    byQuota("requests.hugepages-2Mi"),
  ],
];

/** A pod that declares itself all that a quota asks for. */
function boundedPod(place: Place) {
  return newPodWithContainer(place, {
    resources: { requests: computeResources, limits: computeResources },
  });
}

const wallsMissing: readonly Row[] = [
  [
    "runs a pod where nothing denies by default",
    "it would reach everything",
    newPod(open),
    guardRails.denialMissing,
  ],
  [
    "runs a pod where the denial holds for other pods only",
    "it would reach everything",
    newPod(ajar),
    guardRails.denialWeak,
  ],
  [
    "runs a pod where no quota counts it",
    "it would take as much as there is",
    newPod(unbounded),
    guardRails.quotaMissing,
  ],
  [
    "runs a pod where the quota counts pods and not what they take",
    "it would take as much as there is",
    newPod(scant),
    guardRails.quotaWeak,
  ],
  [
    "runs a pod where no limit range bounds it",
    "what it does not declare would not be counted",
    boundedPod(limitless),
    guardRails.limitRangeMissing,
  ],
  [
    "runs a pod where the limit range leaves most of it unbounded",
    "what it does not declare would not be counted",
    boundedPod(slack),
    guardRails.limitRangeWeak,
  ],
];

const rows = [
  ...leavingTheSandbox,
  ...leavingTheNodes,
  ...onOtherNetworks,
  ...takingMore,
  ...wallsMissing,
];

const awayFromItsOwn = withAffinity("podAntiAffinity", [likeShop], [likeShop]);

/** Pods by those who may run pods, each twin a pod that may run, and by those who may not. */
export const podAttacks: readonly Attack[] = [
  ...(["developer", "debugger", "deployer", "misboundAdmin"] as const).flatMap((who) => [
    ...sinsAgainst(who, newPod(login), rows.map(toSin)),
    ...sinsAgainst(
      who,
      withToleration({ key: labels.nodePool, value: nodePool }),
      toleratingOthers.map(toSin),
    ),
    ...sinsAgainst(who, withImageVolume("Always"), mountingImages.map(toSin)),
    ...sinsAgainst(who, awayFromItsOwn, awayFromOthers.map(toSin)),
  ]),
  ...byEach(idle, {
    what: "runs a pod",
    harm: "whatever code they like would run with the environment's secrets",
    request: newPod(login),
    refusal: byAccessControl,
  }),
];

function toSin([what, harm, request, refusal]: Row): Sin {
  return { what, harm, request, refusal };
}

import { labels } from "#components/core/labels";
import { type Attack, byEach, type Attempt, attemptsBy } from "./attack";
import { idle } from "./attackers";
import { environmentPod, newPod, podWithToken, newPodWithContainer } from "./guestRequests";
import { cloudAudience, csiDriver, login, nodePool } from "./places";
import { guardRails } from "./reasons";
import { byAccessControl, byLimitRange, byPodSecurity, byQuota, type Refusal } from "./refusal";

/** Pods that would leave their sandbox, their nodes or their share. */

type Row = readonly [what: string, harm: string, request: Attempt["request"], refusal: Refusal];

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
  ...[
    ["the API server, by its name", "https://kubernetes.default.svc.cluster.local"],
    ["a vault that nobody listed", "vault"],
    ["one that begins like a listed one", `${cloudAudience}.cn`],
  ].map(([whom, audience]): Row => [
    `mounts a token for ${whom}`,
    "the application would be somebody elsewhere whom no administrator knows of",
    podWithToken(login, audience),
    guardRails.apiTokens,
  ]),
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

const toleratingConditions: readonly Row[] = (
  [
    ["of nodes that are drained", "node.kubernetes.io/unschedulable", "NoSchedule"],
    ["of nodes without a network", "node.kubernetes.io/network-unavailable", "NoSchedule"],
    ["of nodes that are not ready yet", "node.kubernetes.io/not-ready", "NoSchedule"],
    ["of nodes that are shut down", "node.kubernetes.io/out-of-service", "NoExecute"],
  ] as const
).map(([what, key, effect]) => [
  `tolerates the taint ${what}`,
  "it would run where nothing runs yet, or any more",
  withToleration({ key, operator: "Exists", effect }),
  guardRails.tolerations,
]);

const toleratingTheUsual = withToleration({
  key: "node.kubernetes.io/not-ready",
  operator: "Exists",
  effect: "NoExecute",
});

const hostname = { key: "kubernetes.io/hostname", operator: "In", values: ["production-1"] };
const field = { key: "metadata.name", operator: "In", values: ["production-1"] };

const choosingNodes: readonly Row[] = (
  [
    ["by the label of its name", { nodeSelector: { "kubernetes.io/hostname": "production-1" } }],
    ["by an affinity to its name", nodeAffinity({ matchExpressions: [hostname] })],
    ["by a field of the node", nodeAffinity({ matchFields: [field] })],
    ["by a wish for its name", nodeAffinity(undefined, { matchExpressions: [hostname] })],
    ["by a wish for a field of it", nodeAffinity(undefined, { matchFields: [field] })],
  ] as const
).map(([what, changes]) => [
  `chooses a node of production ${what}`,
  "it would run beside production",
  newPod(login, changes),
  guardRails.selection,
]);

const zone = { key: "topology.kubernetes.io/zone", operator: "In", values: ["a"] };
const choosingZones = newPod(
  login,
  nodeAffinity({ matchExpressions: [zone] }, { matchExpressions: [zone] }),
);

function nodeAffinity(required: object | undefined, preferred?: object) {
  const preferences = preferred === undefined ? [] : [{ weight: 1, preference: preferred }];
  return {
    affinity: {
      nodeAffinity: {
        ...(required === undefined
          ? {}
          : { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [required] } }),
        preferredDuringSchedulingIgnoredDuringExecution: preferences,
      },
    },
  };
}

const podCertificate = {
  signerName: "kubernetes.io/kube-apiserver-client-pod",
  keyType: "ED25519",
  credentialBundlePath: "identity.pem",
};

const mountingIdentities: readonly Row[] = [
  [
    "mounts a certificate for the API server",
    "a hole in the application would reach the API server",
    withProjection({ podCertificate }),
    guardRails.projection,
  ],
];

const harmlessProjection = withProjection({
  configMap: { name: "settings" },
});

function withProjection(source: object) {
  return newPod(login, { volumes: [{ name: "projected", projected: { sources: [source] } }] });
}

const mountingDrivers: readonly Row[] = [
  [
    "asks a driver for a volume of a server of its choice",
    "the node would mount what network policies keep from the pod",
    withDriver("nfs.csi.k8s.io"),
    guardRails.drivers,
  ],
];

function withDriver(driver: string) {
  return newPod(login, { volumes: [{ name: "driven", csi: { driver } }] });
}

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

const everyPod = byLimitRange("per Pod");

function limitedTo(device: string) {
  return { resources: { limits: { [device]: "1" } } };
}

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
  [
    "takes a slice of a graphics card",
    "it would take what others pay for",
    newPodWithContainer(login, { resources: { limits: { "nvidia.com/mig-1g.5gb": "7" } } }),
    guardRails.devices,
  ],
  [
    "has an init container take a device of its node",
    "it would come closer to the node than Pod Security lets it",
    newPod(login, {
      initContainers: [
        {
          ...environmentPod("probe").spec.containers[0],
          name: "init",
          ...limitedTo("squat.ai/fuse"),
        },
      ],
    }),
    guardRails.devices,
  ],
  [
    "takes a device by the name of its class, with no claim of its own",
    "the scheduler would claim it",
    newPodWithContainer(login, limitedTo("deviceclass.resource.kubernetes.io/gpu")),
    guardRails.devices,
  ],
  [
    "takes huge pages of a size that no quota names, for the pod as a whole",
    "it would take memory that no limit counts",
    newPod(login, {
      resources: { limits: { "hugepages-64Ki": "64Ki", memory: "1Gi", cpu: "1" } },
    }),
    guardRails.devices,
  ],
];

const rows = [...leavingTheSandbox, ...leavingTheNodes, ...takingMore];

const awayFromItsOwn = withAffinity("podAntiAffinity", [likeShop], [likeShop]);

/** Volumes by drivers of which the platform lists one, or none. */
export function driverAttacks(listed: string | undefined): Attack[] {
  const twin = listed === undefined ? newPod(login) : withDriver(listed);
  return (["developer", "deployer", "misboundAdmin"] as const).flatMap((who) =>
    attemptsBy(who, twin, mountingDrivers.map(toAttempt)),
  );
}

/** Pods by those who may run pods, each twin a pod that may run, and by those who may not. */
export const podAttacks: readonly Attack[] = [
  ...(["developer", "debugger", "deployer", "misboundAdmin"] as const).flatMap((who) => [
    ...attemptsBy(who, newPod(login), rows.map(toAttempt)),
    ...attemptsBy(
      who,
      withToleration({ key: labels.nodePool, value: nodePool }),
      toleratingOthers.map(toAttempt),
    ),
    ...attemptsBy(who, toleratingTheUsual, toleratingConditions.map(toAttempt)),
    ...attemptsBy(who, choosingZones, choosingNodes.map(toAttempt)),
    ...attemptsBy(who, harmlessProjection, mountingIdentities.map(toAttempt)),
    ...attemptsBy(who, withImageVolume("Always"), mountingImages.map(toAttempt)),
    ...attemptsBy(who, awayFromItsOwn, awayFromOthers.map(toAttempt)),
  ]),
  ...driverAttacks(csiDriver),
  ...byEach(idle, {
    what: "runs a pod",
    harm: "whatever code they like would run with the environment's secrets",
    request: newPod(login),
    refusal: byAccessControl,
  }),
];

function toAttempt([what, harm, request, refusal]: Row): Attempt {
  return { what, harm, request, refusal };
}

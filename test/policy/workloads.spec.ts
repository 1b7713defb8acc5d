import { podsAreRestricted } from "#policy/policies/workloads";
import { describePolicy, type PolicyCase } from "./support/policyCases";
import { unknownText } from "./support/policyAnalyzer";
import { podSpec, podWith, resourceOf, secret } from "./support/policyResources";

/** A path of a pod, a value there, and what is found; nothing where it is allowed. */
type FieldCase = readonly [path: string, value: unknown, violation?: string];

const unknown = "is not known before the update";

const inNamespace = (spec: Readonly<Record<string, unknown>>, namespace = "review-login") =>
  resourceOf("core/v1:Pod", { metadata: { name: "x", namespace }, spec: podSpec(spec) });

const podAffinity = (term: unknown, namespace?: string) =>
  inNamespace(
    { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } } },
    namespace,
  );

const nodeAffinity = (term: unknown) =>
  podWith({
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] },
      },
    },
  });

const podFields: readonly FieldCase[] = [
  ...["hostNetwork", "hostPID", "hostIPC"].flatMap((path): FieldCase[] => [
    [path, true, "gives the pod the node's"],
    [path, "false", "gives the pod the node's"],
    [path, unknownText, unknown],
    [path, false],
    [path, null],
  ]),
  ["hostUsers", true],
  ["hostUsers", false],
  ["nodeName", secret, "puts the pod on a node past the scheduler"],
  ["nodeName", unknownText, unknown],
  ["nodeName", ""],
  ["priorityClassName", "system-node-critical", "lets the pod push others off their nodes"],
  ["priorityClassName", "system-cluster-critical", "lets the pod push others off their nodes"],
  ["priorityClassName", "review"],
  ["priorityClassName", unknownText],
  [
    "tolerations",
    [{ key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute" }],
  ],
  ["tolerations", [{ key: "secure-environment/node-pool", value: "review" }]],
  ["tolerations", [{ key: "secure-environment/node-pool", operator: "Equal", value: unknownText }]],
  ["tolerations", unknownText],
  [
    "volumes",
    [
      { name: secret, emptyDir: {} },
      { name: "b", configMap: { name: "c" } },
    ],
  ],
  ["volumes", [{ name: "a", image: { reference: "x" }, hostPath: null }]],
  ["volumes", unknownText],
  ["securityContext.sysctls", [{ name: "net.ipv4.tcp_syncookies", value: "1" }]],
];

const containerFields: readonly FieldCase[] = [
  ["securityContext.privileged", true, "gives the container all that its node may do"],
  ["securityContext.privileged", "true", "gives the container all that its node may do"],
  ["securityContext.privileged", unknownText, unknown],
  ["securityContext.privileged", false],
  ["securityContext.allowPrivilegeEscalation", true, "lets a process become more than its parent"],
  ["securityContext.allowPrivilegeEscalation", unknownText, unknown],
  ["securityContext.procMount", "Unmasked", "shows the container what is hidden of /proc"],
  ["securityContext.procMount", unknownText, unknown],
  ["securityContext.procMount", "Default"],
  ["livenessProbe.httpGet.host", secret, "has the node itself call a host"],
  ["readinessProbe.tcpSocket.host", "169.254.169.254", "has the node itself call a host"],
  ["startupProbe.httpGet.host", unknownText, unknown],
  ["lifecycle.postStart.httpGet.host", "a", "has the node itself call a host"],
  ["lifecycle.preStop.tcpSocket.host", "a", "has the node itself call a host"],
  ["livenessProbe.httpGet.host", ""],
  ["livenessProbe.httpGet", unknownText],
  ["livenessProbe.httpGet", { path: "/", port: 80 }],
  ["ports", unknownText],
];

/** What both pods and containers have. */
const sharedFields: readonly FieldCase[] = [
  ["securityContext.runAsNonRoot", false, "lets the image run as root"],
  ["securityContext.runAsNonRoot", "true", "lets the image run as root"],
  ["securityContext.runAsNonRoot", unknownText, unknown],
  ["securityContext.runAsUser", 0, "is no user other than root"],
  ["securityContext.runAsUser", "1000", "is no user other than root"],
  ["securityContext.runAsUser", unknownText, unknown],
  ["securityContext.runAsUser", 1000],
  ["securityContext.seccompProfile.type", "Unconfined", "lets every system call through"],
  ["securityContext.seccompProfile.type", unknownText, unknown],
  ["securityContext.seccompProfile.type", "Localhost"],
  ["securityContext.appArmorProfile.type", "Unconfined", "switches AppArmor off"],
  ["securityContext.appArmorProfile.type", "RuntimeDefault"],
  ["securityContext.appArmorProfile.type", "Localhost"],
  ["securityContext.seLinuxOptions.type", "spc_t", "is no SELinux type of a container"],
  ["securityContext.seLinuxOptions.type", "container_t"],
  ["securityContext.seLinuxOptions.type", ""],
  ["securityContext.seLinuxOptions.user", "a", "sets a user of SELinux"],
  ["securityContext.seLinuxOptions.user", ""],
  ["securityContext.seLinuxOptions.role", "a", "sets a role of SELinux"],
  ["securityContext.windowsOptions.hostProcess", true, "runs the container as a process of"],
  ["securityContext.windowsOptions.hostProcess", false],
];

/** What stands in lists, and where exactly it is found. */
const listed: readonly PolicyCase[] = [
  {
    it: "refuses kernel parameters that others share",
    resources: podWithin("securityContext.sysctls", [
      { name: "kernel.shm_rmid_forced" },
      { name: "kernel.msgmax" },
      { name: unknownText },
    ]),
    finds: [
      "spec.securityContext.sysctls[1].name is a kernel parameter",
      `spec.securityContext.sysctls[2].name ${unknown}`,
    ],
  },
  {
    it: "refuses kernel parameters that are not known",
    resources: podWithin("securityContext.sysctls", unknownText),
    finds: [`spec.securityContext.sysctls ${unknown}`],
  },
  {
    it: "refuses added capabilities but one",
    resources: containerWithin("securityContext.capabilities", {
      drop: ["ALL"],
      add: ["NET_BIND_SERVICE", "SYS_ADMIN", "ALL", secret],
    }),
    finds: [1, 2, 3].map(
      (index) =>
        `spec.containers[0].securityContext.capabilities.add[${index}] adds a capability other than`,
    ),
  },
  {
    it: "refuses capabilities that are not known, or no list",
    resources: [
      containerWithin("securityContext.capabilities", { drop: ["ALL"], add: unknownText }),
      containerWithin("securityContext.capabilities", { drop: ["ALL"], add: "SYS_ADMIN" }),
    ],
    finds: [`capabilities.add ${unknown}`, "capabilities.add adds a capability"],
  },
  {
    it: "refuses ports of the node",
    resources: containerWithin("ports", [
      { containerPort: 80, hostPort: 0 },
      { containerPort: 80, hostPort: 8080 },
      { hostPort: unknownText },
      {},
    ]),
    finds: [
      "spec.containers[0].ports[1].hostPort opens a port of the node",
      `spec.containers[0].ports[2].hostPort ${unknown}`,
    ],
  },
  {
    it: "refuses tolerations of everything, of other pools and of unfit nodes",
    resources: podWith({
      tolerations: [
        { operator: "Exists" },
        { key: "", effect: "NoSchedule" },
        { key: secret, value: "x" },
        { key: "node.kubernetes.io/not-ready", operator: "Exists" },
        { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoSchedule" },
        { key: "node.kubernetes.io/unschedulable", operator: "Exists", effect: "NoSchedule" },
        { key: "secure-environment/node-pool", operator: "Exists", value: "x" },
        { key: "secure-environment/node-pool", effect: "NoSchedule" },
        { key: unknownText, operator: "Exists" },
        { key: "node.kubernetes.io/not-ready", effect: unknownText },
        { key: "secure-environment/node-pool", operator: unknownText, value: "x" },
        null,
      ],
    }),
    finds: [
      "spec.tolerations[0] has no key, so it lets the pod onto every node",
      "spec.tolerations[1] has no key",
      ...[2, 3, 4, 5, 6, 7].map(
        (index) => `spec.tolerations[${index}] lets the pod onto nodes that are for others`,
      ),
      `spec.tolerations[8].key ${unknown}`,
      `spec.tolerations[9].effect ${unknown}`,
      `spec.tolerations[10].operator ${unknown}`,
    ],
  },
  {
    it: "lets pods tolerate the taint of another pool that a setting names",
    resources: [
      podWith({ tolerations: [{ key: "example.com/pool", value: "review" }] }),
      podWith({ tolerations: [{ key: "secure-environment/node-pool", value: "review" }] }),
    ],
    settings: { nodePoolKeys: ["example.com/pool"] },
    finds: ["the environment's own pool (example.com/pool)"],
  },
  {
    it: "lets pods choose nodes by labels that many have",
    resources: [
      podWith({ nodeSelector: { "secure-environment/node-pool": "review" } }),
      podWith({ nodeSelector: { "kubernetes.io/hostname": null } }),
      podWith({ nodeSelector: unknownText }),
      nodeAffinity({ matchExpressions: [{ key: "kubernetes.io/arch", operator: "Exists" }] }),
      podWith({ affinity: unknownText }),
      podWith({
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [unknownText] },
          },
        },
      }),
    ],
  },
  {
    it: "refuses pods that choose single nodes",
    resources: [
      podWith({ nodeSelector: { "kubernetes.io/hostname": secret } }),
      nodeAffinity({ matchFields: [{ key: "metadata.name", operator: "In", values: ["node"] }] }),
      nodeAffinity({ matchExpressions: [{ key: "kubernetes.io/hostname", operator: "Exists" }] }),
      nodeAffinity({ matchExpressions: [{ key: unknownText, operator: "Exists" }] }),
      podWith({
        affinity: {
          nodeAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [
              { preference: { matchFields: [{ key: "metadata.name" }] } },
            ],
          },
        },
      }),
    ],
    finds: [
      'spec.nodeSelector["kubernetes.io/hostname"] chooses single nodes',
      "nodeSelectorTerms[0].matchFields[0] chooses single nodes",
      "nodeSelectorTerms[0].matchExpressions[0] chooses single nodes",
      "nodeSelectorTerms[0].matchExpressions[0] chooses single nodes",
      "[0].preference.matchFields[0] chooses single nodes",
    ],
  },
  {
    it: "refuses what puts a pod on a node",
    resources: [
      resourceOf("core/v1:Binding", { metadata: { name: "x" }, target: { name: "node" } }),
      resourceOf("example.com/v1:Binding", { metadata: { name: "x" } }),
    ],
    finds: ["Binding x puts a pod on a node past the scheduler"],
  },
  {
    it: "lets pods be near to pods of their own namespace, or far from them",
    resources: [
      podAffinity({ topologyKey: "kubernetes.io/hostname", labelSelector: {} }),
      podAffinity({ namespaces: ["review-login"] }),
      podAffinity({ namespaces: [], namespaceSelector: null }),
      podAffinity(unknownText),
      podAffinity({ namespaces: [unknownText] }, unknownText),
    ],
  },
  {
    it: "refuses affinity to pods of other namespaces",
    resources: [
      podAffinity({ namespaces: ["review-login", "production"] }),
      podAffinity({ namespaceSelector: {} }),
      podAffinity({ namespaces: unknownText }),
      podAffinity({ namespaceSelector: unknownText }),
      inNamespace({
        affinity: {
          podAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [
              { podAffinityTerm: { namespaces: [secret] } },
            ],
          },
        },
      }),
    ],
    finds: [
      "[0].namespaces[1] goes by pods of other namespaces",
      "[0].namespaceSelector goes by pods of other namespaces",
      `[0].namespaces ${unknown}`,
      `[0].namespaceSelector ${unknown}`,
      "[0].podAffinityTerm.namespaces[0] goes by pods of other namespaces",
    ],
  },
  {
    it: "refuses inline volumes of storage drivers that no setting names",
    resources: podWith({
      volumes: [
        { name: "a", csi: { driver: "nfs.csi.k8s.io" } },
        { name: "b", csi: { driver: "secrets-store.csi.k8s.io" } },
        { name: "c", csi: unknownText },
      ],
    }),
    settings: { csiDrivers: ["secrets-store.csi.k8s.io"] },
    finds: ["spec.volumes[0] is mounted by a storage driver", "spec.volumes[2] is mounted by"],
  },
  {
    it: "refuses volumes that reach out of the environment",
    resources: podWith({
      volumes: [
        { name: "a", hostPath: { path: secret } },
        { name: "b", nfs: { server: secret } },
        { name: "c", emptyDir: {}, hostPath: unknownText },
        { name: "d", persistentVolumeClaim: { claimName: "e" } },
      ],
    }),
    finds: [
      "spec.volumes[0] is a directory of the node (hostPath)",
      "spec.volumes[1] is of a type that reaches out",
      "spec.volumes[2] is a directory of the node (hostPath)",
    ],
  },
  {
    it: "refuses annotations that switch AppArmor off, and no others",
    resources: resourceOf("core/v1:Pod", {
      metadata: {
        annotations: {
          "container.apparmor.security.beta.kubernetes.io/a": "unconfined",
          "container.apparmor.security.beta.kubernetes.io/b": "runtime/default",
          "container.apparmor.security.beta.kubernetes.io/c": "localhost/x",
          "container.apparmor.security.beta.kubernetes.io/d": "",
          other: "unconfined",
        },
      },
      spec: podSpec(),
    }),
    finds: ['metadata.annotations["container.apparmor.security.beta.kubernetes.io/…"] does not'],
  },
  {
    it: "passes annotations that keep AppArmor on, and others",
    resources: resourceOf("core/v1:Pod", {
      metadata: {
        annotations: {
          "container.apparmor.security.beta.kubernetes.io/a": "runtime/default",
          other: "unconfined",
        },
      },
      spec: podSpec(),
    }),
  },
  {
    it: "refuses annotations of AppArmor that are not known",
    resources: resourceOf("core/v1:Pod", {
      metadata: {
        annotations: { "container.apparmor.security.beta.kubernetes.io/a": unknownText },
      },
      spec: podSpec(),
    }),
    finds: ["does not name a profile"],
  },
];

const required: readonly PolicyCase[] = [
  {
    it: "asks for what the namespace asks for",
    resources: resourceOf("core/v1:Pod", { spec: { containers: [{ name: "a" }] } }),
    finds: [
      "Pod x: spec.securityContext.runAsNonRoot is missing, and not every container has it. Set it to true",
      "spec.securityContext.seccompProfile.type is missing, and not every container has it. Set it to RuntimeDefault",
      "spec.containers[0].securityContext.allowPrivilegeEscalation is missing. Set it to false",
      'spec.containers[0].securityContext.capabilities.drop does not have ALL. Set it to ["ALL"]',
    ],
  },
  {
    it: "leaves it to the namespace when it is told so, but not what is there and wrong",
    resources: resourceOf("core/v1:Pod", {
      spec: { containers: [{ name: "a", securityContext: { privileged: true } }] },
    }),
    settings: { strict: false },
    finds: ["spec.containers[0].securityContext.privileged gives"],
  },
  {
    it: "takes what every container says for what the pod says",
    resources: [
      podWith({ securityContext: {} }, restrictedContainer()),
      podWith(
        { securityContext: null, initContainers: [restrictedContainer()] },
        restrictedContainer(),
      ),
    ],
  },
  {
    it: "asks for it in the pod when one container does not say it",
    resources: podWith(
      { securityContext: {}, ephemeralContainers: [hardenedContainer()] },
      restrictedContainer(),
    ),
    finds: ["spec.securityContext.runAsNonRoot is", "spec.securityContext.seccompProfile.type is"],
  },
  {
    it: "asks containers to drop everything",
    resources: [
      containerWithin("securityContext.capabilities", { drop: ["NET_RAW"] }),
      containerWithin("securityContext.capabilities", { drop: "NET_RAW" }),
      containerWithin("securityContext.capabilities", { drop: unknownText }),
      containerWithin("securityContext.capabilities", {}),
    ],
    finds: ["drop does not have ALL", "drop does not have ALL", `drop ${unknown}`, "drop does not"],
  },
  {
    it: "asks Windows for what Windows has",
    resources: resourceOf("core/v1:Pod", {
      spec: { os: { name: "windows" }, containers: [{ name: "a" }] },
    }),
    finds: ["spec.securityContext.runAsNonRoot is missing"],
  },
  {
    it: "lets pods with users of their own run as root there",
    resources: podWith(
      {
        hostUsers: false,
        securityContext: { runAsUser: 0, seccompProfile: { type: "Localhost" } },
      },
      {
        securityContext: {
          runAsNonRoot: false,
          allowPrivilegeEscalation: false,
          capabilities: { drop: ["ALL"] },
        },
      },
    ),
  },
  {
    it: "lets pods with users of their own do nothing else",
    resources: podWith({ hostUsers: false, hostNetwork: true }),
    finds: ["spec.hostNetwork gives"],
  },
  {
    it: "does not ask a patch for what it leaves alone",
    resources: resourceOf("apps/v1:DeploymentPatch", {
      spec: { template: { spec: { hostPID: true, containers: [{ name: "a" }] } } },
    }),
    finds: ["DeploymentPatch x: spec.template.spec.hostPID gives"],
  },
];

const unknowns: readonly PolicyCase[] = [
  {
    it: "waits for specifications, templates and containers that a program computes",
    resources: [
      resourceOf("core/v1:Pod", { spec: unknownText }),
      resourceOf("apps/v1:Deployment", { spec: { template: unknownText } }),
      podWith({ containers: unknownText }),
      podWith({}, { image: unknownText, env: [{ name: "A", value: unknownText }] }),
    ],
  },
  {
    it: "refuses a securityContext that is not known, once, and goes on",
    resources: podWith(
      { securityContext: unknownText, hostIPC: true },
      { ports: [{ hostPort: 1 }] },
    ),
    finds: [
      "spec.hostIPC gives",
      `spec.securityContext ${unknown}`,
      "spec.containers[0].ports[0].hostPort opens",
    ],
  },
  {
    it: "takes what has the wrong type for missing",
    resources: resourceOf("core/v1:Pod", {
      spec: { securityContext: "none", containers: [null], volumes: [null], tolerations: "all" },
    }),
    finds: [
      "spec.securityContext.runAsNonRoot is missing",
      "spec.securityContext.seccompProfile.type is missing",
      "spec.containers[0].securityContext.allowPrivilegeEscalation is missing",
      "spec.containers[0].securityContext.capabilities.drop does not",
    ],
  },
];

const bad = podSpec({ hostNetwork: true });
const template = { spec: { template: { spec: bad } } };

const kinds: readonly PolicyCase[] = [
  {
    it: "looks into every workload of Kubernetes",
    resources: [
      resourceOf("core/v1:Pod", { spec: bad }),
      resourceOf("core/v1:PodTemplate", { template: { spec: bad } }),
      resourceOf("core/v1:ReplicationController", template),
      resourceOf("apps/v1:Deployment", template),
      resourceOf("apps/v1:ReplicaSet", template),
      resourceOf("apps/v1:StatefulSet", template),
      resourceOf("extensions/v1beta1:Deployment", template),
      resourceOf("extensions/v1beta1:ReplicaSet", template),
      resourceOf("batch/v1:Job", template),
      resourceOf("batch/v1:CronJob", { spec: { jobTemplate: template } }),
    ],
    finds: [
      "Pod x: spec.hostNetwork gives the pod the node's network, past every network policy. Leave",
      "PodTemplate x: template.spec.hostNetwork gives",
      "ReplicationController x: spec.template.spec.hostNetwork gives",
      "Deployment x: spec.template.spec.hostNetwork gives",
      "ReplicaSet x: spec.template.spec.hostNetwork gives",
      "StatefulSet x: spec.template.spec.hostNetwork gives",
      "Deployment x: spec.template.spec.hostNetwork gives",
      "ReplicaSet x: spec.template.spec.hostNetwork gives",
      "Job x: spec.template.spec.hostNetwork gives",
      "CronJob x: spec.jobTemplate.spec.template.spec.hostNetwork gives",
    ],
  },
  {
    it: "refuses a DaemonSet, whatever its pods are",
    resources: [
      resourceOf("apps/v1:DaemonSet", { spec: { template: { spec: podSpec() } } }),
      resourceOf("extensions/v1beta1:DaemonSet", template),
    ],
    finds: [
      "DaemonSet x runs a pod on every node of the cluster, those of others included. Use a Deployment.",
      "DaemonSet x runs a pod on every node",
      "DaemonSet x: spec.template.spec.hostNetwork gives",
    ],
  },
  {
    it: "goes by the kind that is made, and not by the token",
    resources: resourceOf("core/v1:ConfigMap", { apiVersion: "v1", kind: "Pod", spec: bad }),
    finds: ["spec.hostNetwork gives"],
  },
  {
    it: "has no say in other kinds, and in what has no properties",
    resources: [
      resourceOf("core/v1:ConfigMap", template),
      resourceOf("batch.volcano.sh/v1alpha1:Job", template),
      resourceOf("apps/v1:DaemonSet", {}),
      { type: "example:index:Component", name: "x", properties: template },
    ],
  },
];

describePolicy(podsAreRestricted, [
  { it: "passes a pod that is restricted", resources: podWith() },
  ...podFields.map((field) => fieldCase("spec", podWithin, field)),
  ...containerFields.map((field) => fieldCase("spec.containers[0]", containerWithin, field)),
  ...sharedFields.map((field) => fieldCase("spec", podWithin, field)),
  ...sharedFields.map((field) => fieldCase("spec.containers[0]", containerWithin, field)),
  {
    it: "looks at init containers and ephemeral containers as well",
    resources: podWith({
      initContainers: [hardenedContainer(), { ...hardenedContainer(), ports: [{ hostPort: 1 }] }],
      ephemeralContainers: [{ ...hardenedContainer(), ports: [{ hostPort: 1 }] }],
    }),
    finds: ["spec.initContainers[1].ports[0].hostPort", "spec.ephemeralContainers[0].ports[0]"],
  },
  ...listed,
  ...required,
  ...unknowns,
  ...kinds,
]);

function fieldCase(
  root: string,
  within: typeof podWithin,
  [path, value, violation]: FieldCase,
): PolicyCase {
  const shown = value === unknownText ? "what is not known" : JSON.stringify(value);
  return {
    it: `${violation === undefined ? "passes" : "refuses"} ${root}.${path} with ${shown}`,
    resources: within(path, value),
    finds: violation === undefined ? [] : [`Pod x: ${root}.${path} ${violation}`],
  };
}

function podWithin(path: string, value: unknown) {
  return podWith(changed(podSpec(), path.split("."), value));
}

function containerWithin(path: string, value: unknown) {
  return podWith({}, changed(hardenedContainer(), path.split("."), value));
}

/** The object with the value at the path, and all else as it was. */
function changed(object: unknown, [key = "", ...others]: readonly string[], value: unknown) {
  const record = (object ?? {}) as Readonly<Record<string, unknown>>;
  const below: unknown = others.length === 0 ? value : changed(record[key], others, value);
  return { ...record, [key]: below };
}

/** What only a container can say. */
function hardenedContainer() {
  return {
    name: "app",
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
  };
}

/** The same, and what its pod could say. */
function restrictedContainer() {
  const { name, securityContext } = hardenedContainer();
  return {
    name,
    securityContext: {
      ...securityContext,
      runAsNonRoot: true,
      seccompProfile: { type: "RuntimeDefault" },
    },
  };
}

import { sizeQuota } from "#components/core/sizes";
import { annotations } from "#components/core/labels";
import { type RawResource } from "./rawProgram";
import { compliantPod } from "../../e2e/support/workloads";

/** A program that violates one policy: how it differs from a program that keeps all of them. */
export interface ViolatingProgram {
  /** What is wrong in it, such as `no quota`. */
  readonly fault: string;
  /** The policy that it violates. */
  readonly policy: string;
  /** Whether nothing else is to be objected to, so that this policy alone stands in the way. */
  readonly isAlone?: boolean;
  /** How the pack is configured: some policies only advise, or ask for nothing, unless told so. */
  readonly configuration?: Readonly<Record<string, string | object>>;
  readonly change: (resources: readonly RawResource[]) => readonly RawResource[];
}

type Properties = Readonly<Record<string, unknown>>;

const namespace = "review-login";
const workload = { template: { spec: { containers: [{ name: "shop", image: "shop" }] } } };
const restricted = {
  automountServiceAccountToken: false,
  containers: [{ name: "shop", image: "shop" }],
};

/** A pod that keeps every policy. */
const compliant = {
  ...(
    compliantPod("violating") as { readonly spec: { readonly containers: readonly Properties[] } }
  ).spec,
  automountServiceAccountToken: false,
};

/** One fault each. */
export const violatingPrograms: readonly ViolatingProgram[] = [
  losing("no quota", "environment-has-quota", ["env-quota"]),
  losing("no limit range", "environment-has-limit-range", ["env-limits"]),
  configured(
    { "environment-cannot-displace-others": "mandatory" },
    losing("pods with the priority of the system", "environment-cannot-displace-others", [
      "env-no-system-priority",
    ]),
  ),
  losing("no isolation", "environment-denies-by-default", [
    "env-default-deny",
    "env-same-environment",
  ]),
  losing("tokens for all pods", "environment-gives-no-tokens", ["env-default-account"]),
  relabelling("a mesh that takes plain text", "environment-has-mutual-tls", "core/v1:Namespace", {
    "istio-injection": "enabled",
  }),
  configured(
    { "environment-has-flow-schema": { platform: true } },
    losing("no share of the API server of its own", "environment-has-flow-schema", []),
  ),
  adding("something in `default`", "environment-is-self-contained", "core/v1:ConfigMap", {
    metadata: { name: "x" },
  }),
  {
    fault: "a quota on another cluster",
    policy: "environment-is-on-one-cluster",
    isAlone: true,
    change: changing("core/v1:ResourceQuota", (quota) => ({
      ...quota,
      provider: { properties: { context: "other" } },
    })),
  },
  {
    fault: "quotas that wait for a pod",
    policy: "walls-come-first",
    isAlone: true,
    change: (resources) => [
      rawObject("core/v1:Pod", { spec: compliant }),
      ...changing("core/v1:ResourceQuota", (quota) => ({ ...quota, dependsOn: ["violating"] }))(
        resources,
      ),
    ],
  },
  alone(pod("a pod that waits for no wall", "walls-come-first", compliant)),
  configured(
    { "environment-expires": "mandatory" },
    {
      fault: "an expiry that is no instant",
      policy: "environment-expires",
      change: changing("core/v1:Namespace", (namespace) =>
        withMetadata(namespace, "annotations", { [annotations.expiresAt]: "soon" }),
      ),
    },
  ),
  adding("a second namespace", "stack-owns-only-its-environment", "core/v1:Namespace", {
    metadata: { name: "review-other" },
  }),
  adding("a quota above the ceilings", "quotas-are-within-ceilings", "core/v1:ResourceQuota", {
    spec: { hard: { "limits.cpu": "1000" } },
  }),
  {
    fault: "quotas that are together above the ceilings",
    policy: "quotas-fit-together",
    change: (resources) => [
      ...resources,
      rawObject("core/v1:Namespace", { metadata: { name: "review-other" } }, "other"),
      rawObject("core/v1:ResourceQuota", {
        metadata: { name: "violating", namespace: "review-other" },
        spec: { hard: { "limits.cpu": sizeQuota("large")["limits.cpu"] } },
      }),
    ],
  },
  opening("everybody", "network-policies-name-their-peers", {}),
  opening("every namespace", "network-policies-name-their-peers", {
    from: [{ namespaceSelector: {} }],
  }),
  opening("namespaces with a label that anybody sets", "network-policies-name-their-peers", {
    from: [{ namespaceSelector: { matchLabels: { team: "shop" } } }],
  }),
  opening("all addresses", "network-policies-name-their-peers", {
    from: [{ ipBlock: { cidr: "0.0.0.0/1" } }, { ipBlock: { cidr: "128.0.0.0/1" } }],
  }),
  opening("every port of a namespace", "network-policies-name-their-ports", {
    from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "shop" } } }],
  }),
  ...[
    { cidr: "8.8.8.8/32", port: 53 },
    { cidr: "1.1.1.1/32", port: 853 },
  ].map(({ cidr, port }) =>
    alone(
      adding(
        `an opening to port ${port} of ${cidr}`,
        "network-policies-name-their-ports",
        "networking.k8s.io/v1:NetworkPolicy",
        {
          spec: {
            podSelector: {},
            policyTypes: ["Egress"],
            egress: [{ to: [{ ipBlock: { cidr } }], ports: [{ port, protocol: "TCP" }] }],
          },
        },
      ),
    ),
  ),
  alone(
    adding(
      "an opening whose time is over",
      "nothing-outlives-its-expiry",
      "networking.k8s.io/v1:NetworkPolicy",
      {
        metadata: {
          name: "violating",
          namespace,
          annotations: { [annotations.expiresAt]: "2020-01-31T18:00:00Z" },
        },
        spec: { podSelector: {}, policyTypes: ["Ingress"] },
      },
    ),
  ),
  opening("production", "network-policies-spare-what-is-protected", {
    from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "production" } } }],
  }),
  opening("the metadata address", "network-policies-spare-what-is-protected", {
    from: [{ ipBlock: { cidr: "169.254.169.254/32" } }],
  }),
  alone(
    adding(
      "an opening to all of kube-system",
      "network-policies-spare-what-is-protected",
      "networking.k8s.io/v1:NetworkPolicy",
      {
        spec: {
          podSelector: {},
          policyTypes: ["Egress"],
          egress: [
            {
              to: [
                {
                  namespaceSelector: {
                    matchLabels: { "kubernetes.io/metadata.name": "kube-system" },
                  },
                },
              ],
              ports: [{ protocol: "TCP", port: 443 }],
            },
          ],
        },
      },
    ),
  ),
  adding("a setting in production", "namespaces-are-not-protected", "core/v1:ConfigMap", {
    metadata: { name: "x", namespace: "production" },
  }),
  adding("a setting in kube-system", "namespaces-are-not-protected", "core/v1:ConfigMap", {
    metadata: { name: "x", namespace: "kube-system" },
  }),
  relabelling("a baseline namespace", "namespaces-enforce-pod-security", "core/v1:Namespace", {
    "pod-security.kubernetes.io/enforce": "baseline",
  }),
  relabelling("an old Pod Security", "namespaces-enforce-pod-security", "core/v1:Namespace", {
    "pod-security.kubernetes.io/enforce-version": "v1.24",
  }),
  adding("a role for everything", "roles-are-narrow", "rbac.authorization.k8s.io/v1:Role", {
    rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }],
  }),
  adding("a role that reads secrets", "roles-are-narrow", "rbac.authorization.k8s.io/v1:Role", {
    rules: [{ apiGroups: [""], resources: ["secrets"], verbs: ["get"] }],
  }),
  adding("a role that mints tokens", "roles-are-narrow", "rbac.authorization.k8s.io/v1:Role", {
    rules: [{ apiGroups: [""], resources: ["serviceaccounts/token"], verbs: ["create"] }],
  }),
  adding("a role that removes policies", "roles-are-narrow", "rbac.authorization.k8s.io/v1:Role", {
    rules: [
      { apiGroups: ["networking.k8s.io"], resources: ["networkpolicies"], verbs: ["delete"] },
    ],
  }),
  binding("cluster-admin", { kind: "Group", name: "dev-users" }),
  binding("edit", { kind: "Group", name: "dev-users" }),
  binding("secure-environment-developer", { kind: "Group", name: "system:authenticated" }),
  binding("secure-environment-developer", {
    kind: "ServiceAccount",
    name: "default",
    namespace: "production",
  }),
  alone(
    adding(
      "a budget that keeps nodes from being drained",
      "disruption-budgets-allow-disruptions",
      "policy/v1:PodDisruptionBudget",
      { metadata: { name: "violating", namespace }, spec: { minAvailable: 1 } },
    ),
  ),
  adding("a lasting token", "no-lasting-tokens", "core/v1:Secret", {
    type: "kubernetes.io/service-account-token",
  }),
  pod("a privileged pod", "pods-are-restricted", {
    containers: [{ name: "shop", image: "shop", securityContext: { privileged: true } }],
  }),
  pod("a pod on the node's network", "pods-are-restricted", { ...restricted, hostNetwork: true }),
  pod("a pod with the node's files", "pods-are-restricted", {
    ...restricted,
    volumes: [{ name: "node", hostPath: { path: "/" } }],
  }),
  pod("a pod with the port of a node", "pods-are-restricted", {
    containers: [{ name: "shop", image: "shop", ports: [{ containerPort: 80, hostPort: 80 }] }],
  }),
  pod("a pod with a capability", "pods-are-restricted", {
    containers: [
      { name: "shop", image: "shop", securityContext: { capabilities: { add: ["NET_ADMIN"] } } },
    ],
  }),
  pod("a pod with a token", "pods-have-no-tokens", {
    ...restricted,
    automountServiceAccountToken: true,
  }),
  oneMore("a pod that keeps those of others away", "pods-are-restricted", {
    affinity: {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { namespaceSelector: {}, labelSelector: {}, topologyKey: "kubernetes.io/hostname" },
        ],
      },
    },
  }),
  oneMore("a pod that chooses its node", "pods-are-restricted", {
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [
            { matchFields: [{ key: "metadata.name", operator: "In", values: ["control-plane"] }] },
          ],
        },
      },
    },
  }),
  oneMore("a pod on nodes that are drained", "pods-are-restricted", {
    tolerations: [{ key: "node.kubernetes.io/unschedulable", operator: "Exists" }],
  }),
  oneMore("a pod with a volume of a driver", "pods-are-restricted", {
    volumes: [{ name: "share", csi: { driver: "nfs.csi.k8s.io" } }],
  }),
  oneMore("a pod that ends in ten years", "objects-end-in-time", {
    terminationGracePeriodSeconds: 315_360_000,
  }),
  oneMore(
    "a second network by an annotation",
    "annotations-address-nobody",
    {},
    {
      annotations: { "k8s.v1.cni.cncf.io/networks": "production" },
    },
  ),
  annotated("a role of the cloud", "core/v1:ServiceAccount", {
    "eks.amazonaws.com/role-arn": "arn:aws:iam::1:role/production",
  }),
  oneMore(
    "a name in the DNS by an annotation",
    "annotations-address-nobody",
    {},
    {
      annotations: { "external-dns.alpha.kubernetes.io/hostname": "shop.example.com" },
    },
  ),
  alone(
    adding("an object that keeps itself", "objects-end-in-time", "core/v1:ConfigMap", {
      metadata: { name: "violating", namespace, finalizers: ["example.com/never"] },
    }),
  ),
  alone(
    adding("an object that keeps its owner", "objects-end-in-time", "core/v1:ConfigMap", {
      metadata: {
        name: "violating",
        namespace,
        ownerReferences: [
          { apiVersion: "v1", kind: "ConfigMap", name: "keep", uid: "1", blockOwnerDeletion: true },
        ],
      },
    }),
  ),
  {
    fault: "a claim of production's volume",
    policy: "claims-take-fresh-volumes",
    isAlone: true,
    change: (resources) => [
      ...resources,
      afterAll(
        resources,
        rawObject("core/v1:PersistentVolumeClaim", {
          spec: { volumeName: "production-database", accessModes: ["ReadWriteOnce"] },
        }),
      ),
    ],
  },
  adding("a pod on every node", "pods-are-restricted", "apps/v1:DaemonSet", { spec: workload }),
  {
    fault: "a container that does not say what it takes",
    policy: "containers-have-resources",
    change: (resources) => [
      ...resources.filter(({ name }) => name !== "env-limits"),
      rawObject("core/v1:Pod", { spec: restricted }),
    ],
  },
  oneMore("a container that requests more than it gets", "workloads-fit-their-environment", {
    containers: compliant.containers.map((container) => ({
      ...container,
      resources: { requests: { memory: "1Gi" } },
    })),
  }),
  configured(
    { "images-come-from-allowed-registries": { registries: ["registry.example.com"] } },
    pod("an image of somebody", "images-come-from-allowed-registries", restricted),
  ),
  service("a load balancer", { type: "LoadBalancer", selector: { app: "shop" } }),
  service("a node port", { type: "NodePort", selector: { app: "shop" } }),
  service("another name", { type: "ExternalName", externalName: "production.example.com" }),
  service("a foreign address", { selector: { app: "shop" }, externalIPs: ["203.0.113.1"] }),
  alone(
    service("the address of name resolution", {
      selector: { app: "shop" },
      clusterIP: "10.96.0.10",
    }),
  ),
  configured(
    { "objects-are-in-namespaces": { allowedKinds: ["gateway.networking.k8s.io/v1/HTTPRoute"] } },
    alone(
      adding(
        "a stranger who decides",
        "routes-stay-inside",
        "gateway.networking.k8s.io/v1:HTTPRoute",
        {
          spec: {
            hostnames: [`shop.${namespace}.example.com`],
            rules: [{ filters: [{ type: "ExternalAuth" }] }],
          },
        },
      ),
    ),
  ),
  adding("hand-made endpoints", "services-stay-inside", "core/v1:Endpoints", { subsets: [] }),
  adding("any host", "hosts-are-the-environments-own", "networking.k8s.io/v1:Ingress", {
    spec: { rules: [{ host: "*" }] },
  }),
  adding("a release of Helm", "objects-are-visible", "helm.sh/v3:Release", { chart: "./chart" }),
  adding("a role in disguise", "types-are-true", "core/v1:ConfigMap", {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "Role",
  }),
  adding(
    "a share of the API server before the cluster's own",
    "flow-schemas-are-the-environments-own",
    "flowcontrol.apiserver.k8s.io/v1:FlowSchema",
    {
      metadata: { name: namespace },
      spec: { priorityLevelConfiguration: { name: "exempt" }, matchingPrecedence: 1 },
    },
  ),
  adding(
    "a cluster role",
    "objects-are-in-namespaces",
    "rbac.authorization.k8s.io/v1:ClusterRole",
    {
      rules: [],
    },
  ),
  adding("a volume of the cluster", "objects-are-in-namespaces", "core/v1:PersistentVolume", {
    spec: {},
  }),
  adding(
    "a webhook",
    "objects-are-in-namespaces",
    "admissionregistration.k8s.io/v1:ValidatingWebhookConfiguration",
    {
      webhooks: [],
    },
  ),
  adding("a patch", "objects-are-not-patched", "apps/v1:DeploymentPatch", {
    metadata: { name: "shop", namespace: "production" },
  }),
  {
    fault: "a quota whose changes are ignored",
    policy: "walls-follow-their-program",
    change: changing("core/v1:ResourceQuota", (quota) => ({ ...quota, ignoreChanges: ["spec"] })),
  },
  {
    fault: "a provider that takes over what exists",
    policy: "providers-only-make-objects",
    change: changing("core/v1:Namespace", (namespace) => ({
      ...namespace,
      provider: { properties: { upsertExistingObjects: true } },
    })),
  },
];

/** Changes every resource of a type. */
function changing(
  type: string,
  change: (resource: RawResource) => RawResource,
): ViolatingProgram["change"] {
  return (resources) =>
    resources.map((resource) =>
      resource.type === `kubernetes:${type}` ? change(resource) : resource,
    );
}

function adding(
  fault: string,
  policy: string,
  type: string,
  properties: Properties,
): ViolatingProgram {
  const added = rawObject(type, properties);
  return { fault, policy, change: (resources) => [...resources, added] };
}

/** An object of the environment, unless its metadata say otherwise. */
function rawObject(type: string, properties: Properties, name = "violating"): RawResource {
  const [groupVersion = "", kind] = type.split(":");
  const object = {
    apiVersion: groupVersion.replace(/^core\//, ""),
    kind,
    metadata: { name, namespace },
    ...properties,
  };
  return { type: `kubernetes:${type}`, name, properties: object };
}

function configured(
  configuration: Readonly<Record<string, string | object>>,
  fault: ViolatingProgram,
): ViolatingProgram {
  return { ...fault, configuration };
}

function losing(fault: string, policy: string, names: readonly string[]): ViolatingProgram {
  return {
    fault,
    policy,
    change: (resources) => resources.filter(({ name }) => !names.includes(name)),
  };
}

function opening(fault: string, policy: string, rule: Properties): ViolatingProgram {
  return adding(`an opening to ${fault}`, policy, "networking.k8s.io/v1:NetworkPolicy", {
    spec: { podSelector: {}, policyTypes: ["Ingress"], ingress: [rule] },
  });
}

function binding(
  role: string,
  subject: { readonly kind: string; readonly name: string; readonly namespace?: string },
): ViolatingProgram {
  const fault = `${role} for ${subject.name} of ${subject.namespace ?? "the cluster"}`;
  return adding(fault, "bindings-are-narrow", "rbac.authorization.k8s.io/v1:RoleBinding", {
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
    subjects: [subject],
  });
}

function pod(fault: string, policy: string, spec: Properties): ViolatingProgram {
  return adding(fault, policy, "core/v1:Pod", { spec });
}

function annotated(fault: string, type: string, annotations: Properties): ViolatingProgram {
  return alone(
    adding(`${fault} by an annotation`, "annotations-address-nobody", type, {
      metadata: { name: "violating", namespace, annotations },
      automountServiceAccountToken: false,
    }),
  );
}

/** One more pod in an environment that keeps every policy. */
function oneMore(
  fault: string,
  policy: string,
  spec: Properties,
  metadata: Properties = {},
): ViolatingProgram {
  const added = rawObject("core/v1:Pod", {
    metadata: { name: "violating", namespace, ...metadata },
    spec: { ...compliant, ...spec },
  });
  return alone({
    fault,
    policy,
    change: (resources) => [...resources, afterAll(resources, added)],
  });
}

function afterAll(resources: readonly RawResource[], resource: RawResource): RawResource {
  return { ...resource, dependsOn: resources.map(({ name }) => name) };
}

function alone(fault: ViolatingProgram): ViolatingProgram {
  return { ...fault, isAlone: true };
}

function service(fault: string, spec: Properties): ViolatingProgram {
  return adding(`a service with ${fault}`, "services-stay-inside", "core/v1:Service", { spec });
}

function relabelling(
  fault: string,
  policy: string,
  type: string,
  labels: Properties,
): ViolatingProgram {
  return {
    fault,
    policy,
    change: changing(type, (resource) => withMetadata(resource, "labels", labels)),
  };
}

function withMetadata(
  resource: RawResource,
  field: "labels" | "annotations",
  values: Properties,
): RawResource {
  const metadata = resource.properties?.metadata as Readonly<Record<string, Properties>>;
  const changed = { ...metadata, [field]: { ...metadata[field], ...values } };
  return { ...resource, properties: { ...resource.properties, metadata: changed } };
}

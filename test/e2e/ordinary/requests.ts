import {
  type ApiRequest,
  bent,
  corePath,
  deleteRequest,
  getRequest,
  groupPath,
  patchRequest,
  postRequest,
} from "../support/apiRequests";
import { compliantDeployment, compliantPod, compliantService } from "../support/workloads";
import { type Person } from "./people";
import { staging } from "./staging";

/** What somebody asks for on an ordinary day, allowed or not. */
export interface OrdinaryRequest {
  readonly who: Person;
  readonly what: string;
  readonly request: ApiRequest;
}

type Row = readonly [what: string, request: ApiRequest];

const named = (name: string) => ({ metadata: { name } });
const rbacGroup = "rbac.authorization.k8s.io";
const deployments = groupPath(staging, "apps", "deployments");
const networking = "networking.k8s.io";
const newPod = postRequest(corePath(staging, "pods"), compliantPod("extra"));
const newService = postRequest(corePath(staging, "services"), compliantService("extra"));
const backend = { service: { name: "shop", port: { number: 80 } } };

/** What an environment's guard rails refuse is everyday business elsewhere. */
const ofEditors: readonly Row[] = [
  ["lists pods", getRequest(corePath(staging, "pods"))],
  ["reads a secret", getRequest(corePath(staging, "secrets/password"))],
  ["deploys", postRequest(deployments, compliantDeployment("extra"))],
  ["changes a deployment", patchRequest(`${deployments}/shop`, { spec: { replicas: 2 } })],
  ["scales a deployment", patchRequest(`${deployments}/shop/scale`, { spec: { replicas: 3 } })],
  ["deletes a deployment", deleteRequest(`${deployments}/shop`)],
  [
    "changes a config map",
    patchRequest(corePath(staging, "configmaps/settings"), { data: { a: "b" } }),
  ],
  ["runs a pod", newPod],
  [
    "runs a pod with a token on a chosen node",
    bent(newPod, { spec: { nodeName: "worker-1", automountServiceAccountToken: true } }),
  ],
  [
    "runs a pod that tolerates everything",
    bent(newPod, { spec: { tolerations: [{ operator: "Exists" }] } }),
  ],
  ["runs a pod of a high priority", bent(newPod, { spec: { priorityClassName: "important" } })],
  [
    "runs a pod with a second network",
    bent(newPod, { metadata: { annotations: { "k8s.v1.cni.cncf.io/networks": "lan" } } }),
  ],
  [
    "runs a pod that takes an hour to end",
    bent(newPod, { spec: { terminationGracePeriodSeconds: 3600 } }),
  ],
  ["runs a privileged pod", bent(newPod, { spec: { hostNetwork: true } })],
  ["makes a service", newService],
  ["makes a load balancer", bent(newService, { spec: { type: "LoadBalancer" } })],
  ["makes a node port", bent(newService, { spec: { type: "NodePort" } })],
  [
    "makes a name for another host",
    bent(newService, { spec: { type: "ExternalName", externalName: "example.com" } }),
  ],
  [
    "makes a service with an external address",
    bent(newService, { spec: { externalIPs: ["203.0.113.1"] } }),
  ],
  [
    "makes an ingress for any host",
    postRequest(groupPath(staging, networking, "ingresses"), {
      ...named("shop"),
      spec: { defaultBackend: backend, rules: [{ host: "shop.example.com" }] },
    }),
  ],
  [
    "makes a network policy that allows everything",
    postRequest(groupPath(staging, networking, "networkpolicies"), {
      ...named("open"),
      spec: { podSelector: {}, ingress: [{}] },
    }),
  ],
  [
    "makes a secret that becomes a token",
    postRequest(corePath(staging, "secrets"), {
      metadata: {
        name: "token",
        annotations: { "kubernetes.io/service-account.name": "default" },
      },
      type: "kubernetes.io/service-account-token",
    }),
  ],
  [
    "claims a volume that is there",
    postRequest(corePath(staging, "persistentvolumeclaims"), {
      ...named("data"),
      spec: {
        accessModes: ["ReadWriteOnce"],
        resources: { requests: { storage: "1Gi" } },
        volumeName: "data",
      },
    }),
  ],
  [
    "makes a config map with a finalizer",
    postRequest(corePath(staging, "configmaps"), {
      metadata: { name: "held", finalizers: ["example.com/held"] },
    }),
  ],
  [
    "mints a token",
    postRequest(corePath(staging, "serviceaccounts/default/token"), {
      spec: { audiences: ["vault"] },
    }),
  ],
  [
    "makes a service account",
    postRequest(corePath(staging, "serviceaccounts"), {
      metadata: { name: "robot", annotations: { "eks.amazonaws.com/role-arn": "robot" } },
    }),
  ],
  ["makes a quota", postRequest(corePath(staging, "resourcequotas"), named("mine"))],
  ["deletes every config map", deleteRequest(corePath(staging, "configmaps"))],
  ["labels the namespace", patchRequest(corePath(staging), { metadata: { labels: { a: "b" } } })],
  ["deletes the namespace", deleteRequest(corePath(staging))],
];

const binding = {
  ...named("friends"),
  roleRef: { apiGroup: rbacGroup, kind: "ClusterRole", name: "view" },
  subjects: [{ apiGroup: rbacGroup, kind: "Group", name: "system:authenticated" }],
};
const rule = { apiGroups: [""], resources: ["pods"], verbs: ["get"] };

const ofOwners: readonly Row[] = [
  [
    "writes a role",
    postRequest(groupPath(staging, rbacGroup, "roles"), { ...named("mine"), rules: [rule] }),
  ],
  ["lets everybody look", postRequest(groupPath(staging, rbacGroup, "rolebindings"), binding)],
  [
    "deletes the editors' binding",
    deleteRequest(`${groupPath(staging, rbacGroup, "rolebindings")}/editors`),
  ],
];

const ofOperators: readonly Row[] = [
  ["makes a namespace", postRequest("/api/v1/namespaces", named("new"))],
  [
    "makes a namespace without Pod Security",
    postRequest("/api/v1/namespaces", {
      metadata: { name: "new", labels: { "pod-security.kubernetes.io/enforce": "privileged" } },
    }),
  ],
  [
    "makes a namespace that is named like an environment",
    postRequest("/api/v1/namespaces", named("review-board")),
  ],
  ["labels a namespace", patchRequest(corePath(staging), { metadata: { labels: { team: "a" } } })],
  ["deletes a namespace", deleteRequest(corePath({ namespace: "old" }))],
  [
    "makes a quota",
    postRequest(corePath(staging, "resourcequotas"), {
      ...named("team"),
      spec: { hard: { pods: "100" }, scopes: ["NotTerminating"] },
    }),
  ],
  [
    "makes a limit range",
    postRequest(corePath(staging, "limitranges"), { ...named("team"), spec: { limits: [] } }),
  ],
  [
    "writes endpoints",
    postRequest(corePath(staging, "endpoints"), {
      ...named("outside"),
      subsets: [{ addresses: [{ ip: "203.0.113.9" }], ports: [{ port: 5432 }] }],
    }),
  ],
  [
    "makes a daemon set",
    postRequest(groupPath(staging, "apps", "daemonsets"), {
      ...compliantDeployment("agent"),
      kind: "DaemonSet",
    }),
  ],
  ["labels a node", patchRequest("/api/v1/nodes/worker-1", { metadata: { labels: { a: "b" } } })],
  [
    "makes a flow schema",
    postRequest("/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas", {
      ...named("team"),
      spec: { priorityLevelConfiguration: { name: "workload-low" }, matchingPrecedence: 5000 },
    }),
  ],
  [
    "gives somebody everything",
    postRequest(`/apis/${rbacGroup}/v1/clusterrolebindings`, {
      ...binding,
      roleRef: { ...binding.roleRef, name: "cluster-admin" },
    }),
  ],
  ["reaches a pod through the API server", getRequest(corePath(staging, "pods/waiting/proxy/"))],
];

const status = { status: { conditions: [{ type: "Ready", status: "True" }] } };

const ofCluster: readonly (readonly [who: Person, ...Row])[] = [
  ["node", "reports on itself", patchRequest("/api/v1/nodes/worker-1/status", status)],
  ["node", "lists pods", getRequest("/api/v1/pods?fieldSelector=spec.nodeName=worker-1")],
  [
    "scheduler",
    "binds a pod",
    postRequest(corePath(staging, "pods/waiting/binding"), {
      ...named("waiting"),
      target: { kind: "Node", name: "worker-1" },
    }),
  ],
  ["scheduler", "reports on a pod", patchRequest(corePath(staging, "pods/waiting/status"), status)],
  ["controllers", "lists namespaces", getRequest("/api/v1/namespaces")],
  ["stranger", "lists secrets", getRequest("/api/v1/secrets")],
  ["stranger", "runs a pod", newPod],
];

/** Everything that is asked for. */
export const ordinaryRequests: readonly OrdinaryRequest[] = [
  ...(["editor", "guest"] as const).flatMap((who) => ofEditors.map((row) => by(who, row))),
  ...[...ofEditors.slice(-5), ...ofOwners].map((row) => by("owner", row)),
  ...ofOperators.map((row) => by("operator", row)),
  ...ofCluster.map(([who, ...row]) => by(who, row)),
];

function by(who: Person, [what, request]: Row): OrdinaryRequest {
  return { who, what, request };
}

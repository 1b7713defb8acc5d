import { type KubernetesApi, type KubernetesRequestOptions } from "secure-environment-sandbox";
import { compliantPod } from "./workloads";

/** One request by which somebody would get more than they were given. */
export interface Escalation {
  readonly attempt: string;
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly options?: KubernetesRequestOptions;
}

const rbacGroup = "rbac.authorization.k8s.io";
const mergePatch = { contentType: "application/merge-patch+json" };

/**
 * Attempts to move a wall of the namespace, to get rights or tokens, and to reach another one. An
 * administrator may do all of them: what refuses them is the identity that tries.
 */
export function escalations(own: string, foreign: string): Escalation[] {
  return [...wallMoves(own), ...rightsGrabs(own), ...reachesOut(foreign)];
}

/** The request as the API server takes it in a rehearsal: nothing is changed by it. */
export function attempt(api: KubernetesApi, escalation: Escalation, dryRun = false) {
  const { method, path, body, options } = escalation;
  const query = { ...options?.query, ...(dryRun && method !== "GET" ? { dryRun: "All" } : {}) };
  return api.request(method, path, body, { ...options, query });
}

function wallMoves(own: string): Escalation[] {
  const core = `/api/v1/namespaces/${own}`;
  const networking = `/apis/networking.k8s.io/v1/namespaces/${own}`;
  const rbac = `/apis/${rbacGroup}/v1/namespaces/${own}`;
  const walls = [
    `${core}/resourcequotas/environment`,
    `${core}/limitranges/environment`,
    `${networking}/networkpolicies/default-deny`,
    `${networking}/networkpolicies/same-environment`,
    `${networking}/networkpolicies/dns`,
    `${rbac}/roles/deployer`,
    `${rbac}/rolebindings/deployer`,
    `${core}/serviceaccounts/default`,
    `${core}/serviceaccounts/deployer`,
    core,
  ];
  const patch = { metadata: { labels: { moved: "yes" } } };
  return [
    ...walls.flatMap((path): Escalation[] => [
      { attempt: `change ${path}`, method: "PATCH", path, body: patch, options: mergePatch },
      { attempt: `delete ${path}`, method: "DELETE", path },
    ]),
    {
      attempt: "open the network",
      method: "POST",
      path: `${networking}/networkpolicies`,
      body: { metadata: { name: "open" }, spec: { podSelector: {}, ingress: [{}] } },
    },
    {
      attempt: "delete every network policy",
      method: "DELETE",
      path: `${networking}/networkpolicies`,
    },
  ];
}

function rightsGrabs(own: string): Escalation[] {
  const core = `/api/v1/namespaces/${own}`;
  const rbac = `/apis/${rbacGroup}/v1/namespaces/${own}`;
  const bind = (kind: string, name: string) => ({
    metadata: { name: `bind-${name}` },
    roleRef: { apiGroup: rbacGroup, kind, name },
    subjects: [{ apiGroup: rbacGroup, kind: "User", name: "friend" }],
  });
  return [
    {
      attempt: "write a role",
      method: "POST",
      path: `${rbac}/roles`,
      body: {
        metadata: { name: "mine" },
        rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }],
      },
    },
    {
      attempt: "bind a role of the environment",
      method: "POST",
      path: `${rbac}/rolebindings`,
      body: bind("Role", "deployer"),
    },
    {
      attempt: "bind a ClusterRole here",
      method: "POST",
      path: `${rbac}/rolebindings`,
      body: bind("ClusterRole", "cluster-admin"),
    },
    {
      attempt: "bind a ClusterRole everywhere",
      method: "POST",
      path: `/apis/${rbacGroup}/v1/clusterrolebindings`,
      body: bind("ClusterRole", "cluster-admin"),
    },
    {
      attempt: "get a token of the deployer",
      method: "POST",
      path: `${core}/serviceaccounts/deployer/token`,
      body: {},
    },
    {
      attempt: "make a service account",
      method: "POST",
      path: `${core}/serviceaccounts`,
      body: { metadata: { name: "robot" } },
    },
  ];
}

function reachesOut(foreign: string): Escalation[] {
  const core = `/api/v1/namespaces/${foreign}`;
  return [
    { attempt: "list another namespace's secrets", method: "GET", path: `${core}/secrets` },
    {
      attempt: "read another namespace's secret",
      method: "GET",
      path: `${core}/secrets/password`,
    },
    { attempt: "look at another namespace's pods", method: "GET", path: `${core}/pods` },
    {
      attempt: "run a pod in another namespace",
      method: "POST",
      path: `${core}/pods`,
      body: compliantPod("intruder"),
    },
    { attempt: "list the secrets of the cluster", method: "GET", path: "/api/v1/secrets" },
    {
      attempt: "make a namespace",
      method: "POST",
      path: "/api/v1/namespaces",
      body: { metadata: { name: "review-mine" } },
    },
  ];
}

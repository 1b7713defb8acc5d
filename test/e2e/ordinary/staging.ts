import { type ApiRequest, corePath, groupPath, postRequest } from "../support/apiRequests";
import { compliantDeployment, compliantPod, compliantService } from "../support/workloads";

export const staging = { namespace: "staging" };

const rbacGroup = "rbac.authorization.k8s.io";
const rbac = `/apis/${rbacGroup}/v1`;

const user = (name: string) => ({ apiGroup: rbacGroup, kind: "User", name });
const group = (name: string) => ({ apiGroup: rbacGroup, kind: "Group", name });

function bind(path: string, name: string, role: string, subjects: readonly object[]): ApiRequest {
  const roleRef = { apiGroup: rbacGroup, kind: "ClusterRole", name: role };
  return postRequest(path, { metadata: { name }, roleRef, subjects });
}

/** What is in the cluster before anybody thinks of review environments. */
export const ordinaryObjects: readonly ApiRequest[] = [
  postRequest("/api/v1/namespaces", { metadata: { name: "staging", labels: { env: "staging" } } }),
  postRequest("/api/v1/namespaces", { metadata: { name: "old" } }),
  postRequest("/api/v1/nodes", { metadata: { name: "worker-1" } }),
  postRequest("/apis/scheduling.k8s.io/v1/priorityclasses", {
    metadata: { name: "important" },
    value: 100000,
  }),
  bind(groupPath(staging, rbacGroup, "rolebindings"), "editors", "edit", [
    group("staging-team"),
    group("dev-users"),
  ]),
  bind(groupPath(staging, rbacGroup, "rolebindings"), "owners", "admin", [user("omar")]),
  bind(`${rbac}/clusterrolebindings`, "operators", "cluster-admin", [user("olga")]),
  postRequest(corePath(staging, "configmaps"), { metadata: { name: "settings" } }),
  postRequest(corePath(staging, "secrets"), {
    metadata: { name: "password" },
    stringData: { password: "hunter2" },
  }),
  postRequest(corePath(staging, "services"), compliantService("shop")),
  postRequest(groupPath(staging, "apps", "deployments"), compliantDeployment("shop")),
  postRequest(corePath(staging, "pods"), compliantPod("waiting")),
];

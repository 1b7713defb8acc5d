import { type KubernetesApi } from "secure-environment-sandbox";

const admission = "/apis/admissionregistration.k8s.io/v1";
const rbac = "/apis/rbac.authorization.k8s.io/v1";

/** Where the platform has objects that are in no namespace. */
const collections = [
  "/api/v1/namespaces",
  `${admission}/validatingadmissionpolicies`,
  `${admission}/validatingadmissionpolicybindings`,
  `${rbac}/clusterroles`,
  `${rbac}/clusterrolebindings`,
  "/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas",
  "/apis/flowcontrol.apiserver.k8s.io/v1/prioritylevelconfigurations",
  "/apis/scheduling.k8s.io/v1/priorityclasses",
];

/** The names of what a cluster has of the platform. */
export async function platformObjects(api: KubernetesApi): Promise<string[]> {
  const lists = await Promise.all(collections.map((path) => api.request("GET", path)));
  return lists
    .flatMap(({ body }) => body.items as { metadata: { name: string } }[])
    .map(({ metadata }) => metadata.name)
    .filter((name) => /^secure-environment-|--rehearsal$/.test(name));
}

import { type KubernetesApi } from "secure-environment-sandbox";

interface Resource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

/** What Kubernetes itself puts into every namespace. */
const madeByKubernetes = ["ConfigMap/kube-root-ca.crt", "ServiceAccount/default"];

/** Every object of a namespace as `Kind/name`, sorted, of every kind that the server lists. */
export async function objectsIn(api: KubernetesApi, namespace: string): Promise<string[]> {
  const names = Object.keys(await objectVersionsIn(api, namespace));
  return names.filter((name) => !madeByKubernetes.includes(name)).sort();
}

/** The same objects, and those that Kubernetes itself makes, each with its resource version. */
export async function objectVersionsIn(
  api: KubernetesApi,
  namespace: string,
): Promise<Record<string, string>> {
  const paths = await listablePaths(api, namespace);
  const lists = await Promise.all(
    paths.map(async ({ kind, path }) => {
      const { status, body } = await api.request("GET", path);
      if (status !== 200) {
        throw new Error(`GET ${path} answered ${status}.`);
      }
      const items = body.items as { metadata: { name: string; resourceVersion: string } }[];
      return items.map(({ metadata }) => [`${kind}/${metadata.name}`, metadata.resourceVersion]);
    }),
  );
  return Object.fromEntries(lists.flat()) as Record<string, string>;
}

async function listablePaths(api: KubernetesApi, namespace: string) {
  const groups = await groupPaths(api);
  const discovered = await Promise.all(
    groups.map(async (group) => {
      const { body } = await api.request("GET", group);
      return (body.resources as Resource[])
        .filter((resource) => resource.namespaced && resource.verbs.includes("list"))
        .filter((resource) => resource.kind !== "Event")
        .map(({ kind, name }) => ({ kind, path: `${group}/namespaces/${namespace}/${name}` }));
    }),
  );
  return discovered.flat();
}

async function groupPaths(api: KubernetesApi): Promise<string[]> {
  const { body } = await api.request("GET", "/apis");
  const groups = body.groups as { preferredVersion: { groupVersion: string } }[];
  return ["/api/v1", ...groups.map((group) => `/apis/${group.preferredVersion.groupVersion}`)];
}

import { expect } from "chai";
import { type KubernetesApi } from "secure-environment-sandbox";
import { compliantDeployment, compliantPod } from "../workloads";

/** The workloads that are put to sleep, by their collections. */
const collections = [
  ["apis/apps/v1", "deployments"],
  ["apis/apps/v1", "statefulsets"],
  ["apis/batch/v1", "cronjobs"],
  ["apis/batch/v1", "jobs"],
] as const;

/** What no sleep and no wake may change. A quota's status is what is used of it. */
const walls = [
  "api/v1/*/limitranges",
  "api/v1/*/resourcequotas",
  "api/v1/*/serviceaccounts",
  "api/v1/*/secrets",
  "api/v1/*/configmaps",
  "apis/networking.k8s.io/v1/*/networkpolicies",
  "apis/rbac.authorization.k8s.io/v1/*/roles",
  "apis/rbac.authorization.k8s.io/v1/*/rolebindings",
] as const;

/** The path of a collection in a namespace. */
export function pathIn(namespace: string, collection: string): string {
  return `/${collection.replace("*", `namespaces/${namespace}`)}`;
}

/** As Helm marks what it deploys. */
const helm = {
  labels: { "app.kubernetes.io/managed-by": "Helm", "helm.sh/chart": "shop-1.2.3" },
  annotations: { "meta.helm.sh/release-name": "shop", "checksum/config": "abc" },
};

export function deployment(name: string, replicas: number) {
  const { metadata, spec, ...rest } = compliantDeployment(name);
  return { ...rest, metadata: { ...metadata, ...helm }, spec: { ...spec, replicas } };
}

export function statefulSet(name: string, replicas: number) {
  const { spec } = compliantDeployment(name);
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name },
    spec: { ...spec, replicas, serviceName: name, podManagementPolicy: "Parallel" },
  };
}

export function job(name: string, suspend: boolean) {
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name },
    spec: { ...jobSpec(), suspend },
  };
}

/** Once a year, so that no test is there when it is due. */
export function cronJob(name: string, suspend: boolean) {
  return {
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: { name },
    spec: { schedule: "0 3 29 2 *", suspend, jobTemplate: { spec: jobSpec() } },
  };
}

function jobSpec() {
  return { template: { spec: { ...compliantPod("job").spec, restartPolicy: "Never" } } };
}

/** Creates objects, each in its collection. */
export async function deploy(
  api: KubernetesApi,
  namespace: string,
  objects: readonly { readonly apiVersion: string; readonly kind: string }[],
): Promise<void> {
  for (const object of objects) {
    const group = object.apiVersion.includes("/") ? "apis" : "api";
    const resource = `${object.kind.toLowerCase()}s`;
    const path = pathIn(namespace, `${group}/${object.apiVersion}/*/${resource}`);
    const { status, body } = await api.request("POST", path, object);
    expect(status, JSON.stringify(body)).to.equal(201);
  }
}

/** What people have said of the workloads, by kind and name, and who has said what. */
export async function workloadsOf(
  api: KubernetesApi,
  namespace: string,
): Promise<Record<string, { spec: unknown; annotations: unknown; managers: readonly string[] }>> {
  const lists = await Promise.all(
    collections.map(async ([group, resource]) => {
      const { body } = await api.request("GET", pathIn(namespace, `${group}/*/${resource}`));
      return body.items.map((item: Item) => [
        `${resource}/${item.metadata.name}`,
        { spec: item.spec, annotations: ownAnnotations(item), managers: managersOf(item) },
      ]);
    }),
  );
  return Object.fromEntries(lists.flat());
}

interface Item {
  readonly metadata: {
    readonly name: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly managedFields: readonly { readonly manager: string }[];
  };
  readonly spec: unknown;
}

/** Controllers count revisions in an annotation. */
function ownAnnotations({ metadata }: Item) {
  const entries = Object.entries(metadata.annotations ?? {});
  return Object.fromEntries(entries.filter(([key]) => key !== revision));
}

const revision = "deployment.kubernetes.io/revision";

/** Controllers come and go among those who have set fields. */
function managersOf({ metadata }: Item): string[] {
  const managers = metadata.managedFields.map(({ manager }) => manager);
  return managers.filter((manager) => !manager.startsWith("kube-")).sort();
}

/** The walls of an environment, byte by byte. */
export async function wallsOf(api: KubernetesApi, namespace: string): Promise<string> {
  const { body } = await api.request("GET", `/api/v1/namespaces/${namespace}`);
  const lists = await Promise.all(
    walls.map(async (collection) => {
      const { status, body } = await api.request("GET", pathIn(namespace, collection));
      expect(status).to.equal(200);
      return collection.endsWith("quotas") ? body.items.map(withoutStatus) : body.items;
    }),
  );
  return JSON.stringify([body, ...lists], undefined, 2);
}

function withoutStatus({ metadata, spec }: { metadata: Record<string, unknown>; spec: unknown }) {
  const { resourceVersion, managedFields, ...said } = metadata;
  expect(resourceVersion).to.be.a("string");
  expect(managedFields).to.be.an("array");
  return { metadata: said, spec };
}

/** The pods of a namespace that are there, and are not going. */
export async function podsIn(api: KubernetesApi, namespace: string): Promise<string[]> {
  const { body } = await api.request("GET", pathIn(namespace, "api/v1/*/pods"));
  const pods = body.items as { metadata: { name: string; deletionTimestamp?: string } }[];
  return pods
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .map(({ metadata }) => metadata.name)
    .sort();
}

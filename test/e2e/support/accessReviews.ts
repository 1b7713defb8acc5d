import { type KubernetesApi } from "secure-environment-sandbox";

/** What somebody may or may not do in a namespace. */
export interface AccessQuestion {
  readonly verb: string;
  /** The resource, with its subresource where it has one, such as `deployments/scale`. */
  readonly resource: string;
  readonly namespace?: string;
}

const groupOfResource: Readonly<Record<string, string>> = {
  clusterroles: "rbac.authorization.k8s.io",
  cronjobs: "batch",
  daemonsets: "apps",
  deployments: "apps",
  endpointslices: "discovery.k8s.io",
  horizontalpodautoscalers: "autoscaling",
  httproutes: "gateway.networking.k8s.io",
  ingresses: "networking.k8s.io",
  jobs: "batch",
  networkpolicies: "networking.k8s.io",
  poddisruptionbudgets: "policy",
  replicasets: "apps",
  rolebindings: "rbac.authorization.k8s.io",
  roles: "rbac.authorization.k8s.io",
  statefulsets: "apps",
};

/** Whether the one who asks may do it, as the API server judges. */
export async function isAllowed(
  api: KubernetesApi,
  { verb, resource: path, namespace }: AccessQuestion,
): Promise<boolean> {
  const [resource = "", subresource] = path.split("/");
  // A subresource is asked for by its own field: `pods/exec` as a resource is a pod named exec.
  const resourceAttributes = {
    group: groupOfResource[resource] ?? "",
    resource,
    ...(subresource === undefined ? {} : { subresource }),
    verb,
    ...(namespace === undefined ? {} : { namespace }),
  };
  const { status, body } = await api.request(
    "POST",
    "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
    { spec: { resourceAttributes } },
  );
  if (status !== 201) {
    throw new Error(`The access review of ${verb} ${path} answered ${status}.`);
  }
  return body.status.allowed as boolean;
}

interface ResourceRule {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
}

/** Everything that the one who asks may do in the namespace, such as `get pods`. */
export async function rightsIn(api: KubernetesApi, namespace: string): Promise<string[]> {
  const { body } = await api.request(
    "POST",
    "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews",
    { spec: { namespace } },
  );
  return (body.status.resourceRules as ResourceRule[]).flatMap(({ verbs, apiGroups, resources }) =>
    verbs.flatMap((verb) =>
      apiGroups.flatMap((group) =>
        resources.map((resource) => `${verb} ${resource}${group && `.${group}`}`),
      ),
    ),
  );
}

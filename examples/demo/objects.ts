import type {
  V1Namespace,
  V1NetworkPolicy,
  V1NetworkPolicyList,
  V1ResourceQuota,
  V1Role,
  V1RoleBinding,
  V1ServiceAccount,
} from "@kubernetes/client-node";
import { type KubernetesApi } from "secure-environment-kubernetes";
import { SandboxError } from "secure-environment-sandbox";

type Amounts = Readonly<Record<string, string>>;

/** As the API server writes it; the client library renames `default`. */
interface LimitRange {
  readonly spec: { readonly limits: readonly { readonly default?: Amounts }[] };
}

/** What stands in a namespace: a row for each object, with what it does, as the server has it. */
export async function describeObjects(api: KubernetesApi, namespace: string): Promise<string[][]> {
  const core = `/api/v1/namespaces/${namespace}`;
  const networking = `/apis/networking.k8s.io/v1/namespaces/${namespace}`;
  const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`;
  const policies = await read<V1NetworkPolicyList>(api, `${networking}/networkpolicies`);
  return [
    describeNamespace(await read<V1Namespace>(api, core)),
    describeQuota(await read<V1ResourceQuota>(api, `${core}/resourcequotas/environment`)),
    describeLimits(await read<LimitRange>(api, `${core}/limitranges/environment`)),
    ...policies.items.map(describePolicy),
    describeAccount(await read<V1ServiceAccount>(api, `${core}/serviceaccounts/default`)),
    describeRole(await read<V1Role>(api, `${rbac}/roles/developer`)),
    describeBinding(await read<V1RoleBinding>(api, `${rbac}/rolebindings/developer`)),
  ];
}

async function read<Kind>(api: KubernetesApi, path: string): Promise<Kind> {
  const { status, body } = await api.request<Kind>("GET", path);
  if (status !== 200) {
    throw new SandboxError(`GET ${path} answered ${status}.`);
  }
  return body;
}

function describeNamespace({ metadata }: V1Namespace): string[] {
  const level = metadata?.labels?.["pod-security.kubernetes.io/enforce"] ?? "any";
  return [`Namespace/${metadata?.name}`, `admits ${level} pods only`];
}

function describeQuota({ spec }: V1ResourceQuota): string[] {
  const hard: Amounts = spec?.hard ?? {};
  return [
    "ResourceQuota/environment",
    `at most ${hard["limits.cpu"]} CPU, ${hard["limits.memory"]} memory, ${hard.pods} pods, ` +
      `${hard["services.loadbalancers"]} load balancers, ${hard["services.nodeports"]} node ports`,
  ];
}

function describeLimits({ spec }: LimitRange): string[] {
  const defaults = spec.limits[0]?.default ?? {};
  return [
    "LimitRange/environment",
    `gives a container that asks for nothing ${defaults.cpu} CPU, ${defaults.memory} memory`,
  ];
}

function describePolicy({ metadata, spec }: V1NetworkPolicy): string[] {
  const allowed = [...(spec?.ingress ? ["in"] : []), ...(spec?.egress ? ["out"] : [])];
  const effect =
    allowed.length === 0 ? "nothing in, nothing out" : `opens ${allowed.join(" and ")}`;
  return [`NetworkPolicy/${metadata?.name}`, effect];
}

function describeAccount({ automountServiceAccountToken }: V1ServiceAccount): string[] {
  const effect =
    automountServiceAccountToken === false ? "gives pods no token" : "gives pods a token";
  return ["ServiceAccount/default", effect];
}

function describeRole({ rules }: V1Role): string[] {
  return ["Role/developer", `${rules?.length} rules, a closed list`];
}

function describeBinding({ subjects }: V1RoleBinding): string[] {
  const names = subjects?.map((subject) => `${subject.kind} ${subject.name}`).join(", ");
  return ["RoleBinding/developer", `lets in ${names}`];
}

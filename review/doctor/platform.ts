import {
  platformClusterRoles,
  platformNamespace,
  platformPrefix,
  platformRoleNames,
} from "secure-environment/core";
import { type Check, reachedBy } from "./examination";
import { doubtful, fine, type Finding, unknown, wrong } from "./finding";
import { isUnderPlatform } from "./environmentPlace";
import { type ReachedCluster } from "./reachedCluster";

const subject = "platform";

/** What is seen of the platform, by name; `undefined` where these credentials may not look. */
export interface SeenPlatform {
  readonly hasNamespace: boolean | undefined;
  readonly policies: readonly string[] | undefined;
  /** The policies that are bound, without which they do nothing. */
  readonly bound: readonly string[] | undefined;
  readonly clusterRoles: readonly string[] | undefined;
}

/** Whether the platform is installed, is whole, and is what the settings say. */
export const platform: Check = {
  subject,
  look: async (surroundings) => {
    const cluster = await reachedBy(surroundings);
    return [judgePlatform(await seen(cluster), isUnderPlatform(surroundings))];
  },
};

async function seen(cluster: ReachedCluster): Promise<SeenPlatform> {
  const admission = "/apis/admissionregistration.k8s.io/v1";
  const [namespace, policies, bindings, clusterRoles] = await Promise.all([
    cluster.get(`/api/v1/namespaces/${platformNamespace}`),
    listed(cluster, `${admission}/validatingadmissionpolicies`),
    listed(cluster, `${admission}/validatingadmissionpolicybindings`),
    listed(cluster, "/apis/rbac.authorization.k8s.io/v1/clusterroles"),
  ]);
  const hasNamespace = { 200: true, 404: false }[namespace.status];
  const names = (objects: readonly NamedObject[] | undefined) =>
    objects?.map(({ metadata }) => metadata.name).filter((name) => name.startsWith(platformPrefix));
  return {
    hasNamespace,
    policies: names(policies),
    bound: bindings?.flatMap(({ spec }) => spec?.policyName ?? []),
    clusterRoles: names(clusterRoles),
  };
}

interface NamedObject {
  readonly metadata: { readonly name: string };
  /** Of a binding. */
  readonly spec?: { readonly policyName?: string };
}

async function listed(
  cluster: ReachedCluster,
  path: string,
): Promise<readonly NamedObject[] | undefined> {
  const { status, body } = await cluster.get<{ readonly items?: readonly NamedObject[] }>(path);
  return status === 404 ? [] : status === 200 ? (body?.items ?? []) : undefined;
}

/** @param said whether the settings say that there is one; `undefined` where they do not tell. */
export function judgePlatform(platform: SeenPlatform, said: boolean | undefined): Finding {
  const { hasNamespace, policies, clusterRoles } = platform;
  const known = [hasNamespace, some(policies), some(clusterRoles)];
  if (known.every((one) => one === undefined)) {
    return unknown(subject, "not known: these credentials may not look for it");
  }
  if (!known.includes(true)) {
    return said === true
      ? wrong(
          subject,
          "is not installed, and the settings say `platform: true`",
          "Have an administrator install it (docs/platform.md), or take `platform` out of `config`.",
        )
      : fine(subject, "is not installed, and no environment counts on it");
  }
  const missing = missingParts(platform);
  if (missing.length > 0) {
    const remedy = "Have an administrator bring the platform up again.";
    return wrong(subject, `is not whole: ${missing.join("; ")}`, remedy);
  }
  return judgeSaid(describe(platform), said);
}

function judgeSaid(found: string, said: boolean | undefined): Finding {
  if (said === true) {
    return fine(subject, found);
  }
  const fault = `${found}, and the settings do not say so`;
  const remedy = "Write `platform: true` and `project` into `config` of review.yaml.";
  return said === undefined
    ? doubtful(subject, fault, "See that the program says `platform: true`.")
    : wrong(subject, fault, remedy);
}

function describe({ policies, clusterRoles }: SeenPlatform): string {
  const counted = [
    ...(policies === undefined ? [] : [`${policies.length} admission policies`]),
    ...(clusterRoles === undefined ? [] : [`${clusterRoles.length} ClusterRoles`]),
  ];
  return `is installed${counted.length === 0 ? "" : `: ${counted.join(", ")}`}`;
}

/** What does nothing, or is not there. */
function missingParts({ policies, bound, clusterRoles }: SeenPlatform): readonly string[] {
  const unbound = policies?.filter((name) => bound !== undefined && !bound.includes(name)) ?? [];
  const needed = [...Object.values(platformClusterRoles), ...Object.values(platformRoleNames)];
  const lacking = needed.filter((name) => clusterRoles?.includes(name) === false);
  return [
    ...(policies?.length === 0 ? ["it has no admission policy, so nothing is fenced"] : []),
    ...(unbound.length > 0 ? [`nothing binds the admission policies ${unbound.join(", ")}`] : []),
    ...(lacking.length > 0 ? [`the ClusterRoles ${lacking.join(", ")} are missing`] : []),
  ];
}

function some(names: readonly string[] | undefined): boolean | undefined {
  return names === undefined ? undefined : names.length > 0;
}

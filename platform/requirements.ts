import {
  describeProblems,
  minorOf,
  neededMinor,
  problemUnless,
  type Problem,
  safeMinor,
} from "secure-environment/core";
import { failure } from "secure-environment-cluster/failure";
import { admissionProblems } from "./admission";
import { type Cluster } from "./cluster";

/** What a cluster says about itself. */
export interface ServedApi {
  /** The version of Kubernetes, such as `v1.34.1`. */
  readonly version: string;
  /** The resources of each group and version that was asked for; none where it is not served. */
  readonly resources: Readonly<Record<string, readonly string[]>>;
}

/** The resources that the platform consists of or judges. */
const neededResources: Readonly<Record<string, readonly string[]>> = {
  "admissionregistration.k8s.io/v1": [
    "validatingadmissionpolicies",
    "validatingadmissionpolicybindings",
  ],
  "flowcontrol.apiserver.k8s.io/v1": ["flowschemas", "prioritylevelconfigurations"],
  "networking.k8s.io/v1": ["networkpolicies"],
  "rbac.authorization.k8s.io/v1": ["clusterroles", "clusterrolebindings", "rolebindings"],
  "scheduling.k8s.io/v1": ["priorityclasses"],
};

/**
 * Asks the cluster whether it has what the platform needs.
 *
 * @returns what is missing without being needed, in words.
 * @throws RunError with everything that is missing, before anything is created.
 */
export async function requireCluster(cluster: Cluster): Promise<string[]> {
  const api = await servedApi(cluster);
  const problems = [...apiProblems(api), ...(await admissionProblems(cluster))];
  if (problems.length > 0) {
    throw failure(describeProblems(problems, "cluster"));
  }
  return apiWarnings(api);
}

/** What the cluster does not serve. */
export function apiProblems({ version, resources }: ServedApi): Problem[] {
  return [
    ...versionProblems(version),
    ...Object.entries(neededResources).flatMap(([group, needed]) =>
      missingProblems(
        group,
        needed.filter((resource) => !resources[group]?.includes(resource)),
      ),
    ),
  ];
}

/** What the cluster would do better with. */
export function apiWarnings({ version }: ServedApi): string[] {
  return minorOf(version) >= safeMinor
    ? []
    : [
        `Kubernetes ${version}: before 1.${safeMinor} no Pod Security level keeps pods from having the ` +
          "kubelet send probes to any host. Upgrade the cluster.",
      ];
}

function versionProblems(version: string): Problem[] {
  const remedy = `Upgrade the cluster to Kubernetes 1.${neededMinor} or later.`;
  const fault = "removes the walls of a namespace while its pods still run";
  return problemUnless(minorOf(version) >= neededMinor, "version", fault, remedy, version);
}

function missingProblems(group: string, missing: readonly string[]): Problem[] {
  const fault = `is not served with ${missing.join(", ")}`;
  const remedy = "Switch it on at the API server (--runtime-config), or upgrade the cluster.";
  return problemUnless(missing.length === 0, group, fault, remedy);
}

async function servedApi(cluster: Cluster): Promise<ServedApi> {
  const version = await cluster.find<{ gitVersion: string }>("/version");
  const resources = await Promise.all(
    Object.keys(neededResources).map(async (group) => {
      const list = await cluster.find<{ resources: { name: string }[] }>(`/apis/${group}`);
      return [group, list?.resources.map(({ name }) => name) ?? []] as const;
    }),
  );
  return { version: version?.gitVersion ?? "unknown", resources: Object.fromEntries(resources) };
}

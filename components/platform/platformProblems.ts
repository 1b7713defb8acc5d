import { amountProblems, isLess } from "../core/amounts";
import { boundProblems } from "../environment/capacity/resourceQuota";
import { domainProblems } from "../core/domain";
import { isLabelKey, isLabelValue } from "../core/metadata";
import { reviewPrefix } from "../core/names";
import { isLabel } from "../core/dnsNames";
import { networkProblems } from "../environment/network/networkProblems";
import { problem, problemUnless, type Problem } from "../core/problems";
import { dataSizeRange, deployerKindProblems, isReservedKey } from "../core/rules";
import { type ReviewPlatformArgs } from "./platformArgs";
import { type PlatformSettings } from "./platformSettings";
import { peopleProblems, schedulerProblems } from "./platformPeople";
import { projectProblems } from "./platformProjects";
import { tokenProblems } from "./platformTokens";

/** Highest priority that a PriorityClass of users may have. */
const highestPriority = 1_000_000_000;

/**
 * Everything wrong with arguments of a platform that look as they should, found before anything is
 * created.
 *
 * @param settings the same arguments with everything filled in that they leave out.
 */
export function platformProblems(args: PlatformArguments, settings: PlatformSettings): Problem[] {
  return [
    ...(args.projects === undefined ? [] : projectProblems(args.projects)),
    ...peopleProblems(args, settings),
    ...networkProblems(args),
    ...Object.entries(args.ceilings ?? {}).flatMap(([key, value]) =>
      boundProblems(`ceilings["${key}"]`, key, value),
    ),
    ...tokenProblems(args, settings),
    ...schedulerProblems(args),
    ...domainProblems(args.domain),
    ...annotationProblems(args),
    ...writtenKeyProblems("clusterLabels", args.clusterLabels),
    ...writtenKeyProblems("clusterAnnotations", args.clusterAnnotations),
    ...deployerKindProblems(args.deployerKinds),
    ...driverProblems(args),
    ...operatorProblems(args),
    ...nodePoolProblems(args),
    ...priorityProblems(args),
    ...dataSizeProblems(args),
  ];
}

/** The arguments that can be judged; those that cannot are left out. */
type PlatformArguments = Partial<ReviewPlatformArgs>;

function annotationProblems({
  ingressAnnotations = [],
  objectAnnotations = [],
}: PlatformArguments): Problem[] {
  return [
    ...ingressAnnotations.flatMap((key, index) =>
      keyProblems(`ingressAnnotations[${index}]`, key, key),
    ),
    ...objectAnnotations.flatMap((entry, index) =>
      keyProblems(
        `objectAnnotations[${index}]`,
        entry,
        entry.endsWith("/") ? `${entry}name` : entry,
      ),
    ),
  ];
}

function keyProblems(property: string, found: string, key: string): Problem[] {
  const fault = "cannot be the key of an annotation";
  const remedy = "Write it in full, such as example.com/timeout.";
  return problemUnless(isLabelKey(key), property, fault, remedy, found);
}

/** What writers of the cluster add, a pipeline could write as well. */
function writtenKeyProblems(setting: string, keys: readonly string[] = []): Problem[] {
  return keys.flatMap((key, index) => {
    const property = `${setting}[${index}]`;
    return isReservedKey(key)
      ? [
          problem(
            property,
            "says what an environment is or may do, and pipelines could write it as well",
            "Have whatever adds it leave out namespaces that begin with review-.",
            key,
          ),
        ]
      : keyProblems(property, key, key);
  });
}

function driverProblems({ csiDrivers = [] }: PlatformArguments): Problem[] {
  return csiDrivers.flatMap((name, index) =>
    problemUnless(
      isDriver(name),
      `csiDrivers[${index}]`,
      "is not the name of a CSI driver",
      "Write it as the CSIDriver object is named, such as secrets-store.csi.k8s.io.",
      name,
    ),
  );
}

/** Drivers are named by subdomains; see https://kubernetes-csi.github.io/docs/csi-driver-object.html */
function isDriver(name: string): boolean {
  return name.length <= 63 && name.split(".").every(isLabel);
}

function operatorProblems({ operators = [] }: PlatformArguments): Problem[] {
  return operators.flatMap((account, index) => {
    const fault = operatorFault(account);
    const remedy =
      "Write the namespace and the name of its service account, such as cert-manager/cert-manager.";
    return fault === undefined ? [] : [problem(`operators[${index}]`, fault, remedy, account)];
  });
}

function operatorFault(account: string): string | undefined {
  const [namespace = "", name = "", ...others] = account.split("/");
  if (!isLabel(namespace) || !name.split(".").every(isLabel) || others.length > 0) {
    return "is not a service account";
  }
  return namespace.startsWith(reviewPrefix)
    ? "is a service account of an environment, whose people act by it"
    : undefined;
}

function nodePoolProblems({ nodePools = [], requireNodePool }: PlatformArguments): Problem[] {
  const names = nodePools.flatMap((name, index) =>
    problemUnless(
      isLabelValue(name),
      `nodePools[${index}]`,
      "cannot be the value of a node's label",
      "Use at most 63 letters, digits, -, _ and ., such as review.",
      name,
    ),
  );
  return requireNodePool === true && nodePools.length === 0
    ? [
        problem(
          "requireNodePool",
          "asks for a pool, but there is none",
          "List the pools in `nodePools`, or leave it out.",
          true,
        ),
      ]
    : names;
}

function priorityProblems({ maximumPodPriority }: PlatformArguments): Problem[] {
  const isPriority =
    maximumPodPriority === undefined ||
    (Number.isInteger(maximumPodPriority) && Math.abs(maximumPodPriority) <= highestPriority);
  const fault = "is not the priority of a pod";
  const remedy = `Use a whole number from -${highestPriority} to ${highestPriority}.`;
  return problemUnless(isPriority, "maximumPodPriority", fault, remedy, maximumPodPriority);
}

function dataSizeProblems({ maximumDataSize }: PlatformArguments): Problem[] {
  const property = "maximumDataSize";
  const { least, most } = dataSizeRange;
  if (maximumDataSize === undefined) {
    return [];
  }
  return isLess(maximumDataSize, least) || isLess(most, maximumDataSize)
    ? [
        problem(
          property,
          "is not what a ConfigMap or a Secret may take",
          `Use an amount from ${least} to ${most}, such as 512Ki.`,
          maximumDataSize,
        ),
      ]
    : amountProblems(property, maximumDataSize);
}

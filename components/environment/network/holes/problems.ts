import { parseCidr } from "../../../core/addresses";
import { missingApiServerProblems, missingRangeProblems } from "../clusterNetwork";
import { addressProblems } from "./addresses";
import { namespaceOf, peerProblems, targetOf } from "./peers";
import { isInstant } from "../../../core/metadata";
import { isLabel } from "../../../core/dnsNames";
import { type HoleArgs, HoleDirection } from "../networkArgs";
import { type NetworkArguments } from "../networkArguments";
import { holePortProblems } from "./ports";
import { problem, problemIf, problemUnless, type Problem } from "../../../core/problems";
import { clusterNamespaceProblems } from "../protectedTargets";
import { protectedNamespaceProblems } from "../../../core/protectedNamespaces";
import { selectorLabelProblems } from "../selectorLabels";

/** Longest name of a hole, in characters. */
const maximumNameLength = 50;

/** Longest reason of a hole, in characters: it is an annotation, which has its limits. */
const maximumReasonLength = 1000;

const instantRemedy = "Write it as RFC 3339 in UTC to the second, such as 2027-01-31T18:00:00Z.";

/** Everything wrong with the holes, each by itself and all together. */
export function holeProblems(args: NetworkArguments): Problem[] {
  const holes = args.holes ?? [];
  return [
    ...nowProblems(args),
    ...firstOfEachProperty(holes.flatMap((hole, index) => neededRangeProblems(hole, index, args))),
    ...holes.flatMap((hole, index) => singleHoleProblems(`holes[${index}]`, hole, args)),
    ...duplicateNameProblems(holes),
  ];
}

function singleHoleProblems(property: string, hole: HoleArgs, args: NetworkArguments): Problem[] {
  const problems = [
    ...nameProblems(`${property}.name`, hole.name),
    ...peerProblems(property, hole, args.mesh !== undefined),
    ...protectedProblems(`${property}.namespace`, hole, args),
    ...selectorLabelProblems(`${property}.peerPodLabels`, hole.peerPodLabels),
    ...selectorLabelProblems(`${property}.podLabels`, hole.podLabels),
    ...holePortProblems(`${property}.ports`, hole.ports),
    ...addressProblems(property, hole, args),
    ...reasonProblems(`${property}.reason`, hole.reason),
    ...expiryProblems(`${property}.expiresAt`, hole.expiresAt),
  ];
  return nameProblems("", hole.name).length > 0
    ? problems
    : problems.map((problem) => ({
        ...problem,
        fault: `of the hole ${hole.name} ${problem.fault}`,
      }));
}

function nowProblems({ holes = [], now }: NetworkArguments): Problem[] {
  if (now !== undefined) {
    return problemUnless(isInstant(now), "now", "is not an instant in UTC", instantRemedy, now);
  }
  const index = holes.findIndex(({ expiresAt }) => expiresAt !== undefined);
  const fault = `is missing, so nobody can tell whether holes[${index}].expiresAt has passed`;
  const remedy = "Give the present instant, such as `pulumi up -c now=$(date -u +%FT%TZ)`.";
  return problemUnless(index < 0, "now", fault, remedy);
}

/** What a hole to addresses needs to know about the cluster. */
function neededRangeProblems(hole: HoleArgs, index: number, args: NetworkArguments): Problem[] {
  const property = `holes[${index}]`;
  switch (targetOf(hole)) {
    case "internet":
      return missingRangeProblems(args.clusterNetwork, `${property}.peer`, "IPv4");
    case "nodes":
    case "range": {
      const family = parseCidr(hole.cidr ?? "")?.family ?? "IPv4";
      return missingRangeProblems(args.clusterNetwork, `${property}.cidr`, family);
    }
    case "apiServer":
      return missingApiServerProblems(args.clusterNetwork, `${property}.peer`);
    case "pods":
      return [];
  }
}

function firstOfEachProperty(problems: readonly Problem[]): Problem[] {
  return problems.filter(
    ({ property }, index) =>
      problems.findIndex((problem) => problem.property === property) === index,
  );
}

function nameProblems(property: string, name: string): Problem[] {
  const isValid = isLabel(name) && name.length <= maximumNameLength;
  const fault = "cannot be part of the name of a NetworkPolicy";
  const remedy = `Use at most ${maximumNameLength} characters of a-z and 0-9, and hyphens inside.`;
  return problemUnless(isValid, property, fault, remedy, name);
}

function duplicateNameProblems(holes: readonly HoleArgs[]): Problem[] {
  return holes.flatMap(({ name }, index) => {
    const first = holes.findIndex((hole) => hole.name === name);
    const fault = `is the name of holes[${first}] as well`;
    const remedy = "Give every hole a name of its own.";
    return problemUnless(first === index, `holes[${index}].name`, fault, remedy, name);
  });
}

function protectedProblems(property: string, hole: HoleArgs, args: NetworkArguments): Problem[] {
  const namespace = targetOf(hole) === "pods" ? namespaceOf(hole) : undefined;
  return namespace === undefined || !isLabel(namespace)
    ? []
    : [
        ...protectedNamespaceProblems(property, namespace, args.protected),
        ...(hole.direction === HoleDirection.Egress
          ? clusterNamespaceProblems(property, namespace)
          : []),
      ];
}

function reasonProblems(property: string, reason: string): Problem[] {
  const remedy = "Say in a sentence why the hole is there, for whoever finds it.";
  if (reason.length > maximumReasonLength) {
    const fault = `has ${reason.length} characters, more than ${maximumReasonLength}`;
    return [problem(property, fault, remedy)];
  }
  return problemIf(reason.trim() === "", property, "is blank", remedy);
}

function expiryProblems(property: string, expiresAt: string | undefined): Problem[] {
  const isValid = expiresAt === undefined || isInstant(expiresAt);
  const fault = "is not an instant in UTC";
  return problemUnless(isValid, property, fault, instantRemedy, expiresAt);
}

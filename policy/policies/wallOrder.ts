import { isMissing, problemUnless, recordOf } from "secure-environment/core";
import { type Awaited, awaitedAmong } from "../awaited";
import { isNothing } from "../fields";
import { type StackPolicy, type StackViolation, violationsBy } from "../policy";
import { isMeshKind, isOfKind, networkPolicyKinds } from "../kinds";
import { type JudgedNamespace, type JudgedStack } from "../judgedStack";
import { type KubernetesObject } from "../kubernetesObject";
import { listed } from "../openings";
import { podTemplateOf } from "../podTemplates";

/**
 * A wall that comes late does not hold what is there already, and one that waits for a workload may
 * never come. That walls wait for nothing is told by the walls; that workloads wait for them, by the
 * workloads: what a program waits for in other ways, Pulumi does not know.
 */
export const wallsComeFirst: StackPolicy<object> = {
  name: "walls-come-first",
  description:
    "No wall waits for what it walls in, and workloads and volume claims wait for every wall of their namespace.",
  threat:
    "Pods run without quota and network policies, for as long as the update hangs, or for good.",
  remediation:
    "Use the component's output `namespaceName` as the namespace of workloads, or list the walls in their `dependsOn`; have walls depend on the namespace alone.",
  severity: "critical",
  url: "https://www.pulumi.com/docs/iac/concepts/options/dependson/",
  example: {
    bad: 'new k8s.core.v1.Pod("web", { metadata: { namespace: "review-login" }, spec })',
    good: 'new k8s.core.v1.Pod("web", { metadata: { namespace: environment.namespaceName }, spec })',
  },
  settings: {},
  judgeStack: (stack) => {
    const walls = new Map(stack.namespaces.map((namespace) => [namespace, wallsIn(namespace)]));
    return [
      ...waitingWalls(stack, [...walls.values()].flat()),
      ...[...walls].flatMap(([namespace, own]) => earlyWorkloads(stack, namespace, own)),
    ];
  },
};

/** What closes the namespace. Network policies that only open something to some pods may come later. */
function wallsIn({ inside }: JudgedNamespace): readonly KubernetesObject[] {
  const networkPolicies = inside.filter((object) => isOfKind(object, networkPolicyKinds));
  const forAll = networkPolicies.filter(isForAllPods);
  return [
    ...inside.filter(
      (object) =>
        isOfKind(object, boundKinds) ||
        (isOfKind(object, accountKinds) && object.name === "default") ||
        (isOfKind(object, { "security.istio.io": ["AuthorizationPolicy", "PeerAuthentication"] }) &&
          isForAllPods(object)),
    ),
    ...(forAll.length > 0 ? forAll : networkPolicies),
  ];
}

const boundKinds = { "": ["ResourceQuota", "LimitRange"] };
const accountKinds = { "": ["ServiceAccount"] };

/** Whether the policy selects every pod; one of which that is not known could. */
function isForAllPods({ properties }: KubernetesObject): boolean {
  const { podSelector, selector, targetRef, targetRefs } = recordOf(properties["spec"]);
  return [podSelector, selector].every(selectsAll) && [targetRef, targetRefs].every(isMissing);
}

function selectsAll(selector: unknown): boolean {
  return Object.values(recordOf(selector)).every(isNothing);
}

function waitingWalls(
  { objects, namespaces, resources }: JudgedStack,
  walls: readonly KubernetesObject[],
): StackViolation[] {
  const others = objects.filter((object) => !isOfKind(object, firstKinds) && !isMeshKind(object));
  const awaited = awaitedAmong(urnsOf(others), resources);
  const outside = objects.filter((object) => isOfKind(object, shareKinds));
  const byUrn = new Map(others.map((object) => [object.resource.urn, object]));
  return [...namespaces.map(({ object }) => object), ...outside, ...walls].flatMap((wall) => {
    const found = [...awaited(wall.resource)]
      .flatMap((urn) => byUrn.get(urn) ?? [])
      .filter((object) => !(isOfKind(wall, accountKinds) && isOfKind(object, secretKinds)));
    const fault = `waits for ${listed(found.map(describe))}, and without the wall until then`;
    const remedy = "Have it depend on nothing but the namespace.";
    return violationsBy(wall.resource, problemUnless(found.length === 0, "", fault, remedy));
  });
}

/** What may come before a wall: other walls, and who acts in the environment. */
const firstKinds = {
  "": ["Namespace", "ResourceQuota", "LimitRange", "ServiceAccount"],
  "networking.k8s.io": ["NetworkPolicy"],
  extensions: ["NetworkPolicy"],
  "flowcontrol.apiserver.k8s.io": ["FlowSchema"],
  "rbac.authorization.k8s.io": ["Role", "RoleBinding"],
};
const shareKinds = { "flowcontrol.apiserver.k8s.io": ["FlowSchema"] };
/** A service account may name the secrets of image registries. */
const secretKinds = { "": ["Secret"] };

function earlyWorkloads(
  { resources }: JudgedStack,
  { object, inside }: JudgedNamespace,
  walls: readonly KubernetesObject[],
): StackViolation[] {
  const wanted = [object, ...walls];
  const awaited = awaitedAmong(urnsOf(wanted), resources);
  return inside.filter(takesItsShare).flatMap(({ resource }) => {
    const missed = missedBy(awaited(resource), wanted);
    const fault = `does not wait for ${listed(missed.map(describe))}, so it may be there before`;
    const remedy =
      "Use the output `namespaceName` of the component SecureEnvironment as its namespace, or list the walls in `dependsOn`.";
    return violationsBy(resource, problemUnless(missed.length === 0, "", fault, remedy));
  });
}

function missedBy(
  awaited: ReturnType<Awaited>,
  walls: readonly KubernetesObject[],
): readonly KubernetesObject[] {
  return walls.filter(({ resource }) => !awaited.has(resource.urn));
}

/** Quotas count what comes after them, and nobody ends what is there already. */
function takesItsShare(object: KubernetesObject): boolean {
  return podTemplateOf(object) !== undefined || isOfKind(object, claimKinds);
}

const claimKinds = { "": ["PersistentVolumeClaim"] };

function urnsOf(objects: readonly KubernetesObject[]): ReadonlySet<string> {
  return new Set(objects.map(({ resource }) => resource.urn));
}

function describe({ kind, resource }: KubernetesObject): string {
  return `${kind} ${resource.name}`;
}

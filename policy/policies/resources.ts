import { isMissing, isRecord, problemUnless, unreadable } from "secure-environment/core";
import { elementsOf, type Field, fieldAt, fieldBelow, isNothing } from "../fields";
import { type StackPolicy, type StackViolation, violationsBy } from "../policy";
import { type KubernetesObject } from "../kubernetesObject";
import { boundsIn } from "../namespaceBounds";
import { containersOf, type PodTemplate, podTemplateOf } from "../podTemplates";
import { rememberedOf } from "../remembered";

/** What a container may ask for, as a quota names it. */
const demandable = ["requests", "limits"].flatMap((side) =>
  ["cpu", "memory", "ephemeral-storage"].map((resource) => ({
    key: `${side}.${resource}`,
    side: side as Side,
    resource,
  })),
);

type Side = "requests" | "limits";
type Demand = (typeof demandable)[number];

/** Every container says how much it takes of what the quota of its namespace counts. */
export const containersHaveResources: StackPolicy<object> = {
  name: "containers-have-resources",
  description:
    "Every container has the requests and limits that the quota of its namespace counts, by itself, by its pod or by a limit range.",
  threat:
    "A container without them is refused once the update waits for it, or takes storage of its node that no quota counts.",
  remediation:
    "Give the container `resources`, or the namespace a LimitRange with defaults for containers.",
  severity: "medium",
  url: "https://kubernetes.io/docs/concepts/policy/resource-quotas/#requests-vs-limits",
  example: {
    bad: 'containers: [{ name: "app", image: "app:1" }]',
    good: 'containers: [{ name: "app", image: "app:1", resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { cpu: "500m", memory: "512Mi" } } }]',
  },
  settings: {},
  judgeStack: (stack) => {
    const boundsOf = boundsIn(stack);
    const openDemandsOf = rememberedOf(openDemandsIn);
    return stack.objects.flatMap((object) => {
      const template = object.isPatch ? undefined : podTemplateOf(object);
      return template === undefined
        ? []
        : workloadViolations(object, template, openDemandsOf(boundsOf(object)));
    });
  },
};

function workloadViolations(
  { resource }: KubernetesObject,
  template: PodTemplate,
  demands: readonly Demand[],
): StackViolation[] {
  const ofPod = fieldBelow(template.spec, "resources");
  return containersOf(template, ["containers", "initContainers"]).flatMap((container) => {
    const own = fieldBelow(container, "resources");
    const missing = demands.filter(
      (demand) => !isGiven(own, demand) && !(isForPods(demand) && isGiven(ofPod, demand)),
    );
    const fault = `has no ${missing.map(({ key }) => key).join(", ")}, which the quota of its namespace counts, and no limit range gives a default`;
    const remedy = "Say how much the container takes.";
    return violationsBy(resource, problemUnless(missing.length === 0, own.property, fault, remedy));
  });
}

/** What containers must ask for themselves, as no limit range gives it. */
function openDemandsIn(bounds: readonly KubernetesObject[]): readonly Demand[] {
  const ranges = bounds.filter(({ kind }) => kind === "LimitRange");
  return demandsOf(bounds).filter((demand) => !hasDefault(ranges, demand));
}

/** A quota for some pods only says nothing of the others. */
function demandsOf(bounds: readonly KubernetesObject[]): readonly Demand[] {
  const keys = bounds
    .filter(({ isPatch }) => !isPatch)
    .map(({ properties }) => fieldBelow({ property: "", value: properties }, "spec"))
    .filter((spec) => !isScoped(spec))
    .flatMap((spec) => keysOf(fieldBelow(spec, "hard")));
  return demandable.filter(
    ({ key, side, resource }) =>
      keys.includes(key) || (side === "requests" && keys.includes(resource)),
  );
}

function isScoped(spec: Field): boolean {
  return ["scopes", "scopeSelector"].some((key) => !isNothing(fieldBelow(spec, key).value));
}

function keysOf({ value }: Field): readonly string[] {
  return isRecord(value) ? Object.keys(value) : [];
}

/**
 * What a request takes over where it is missing, in a limit range and in a container.
 * See SetDefaults_LimitRangeItem and SetDefaults_Pod in
 * https://github.com/kubernetes/kubernetes/blob/master/pkg/apis/core/v1/defaults.go
 */
const defaultsOf: Readonly<Record<Side, readonly string[]>> = {
  limits: ["default", "max"],
  requests: ["defaultRequest", "default", "max", "min"],
};
const valuesOf: Readonly<Record<Side, readonly string[]>> = {
  limits: ["limits"],
  requests: ["requests", "limits"],
};

function hasDefault(ranges: readonly KubernetesObject[], { side, resource }: Demand): boolean {
  return ranges
    .flatMap(({ properties }) => elementsOf(limitsOf(properties)))
    .some(
      (item) =>
        item.value === unreadable ||
        (fieldBelow(item, "type").value === "Container" &&
          defaultsOf[side].some((key) => isThere(fieldBelow(item, key), resource))),
    );
}

function limitsOf(properties: unknown): Field {
  return fieldAt({ property: "", value: properties }, "spec.limits");
}

function isGiven(resources: Field, { side, resource }: Demand): boolean {
  return valuesOf[side].some((key) => isThere(fieldBelow(resources, key), resource));
}

/** What is not known may be there: the API server judges it later. */
function isThere(amounts: Field, resource: string): boolean {
  return !isMissing(fieldBelow(amounts, resource).value);
}

/** See https://kubernetes.io/docs/concepts/workloads/pods/pod-resources/ */
function isForPods({ resource }: Demand): boolean {
  return resource === "cpu" || resource === "memory";
}

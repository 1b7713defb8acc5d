import { amountIn } from "secure-environment-isolation";
import { computeResources, problem, recordOf, unreadable } from "secure-environment/core";
import { type Field, fieldBelow } from "./fields";
import { type Violation } from "./policy";
import { containersOf, type PodTemplate } from "./podTemplates";

/** What the API server takes for no amount, or for nothing that a container or a pod has. */
export function amountViolations(template: PodTemplate): Violation[] {
  const ofPod = resourceFieldsOf(template.spec);
  return resourceFields(template).flatMap((amounts) => {
    const isKnown = ofPod.some(({ property }) => property === amounts.property)
      ? isOfPods
      : isOfContainers;
    return Object.keys(recordOf(amounts.value)).flatMap((name) => {
      const field = fieldBelow(amounts, name);
      if (!isKnown(name)) {
        return [unknownName(amounts.property)];
      }
      const isWrong = field.value !== unreadable && amountIn(amounts.value, name) === unreadable;
      return isWrong ? [wrongAmount(field.property)] : [];
    });
  });
}

/** The requests and limits of the pod and its containers. */
export function resourceFields(template: PodTemplate): readonly Field[] {
  const containers = containersOf(template, ["containers", "initContainers"]);
  return [template.spec, ...containers].flatMap(resourceFieldsOf);
}

export function resourceFieldsOf(owner: Field): readonly Field[] {
  return ["requests", "limits"].map((side) => fieldBelow(fieldBelow(owner, "resources"), side));
}

/** See https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/ */
function isOfContainers(name: string): boolean {
  return isCompute(name) || name.includes("/") || name.startsWith("hugepages-");
}

function isOfPods(name: string): boolean {
  return name === "cpu" || name === "memory" || name.startsWith("hugepages-");
}

function unknownName(property: string): Violation {
  const fault = "has a resource that there is not";
  const remedy = `Containers have ${computeResources.join(", ")} and devices, pods as a whole cpu and memory.`;
  return problem(property, fault, remedy);
}

function wrongAmount(property: string): Violation {
  const fault = "is no amount that Kubernetes takes";
  const remedy = 'Give a quantity such as "500m" or "512Mi".';
  return problem(property, fault, remedy);
}

/** Whether containers have it without a device. */
export function isCompute(name: string): boolean {
  return computeResources.some((known) => known === name);
}

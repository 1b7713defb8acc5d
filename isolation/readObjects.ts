import type { Doubt } from "./doubts";
import type { IsolationObject } from "./objects";
import {
  isMissing,
  isRecord,
  plainCopy,
  recordOf,
  textOf,
  type UnknownRecord,
} from "secure-environment/core";

/** Objects to judge, and what is wrong with those that cannot be. */
export interface ReadObjects {
  readonly objects: readonly IsolationObject[];
  readonly doubts: readonly Doubt[];
}

const judgedKinds = new Set(["Namespace", "Pod", "Service", "NetworkPolicy"]);
const workloadKinds = new Set([
  "Deployment",
  "StatefulSet",
  "DaemonSet",
  "ReplicaSet",
  "Job",
  "CronJob",
]);

/**
 * Picks the objects that matter out of anything that has the shape of Kubernetes objects: answers
 * of the API server, YAML documents, lists, inputs of resources. A workload
 * becomes one pod with its template, named such as `review-a/deployment/web`, unless another
 * workload controls it. What cannot be placed is left out, and told; what cannot be read within
 * an object is left to the model, which knows what is at stake.
 */
export function readObjects(values: readonly unknown[]): ReadObjects {
  const doubts: Doubt[] = [];
  const objects = values
    .map((value) => plainCopy(value))
    .flatMap((value) => objectsIn(value, doubts));
  return { objects, doubts };
}

function objectsIn(value: unknown, doubts: Doubt[]): IsolationObject[] {
  if (!isRecord(value)) {
    if (!isMissing(value)) {
      doubts.push({ kind: "", name: "", property: "", fault: "is no object; it is left out" });
    }
    return [];
  }
  const { kind, items } = value;
  if (typeof kind !== "string") {
    doubts.push(doubtOf(value, "kind", "is missing; the object is left out"));
    return [];
  }
  if (kind.endsWith("List") && Array.isArray(items)) {
    const itemKind = kind === "List" ? {} : { kind: kind.slice(0, -"List".length) };
    return items.flatMap((item) =>
      objectsIn(isRecord(item) ? { ...itemKind, ...item } : item, doubts),
    );
  }
  if (!judgedKinds.has(kind) && !workloadKinds.has(kind)) {
    return [];
  }
  const misplaced = misplacement(value);
  if (misplaced !== undefined) {
    doubts.push(misplaced);
    return [];
  }
  return judgedKinds.has(kind) ? [value as unknown as IsolationObject] : podOf(value, kind);
}

/** The fault of an object whose name or namespace is not known; `undefined` when it has none. */
function misplacement(value: UnknownRecord): Doubt | undefined {
  const { metadata, kind } = value;
  if (!isMissing(metadata) && !isRecord(metadata)) {
    return doubtOf(value, "metadata", "is no metadata; the object is left out");
  }
  const { name, namespace } = recordOf(metadata);
  if (!isMissing(namespace) && typeof namespace !== "string") {
    return doubtOf(value, "metadata.namespace", "is not known; the object is left out");
  }
  // The rules of a policy count without its name; any other object without one cannot be asked for.
  return kind === "NetworkPolicy" || typeof name === "string"
    ? undefined
    : doubtOf(value, "metadata.name", "is not known; the object is left out");
}

function podOf(workload: UnknownRecord, kind: string): IsolationObject[] {
  const { name, namespace, ownerReferences } = recordOf(workload["metadata"]);
  if (Array.isArray(ownerReferences) && ownerReferences.some(isController)) {
    return [];
  }
  const spec = recordOf(workload["spec"]);
  const jobSpec = kind === "CronJob" ? recordOf(recordOf(spec["jobTemplate"])["spec"]) : spec;
  const template = recordOf(jobSpec["template"]);
  const metadata = {
    ...(isMissing(namespace) ? {} : { namespace }),
    name: `${kind.toLowerCase()}/${String(name)}`,
    labels: recordOf(template["metadata"])["labels"],
  };
  return [{ kind: "Pod", metadata, spec: template["spec"] } as IsolationObject];
}

function isController(reference: unknown): boolean {
  const { controller, kind } = recordOf(reference);
  return controller === true && workloadKinds.has(String(kind));
}

function doubtOf(value: UnknownRecord, property: string, fault: string): Doubt {
  const { name, namespace } = recordOf(value["metadata"]);
  return {
    kind: textOf(value["kind"]) ?? "",
    ...(typeof namespace === "string" ? { namespace } : {}),
    name: textOf(name) ?? "(unnamed)",
    property,
    fault,
  };
}

import { type Fault, unreadable } from "./faults";
import type { IsolationObject } from "./objects";
import { isMissing, isRecord, recordOf, textOf, type UnknownRecord } from "./values";

/** Objects to judge, and what is wrong with those that cannot be. */
export interface ReadObjects {
  readonly objects: readonly IsolationObject[];
  readonly faults: readonly Fault[];
}

/** What Pulumi's engine writes for a value that is known only when something has been created. */
const unknownToPulumi = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The key by which Pulumi's state and its wire format mark secrets and other special values. */
const pulumiSignature = "4dabf18193072939515e22adb298388d";

/** Objects of Kubernetes are far flatter; whatever is deeper has itself in it. */
const deepest = 64;

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
 * of the API server, YAML documents, lists, inputs and outputs of Pulumi resources. A workload
 * becomes one pod with its template, named such as `review-a/deployment/web`, unless another
 * workload controls it. What cannot be placed is left out, and told; what cannot be read within
 * an object is left to the model, which knows what is at stake.
 */
export function readObjects(values: readonly unknown[]): ReadObjects {
  const faults: Fault[] = [];
  const objects = values
    .map((value) => copyOf(value, 0))
    .flatMap((value) => objectsIn(value, faults));
  return { objects, faults };
}

function objectsIn(value: unknown, faults: Fault[]): IsolationObject[] {
  if (!isRecord(value)) {
    if (!isMissing(value)) {
      faults.push({ kind: "", name: "", property: "", fault: "is no object; it is left out" });
    }
    return [];
  }
  const { kind, items } = value;
  if (typeof kind !== "string") {
    faults.push(faultOf(value, "kind", "is missing; the object is left out"));
    return [];
  }
  if (kind.endsWith("List") && Array.isArray(items)) {
    const itemKind = kind === "List" ? {} : { kind: kind.slice(0, -"List".length) };
    return items.flatMap((item) =>
      objectsIn(isRecord(item) ? { ...itemKind, ...item } : item, faults),
    );
  }
  if (!judgedKinds.has(kind) && !workloadKinds.has(kind)) {
    return [];
  }
  const misplaced = misplacement(value);
  if (misplaced !== undefined) {
    faults.push(misplaced);
    return [];
  }
  return judgedKinds.has(kind) ? [value as unknown as IsolationObject] : podOf(value, kind);
}

/** Why nobody can say which object this is. */
function misplacement(value: UnknownRecord): Fault | undefined {
  const { metadata, kind } = value;
  if (!isMissing(metadata) && !isRecord(metadata)) {
    return faultOf(value, "metadata", "is no metadata; the object is left out");
  }
  const { name, namespace } = recordOf(metadata);
  if (!isMissing(namespace) && typeof namespace !== "string") {
    return faultOf(value, "metadata.namespace", "is not known; the object is left out");
  }
  // The rules of a policy count without its name; whatever else has none cannot be asked for.
  return kind === "NetworkPolicy" || typeof name === "string"
    ? undefined
    : faultOf(value, "metadata.name", "is not known; the object is left out");
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

function faultOf(value: UnknownRecord, property: string, fault: string): Fault {
  const { name, namespace } = recordOf(value["metadata"]);
  return {
    kind: textOf(value["kind"]) ?? "",
    ...(typeof namespace === "string" ? { namespace } : {}),
    name: textOf(name) ?? "(unnamed)",
    property,
    fault,
  };
}

/** Copies a value, with a mark in place of all that cannot be looked at. */
function copyOf(value: unknown, depth: number): unknown {
  try {
    if (isOpaque(value) || depth > deepest) {
      return unreadable;
    }
    if (Array.isArray(value)) {
      return value.map((element) => copyOf(element, depth + 1));
    }
    return isRecord(value) ? copyOfRecord(value, depth) : value;
  } catch {
    return unreadable;
  }
}

function copyOfRecord(value: UnknownRecord, depth: number): UnknownRecord {
  return Object.fromEntries(
    Object.keys(value).map((key) => [plainKey(key), propertyOf(value, key, depth)]),
  );
}

/** Pulumi's policy packs throw when a property is touched that is not known yet. */
function propertyOf(value: UnknownRecord, key: string, depth: number): unknown {
  try {
    return copyOf(value[key], depth + 1);
  } catch {
    return unreadable;
  }
}

/** The Kubernetes client for Node.js has another name for the peers of ingress rules. */
function plainKey(key: string): string {
  return key === "_from" ? "from" : key;
}

/** Whether the value only stands for another one: an output, a promise, a secret, an unknown. */
function isOpaque(value: unknown): boolean {
  return (
    value === unknownToPulumi ||
    typeof value === "function" ||
    value instanceof Promise ||
    (isRecord(value) && (value["__pulumiOutput"] === true || pulumiSignature in value))
  );
}

import { isObject, type PlainObject, type PlainValue } from "../properties";
import {
  annotation,
  child,
  type KubernetesObject,
  resourceVersionOf,
  text,
  valueAt,
} from "./object";
import { uniqueName } from "./naming";

/** The field manager of objects at the time of their creation. */
export const creatingManager = "pulumi-kubernetes";

const namedManager = "pulumi.com/patchFieldManager";
const forced = "pulumi.com/patchForce";

interface ManagedFields {
  manager?: string;
  operation?: string;
  fieldsV1?: PlainObject;
}

/** Managers whose fields an update takes over: this provider's at creation, and kubectl's. */
const supersededManagers: readonly { manager: string; operation: string }[] = [
  { manager: "kubectl", operation: "Apply" },
  { manager: "kubectl", operation: "Update" },
  { manager: "before-first-apply", operation: "Update" },
  { manager: creatingManager, operation: "Update" },
  { manager: "pulumi-kubernetes.exe", operation: "Update" },
  { manager: "pulumi-resource-kubernetes", operation: "Update" },
];

/** The field manager for an object: as the inputs say, else as before, else a new one. */
export function fieldManagerFor(inputs: KubernetesObject, previous: string): string {
  return (
    [annotation(inputs, namedManager), previous].find((name) => name !== "") ??
    uniqueName(`${creatingManager}-`)
  );
}

/** Whether to take fields away from other managers. */
export function takesByForce(
  inputs: KubernetesObject,
  live: KubernetesObject | undefined,
  options: { always: boolean; preview: boolean },
): boolean {
  if (annotation(inputs, forced) === "true" || options.always) {
    return true;
  }
  if (live === undefined) {
    // Before a replacement the old object is still there and would be in conflict with the new.
    return options.preview;
  }
  const managers = managedFields(live);
  return managers.length === 0 || (options.preview && managers.some(isOwnCreation));
}

function isOwnCreation(entry: ManagedFields): boolean {
  return entry.operation === "Update" && /^pulumi-(resource-)?kubernetes/.test(entry.manager ?? "");
}

/** The JSON patch that hands the fields of superseded managers to ours; undefined if none. */
export function takeOver(live: KubernetesObject, manager: string): unknown[] | undefined {
  const entries = managedFields(live);
  const superseded = entries.filter((entry) =>
    supersededManagers.some(
      (known) =>
        known.manager === entry.manager &&
        known.operation === entry.operation &&
        !(known.manager === manager && known.operation === "Apply"),
    ),
  );
  if (superseded.length === 0) {
    return undefined;
  }
  const isOurs = (entry: ManagedFields) => entry.manager === manager && entry.operation === "Apply";
  const merged = [...entries.filter(isOurs), ...superseded]
    .map((entry) => entry.fieldsV1 ?? {})
    .reduce(mergeFields);
  const ours = { ...superseded[0], manager, operation: "Apply", fieldsV1: merged };
  const others = entries.filter((entry) => !isOurs(entry) && !superseded.includes(entry));
  return [
    { op: "replace", path: "/metadata/managedFields", value: [...others, ours] },
    { op: "replace", path: "/metadata/resourceVersion", value: resourceVersionOf(live) },
  ];
}

function mergeFields(first: PlainObject, second: PlainObject): PlainObject {
  const merged = { ...first };
  for (const [key, value] of Object.entries(second)) {
    const existing = merged[key];
    merged[key] = isObject(existing) && isObject(value) ? mergeFields(existing, value) : value;
  }
  return merged;
}

/**
 * Leaves ignored fields as they are in the cluster: not mentioned where another manager alone has
 * them, else with their present value, because a field not mentioned would be given up.
 */
export function leaveIgnored(
  inputs: KubernetesObject,
  live: KubernetesObject,
  ignored: readonly string[],
  manager: string,
): KubernetesObject {
  return ignored
    .map((path) => path.split("."))
    .reduce((object, path) => {
      if (
        managesPath(live, path, (name) => name !== manager) &&
        !managesPath(live, path, (name) => name === manager)
      ) {
        return withValueAt(object, path, undefined);
      }
      const present = valueAt(live, path);
      return present === undefined ? object : withValueAt(object, path, present);
    }, inputs);
}

function managesPath(
  live: KubernetesObject,
  path: readonly string[],
  matches: (manager: string) => boolean,
): boolean {
  const fieldPath = path.map((step) => `f:${step}`);
  return managedFields(live).some(
    (entry) =>
      matches(entry.manager ?? "") && valueAt(entry.fieldsV1 ?? {}, fieldPath) !== undefined,
  );
}

function withValueAt(
  object: PlainObject,
  path: readonly string[],
  value: PlainValue | undefined,
): PlainObject {
  const [step = "", ...rest] = path;
  const { [step]: present, ...others } = object;
  if (rest.length > 0) {
    return isObject(present) ? { ...others, [step]: withValueAt(present, rest, value) } : object;
  }
  return value === undefined ? others : { ...others, [step]: value };
}

function managedFields(live: KubernetesObject): ManagedFields[] {
  const entries = child(live, "metadata")["managedFields"];
  return Array.isArray(entries) ? (entries as unknown as ManagedFields[]) : [];
}

/** The least that apply accepts: applied, it gives up every field of its manager. */
export function relinquishing(object: KubernetesObject): KubernetesObject {
  const metadata = child(object, "metadata");
  const namespace = text(metadata, "namespace");
  return {
    apiVersion: object["apiVersion"] ?? null,
    kind: object["kind"] ?? null,
    metadata: {
      name: metadata["name"] ?? null,
      ...(namespace === "" ? {} : { namespace }),
    },
  };
}

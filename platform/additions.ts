import { namespaceNameLabel } from "secure-environment/core";

/** An object as far as it describes itself. */
export interface Metadata {
  readonly metadata: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly finalizers?: readonly string[];
  };
}

/** The kind of an object, as paths and admission name it. */
export interface Resource {
  readonly group: string;
  readonly resource: string;
}

/** Something that the cluster has put into the metadata of an object. */
export interface Addition {
  readonly resource: Resource;
  readonly field: "labels" | "annotations" | "finalizers";
  readonly key: string;
}

/** By which setting of the platform what is added is allowed, if there is one. */
export const settingOf: Readonly<Record<Addition["field"], string | undefined>> = {
  labels: "clusterLabels",
  annotations: "clusterAnnotations",
  finalizers: undefined,
};

/** What the API server itself writes down of namespaces and of pods. */
const ofApiServer: readonly string[] = [namespaceNameLabel, "kubernetes.io/limit-ranger"];

/** What the object has that it was not sent with; what the API server itself writes is left out. */
export function additionsOf(path: string, sent: Metadata, admitted: Metadata): Addition[] {
  const resource = resourceOf(path);
  return (["labels", "annotations", "finalizers"] as const).flatMap((field) => {
    const before = keysOf(sent, field);
    return keysOf(admitted, field)
      .filter((key) => !before.includes(key) && !ofApiServer.includes(key))
      .map((key) => ({ resource, field, key }));
  });
}

function keysOf({ metadata }: Metadata, field: Addition["field"]): readonly string[] {
  return field === "finalizers" ? (metadata.finalizers ?? []) : Object.keys(metadata[field] ?? {});
}

/** Of a collection's path, such as `/apis/apps/v1/namespaces/default/deployments`. */
export function resourceOf(path: string): Resource {
  const parts = path.split("/").slice(1);
  return { group: parts[0] === "apis" ? (parts[1] ?? "") : "", resource: parts.at(-1) ?? "" };
}

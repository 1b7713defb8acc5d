import {
  isMissing,
  problem,
  problemIf,
  problemUnless,
  textOf,
  unreadable,
} from "secure-environment/core";
import { distinct, type Field, fieldBelow, isNothing, unknownViolation } from "../fields";
import { type Violation, onObjects, type ResourcePolicy } from "../policy";
import { type KubernetesObject, type MaybeKnown } from "../kubernetesObject";
import { claimsOf } from "../podTemplates";

interface ClaimSettings {
  readonly hasDefaultClass: boolean;
}

/** A volume keeps the data of whoever had it before. */
export const claimsTakeFreshVolumes: ResourcePolicy<ClaimSettings> = {
  name: "claims-take-fresh-volumes",
  description:
    "Every volume claim, those in templates too, asks a storage class for a new volume, at most with data of its own namespace in it.",
  threat: "A claim that names the volume of production, or a copy of it, reads all that is on it.",
  remediation:
    "Leave out `volumeName`, `selector` and sources in other namespaces; name a storage class.",
  severity: "critical",
  url: "https://kubernetes.io/docs/concepts/storage/persistent-volumes/#reserving-a-persistentvolume",
  example: {
    bad: 'new k8s.core.v1.PersistentVolumeClaim("x", { spec: { volumeName: "production-database", … } })',
    good: 'new k8s.core.v1.PersistentVolumeClaim("x", { spec: { storageClassName: "standard", … } })',
  },
  settings: {
    hasDefaultClass: {
      type: "boolean",
      description:
        "Whether the cluster has a default storage class. Where it has none, a claim without a class takes any volume that is there.",
      default: true,
    },
  },
  judge: onObjects((object, settings) =>
    distinct(claimsOf(object).flatMap((claim) => claimViolations(claim, object, settings))),
  ),
};

function claimViolations(
  claim: Field,
  { namespace, isPatch }: KubernetesObject,
  { hasDefaultClass }: ClaimSettings,
): Violation[] {
  const spec = fieldBelow(claim, "spec");
  if (spec.value === unreadable) {
    return claim.value === unreadable ? [] : [unknownViolation(spec.property)];
  }
  return [
    ...choiceViolations(spec),
    ...classViolations(fieldBelow(spec, "storageClassName"), hasDefaultClass || isPatch),
    ...["dataSource", "dataSourceRef"].flatMap((key) =>
      sourceViolations(fieldBelow(spec, key), namespace),
    ),
  ];
}

/** What chooses a volume that is there, or changes one by a class of its own. */
function choiceViolations(spec: Field): Violation[] {
  const fields = [
    { key: "volumeName", fault: "takes a volume that is there, with what is on it" },
    { key: "selector", fault: "takes a volume that is there, with what is on it" },
    {
      key: "volumeAttributesClassName",
      fault: "changes the volume by a class that nobody bounded",
    },
  ];
  return fields.flatMap(({ key, fault }) => {
    const { property, value } = fieldBelow(spec, key);
    const isChosen = key === "selector" ? !isMissing(value) : !isNothing(value);
    return isChosen ? [valueViolation({ property, value }, fault)] : [];
  });
}

function classViolations({ property, value }: Field, mayBeMissing: boolean): Violation[] {
  const remedy = "Name a storage class.";
  if (isMissing(value)) {
    const fault = "is missing, so the claim takes any volume that is there";
    return problemUnless(mayBeMissing, property, fault, remedy);
  }
  const fault = "is empty, so the claim takes any volume that is there";
  return problemIf(value === "", property, fault, remedy);
}

const sourceKinds = ["/PersistentVolumeClaim", "snapshot.storage.k8s.io/VolumeSnapshot"];

/** Other kinds fill the volume by whatever their controllers do. */
function sourceViolations(source: Field, namespace: MaybeKnown): Violation[] {
  if (isMissing(source.value)) {
    return [];
  }
  const names = ["apiGroup", "kind"].map((key) => fieldBelow(source, key).value);
  const place = fieldBelow(source, "namespace");
  const isKnownKind = sourceKinds.includes(names.map(textOf).join("/"));
  const isInside = isNothing(place.value) || place.value === namespace;
  const value = names.includes(unreadable) ? unreadable : source.value;
  return [
    ...(isKnownKind
      ? []
      : [valueViolation({ ...source, value }, "is neither a volume claim nor a snapshot")]),
    ...(isInside ? [] : [valueViolation(place, "is another namespace than that of the claim")]),
  ];
}

function valueViolation({ property, value }: Field, fault: string): Violation {
  return value === unreadable
    ? unknownViolation(property)
    : problem(property, fault, "Leave it out: the claim gets a new volume.");
}

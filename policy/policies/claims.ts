import { isMissing, textOf, unreadable } from "secure-environment/core";
import { distinct, type Field, fieldBelow, isNothing, unknownFinding } from "../fields";
import { type Finding, onObjects, type ResourceGuarantee } from "../policy";
import { type KubernetesObject, type MaybeKnown } from "../kubernetesObject";
import { claimsOf } from "../podTemplates";

interface ClaimSettings {
  readonly hasDefaultClass: boolean;
}

/** A volume keeps the data of whoever had it before. */
export const claimsTakeFreshVolumes: ResourceGuarantee<ClaimSettings> = {
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
    distinct(claimsOf(object).flatMap((claim) => claimFindings(claim, object, settings))),
  ),
};

function claimFindings(
  claim: Field,
  { namespace, isPatch }: KubernetesObject,
  { hasDefaultClass }: ClaimSettings,
): Finding[] {
  const spec = fieldBelow(claim, "spec");
  if (spec.value === unreadable) {
    return claim.value === unreadable ? [] : [unknownFinding(spec.property)];
  }
  return [
    ...choiceFindings(spec),
    ...classFindings(fieldBelow(spec, "storageClassName"), hasDefaultClass || isPatch),
    ...["dataSource", "dataSourceRef"].flatMap((key) =>
      sourceFindings(fieldBelow(spec, key), namespace),
    ),
  ];
}

/** What chooses a volume that is there, or changes one by a class of its own. */
function choiceFindings(spec: Field): Finding[] {
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
    return isChosen ? [valueFinding({ property, value }, fault)] : [];
  });
}

function classFindings({ property, value }: Field, mayBeMissing: boolean): Finding[] {
  const remedy = "Name a storage class.";
  if (isMissing(value)) {
    return mayBeMissing
      ? []
      : [{ property, fault: "is missing, so the claim takes any volume that is there", remedy }];
  }
  return value === ""
    ? [{ property, fault: "is empty, so the claim takes any volume that is there", remedy }]
    : [];
}

const sourceKinds = ["/PersistentVolumeClaim", "snapshot.storage.k8s.io/VolumeSnapshot"];

/** Other kinds fill the volume by whatever their controllers do. */
function sourceFindings(source: Field, namespace: MaybeKnown): Finding[] {
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
      : [valueFinding({ ...source, value }, "is neither a volume claim nor a snapshot")]),
    ...(isInside ? [] : [valueFinding(place, "is another namespace than that of the claim")]),
  ];
}

function valueFinding({ property, value }: Field, fault: string): Finding {
  return value === unreadable
    ? unknownFinding(property)
    : { property, fault, remedy: "Leave it out: the claim gets a new volume." };
}

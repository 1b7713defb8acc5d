import { type AdmissionPolicy } from "../validatingAdmissionPolicy";
import { literal } from "../cel";
import { changesAny } from "../changes";
import { notSentByNode, notSentByOperator, notUpdatedByCluster } from "../senders";
import { type PlatformSettings } from "../../platformSettings";

/** What a claim may be filled from: a volume or a snapshot of the same environment. */
const dataSources: readonly string[] = [
  "/PersistentVolumeClaim",
  "snapshot.storage.k8s.io/VolumeSnapshot",
];

const isOwnSource = (source: string) =>
  `!has(${source}.namespace) && ${source}.?apiGroup.orValue("") + "/" + ${source}.kind in ${literal(dataSources)}`;

/**
 * Claims get volumes of their own. One that chooses a volume takes what is there, with the data of the
 * claim that had it before. Controllers make claims from templates, so what they create is judged as
 * well; later they name the volume.
 */
export function claimsTakeFreshVolumes(settings: PlatformSettings): AdmissionPolicy {
  const { ceilings } = settings;
  const maximum = ceilings["requests.storage"] ?? "0";
  return {
    name: "claims-take-fresh-volumes",
    isForEnvironments: true,
    rules: [
      {
        apiGroups: [""],
        resources: ["persistentvolumeclaims"],
        operations: ["CREATE", "UPDATE"],
      },
    ],
    matchConditions: [notUpdatedByCluster, notSentByOperator(settings), changesAny("spec")],
    validations: [
      {
        expression:
          'object.spec.?volumeName.orValue("") == (oldObject == null ? "" : oldObject.spec.?volumeName.orValue(""))',
        message: "Volume claims of an environment name no volume: they get a new one.",
      },
      {
        expression: '!has(object.spec.selector) && object.spec.?storageClassName.orValue("") != ""',
        message:
          "Volume claims of an environment have a storage class and no selector: without a class, or with a selector, they take a volume that is there.",
      },
      {
        expression: `["dataSource", "dataSourceRef"].all(field, !object.spec[?field].hasValue() || (${isOwnSource("object.spec[field]")}))`,
        message: `Volume claims of an environment are filled from its own claims and snapshots only: ${dataSources.join(", ")} without a namespace.`,
      },
      {
        expression:
          '!has(object.spec.volumeAttributesClassName) || object.spec.volumeAttributesClassName == ""',
        message:
          "Volume claims of an environment choose no VolumeAttributesClass: it says how fast a volume is, and what it costs.",
      },
      {
        expression: `quantity(object.spec.?resources.requests.storage.orValue("0")).compareTo(quantity(${literal(maximum)})) <= 0`,
        message: `Volume claims of an environment ask for ${maximum} at most, as much as one environment may have.`,
      },
    ],
  };
}

/** A driver that takes its target from the pod leads past network policies, as the node. */
export function podsMountTheirOwnVolumes({ csiDrivers }: PlatformSettings): AdmissionPolicy {
  return {
    name: "pods-mount-their-own-volumes",
    isForEnvironments: true,
    rules: [{ apiGroups: [""], resources: ["pods"], operations: ["CREATE"] }],
    matchConditions: [notSentByNode],
    validations: [
      {
        expression: `object.spec.?volumes.orValue([]).all(volume, !has(volume.csi) || volume.csi.driver in ${literal(csiDrivers)})`,
        message: `Pods of an environment ask drivers for volumes by claims only (csiDrivers: ${csiDrivers.join(", ") || "none"}).`,
      },
    ],
  };
}

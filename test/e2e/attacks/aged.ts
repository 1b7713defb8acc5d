import { labels } from "#components/core/labels";
import { type ApiRequest, bent, postRequest } from "../support/apiRequests";
import { newBoundedPod, newClaim, newIngressOf, newRoute } from "./guestRequests";
import { newNamespace } from "./pipelineRequests";
import { aged, type Place, withoutDefaultDeny, withoutLimitRange, withoutQuota } from "./places";

/** An environment from before there was a platform, with what breaks a rule that came later. */

const foreignHost = "www.example.com";

/** Environments that had pods before each of them had all walls but one. */
export const walllessFromBefore: readonly Place[] = [
  withoutDefaultDeny,
  withoutQuota,
  withoutLimitRange,
];

/**
 * The environment, on a pool that is there no more, with ways in to hosts of others and with a volume;
 * and pods where walls will be missing.
 */
export function agedObjects(): ApiRequest[] {
  const namespace = bent(newNamespace(aged), {
    metadata: { labels: { [labels.nodePool]: "retired" } },
  });
  return [
    namespace,
    newIngressOf(aged, foreignHost),
    newRoute(aged, { hostnames: [foreignHost] }),
    ...storedObjects(),
    ...walllessFromBefore.map(newNamespace),
    ...[...walllessFromBefore, { ...aged, namespace: "ordinary" }].map(newBoundedPod),
  ];
}

/** A claim that has its volume, of a class whose volumes may grow. */
function storedObjects(): ApiRequest[] {
  const storageClassName = "expandable";
  const metadata = { name: "stored" };
  const accessModes = ["ReadWriteOnce"];
  return [
    postRequest("/apis/storage.k8s.io/v1/storageclasses", {
      metadata: { name: storageClassName },
      provisioner: "example.com/none",
      allowVolumeExpansion: true,
    }),
    postRequest("/api/v1/persistentvolumes", {
      metadata,
      spec: {
        accessModes,
        storageClassName,
        capacity: { storage: "1Gi" },
        hostPath: { path: "/nowhere" },
        claimRef: { namespace: aged.namespace, ...metadata },
      },
    }),
    bent(newClaim(aged, { storageClassName, volumeName: metadata.name }), { metadata }),
  ];
}

import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** A claim that is larger, and any lease, are refused where the API server enforces the bounds. */
const limits = [{ type: "PersistentVolumeClaim", max: { storage: "1" } }];
const hard = { "count/leases.coordination.k8s.io": "0" };

/** A limit range and a quota in a namespace for rehearsals, so that there is something to enforce. */
export function createRehearsalBounds(
  name: string,
  namespace: k8s.core.v1.Namespace,
  options: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const metadata = { name: "bounds", namespace: namespace.metadata.name };
  return [
    new k8s.core.v1.LimitRange(`${name}-limits`, { metadata, spec: { limits } }, options),
    new k8s.core.v1.ResourceQuota(`${name}-quota`, { metadata, spec: { hard } }, options),
  ];
}

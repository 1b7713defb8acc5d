import { nameOf, type PlannedObject, planned } from "../../core/plan";

/** A claim that is larger, and any lease, are refused where the API server enforces the bounds. */
const limits = [{ type: "PersistentVolumeClaim", max: { storage: "1" } }];
const hard = { "count/leases.coordination.k8s.io": "0" };

/** A limit range and a quota in a namespace for rehearsals, so that there is something to enforce. */
export function rehearsalBounds(
  namespace: PlannedObject,
  dependsOn: readonly PlannedObject[],
): PlannedObject[] {
  const apiVersion = "v1";
  const metadata = { name: "bounds", namespace: nameOf(namespace) };
  return [
    planned(
      `${namespace.logicalName}-limits`,
      { apiVersion, kind: "LimitRange", metadata, spec: { limits } },
      { dependsOn },
    ),
    planned(
      `${namespace.logicalName}-quota`,
      { apiVersion, kind: "ResourceQuota", metadata, spec: { hard } },
      { dependsOn },
    ),
  ];
}

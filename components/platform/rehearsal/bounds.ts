import { objectNames } from "../../core/objectNames";
import { type KubernetesObject, nameOf, type PlannedObject, planned } from "../../core/plan";

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

/** The walls for which everything waits, and whom the deployer's binding lets in. */
const needed: readonly (readonly [kind: string, objectName: string])[] = [
  ["ResourceQuota", objectNames.quota],
  ["LimitRange", objectNames.limits],
  ["NetworkPolicy", objectNames.defaultDeny],
  ["RoleBinding", objectNames.deployer],
];

/** Of an environment's objects those without which no pod can be made in a namespace for rehearsals. */
export function rehearsalWalls(
  namespace: PlannedObject,
  environment: readonly KubernetesObject[],
  dependsOn: readonly PlannedObject[],
): PlannedObject[] {
  return environment
    .filter(({ kind, metadata }) =>
      needed.some(([wanted, objectName]) => kind === wanted && metadata.name === objectName),
    )
    .map((object) =>
      planned(
        `${namespace.logicalName}-${object.kind.toLowerCase()}`,
        { ...object, metadata: { ...object.metadata, namespace: nameOf(namespace) } },
        { dependsOn },
      ),
    );
}

import { type EnvironmentObject, type Inside, networkPolicy } from "../environmentObjects";
import { openHoles } from "../network/holes/holes";
import { type ResolvedEnvironment } from "../resolvedEnvironment";
import { meshObjects, meshPolicySpecs } from "./mesh";

/** What walls off the environment inside the service mesh, if it is part of one. */
export function meshWallObjects(
  { mesh, meshPorts, holes }: ResolvedEnvironment,
  inside: Inside,
): EnvironmentObject[] {
  if (mesh === undefined) {
    return [];
  }
  const open = openHoles(holes);
  return [
    ...meshPolicySpecs(mesh, open).map(({ objectName, spec }) =>
      networkPolicy(inside, objectName, spec),
    ),
    ...meshObjects(mesh, open, meshPorts).map(
      ({ apiVersion, kind, objectName, specIn }): EnvironmentObject => ({
        child: `${kind}-${objectName}`,
        tier: "walls",
        object: inside.object(apiVersion, kind, objectName, { spec: specIn(inside.namespace) }),
      }),
    ),
  ];
}

import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { type Inside } from "../inside";
import { meshObjects, meshPolicySpecs } from "./mesh";
import { type MeshArguments } from "./meshProblems";
import { type OpenHole } from "../network/holes/openHole";

/** What walls off the environment inside the service mesh, if it is part of one. */
export function createMeshWalls(
  name: string,
  { mesh, meshPorts }: MeshArguments,
  openHoles: readonly OpenHole[],
  inside: Inside,
): pulumi.Resource[] {
  if (mesh === undefined) {
    return [];
  }
  return [
    ...meshPolicySpecs(mesh, openHoles).map(
      ({ objectName, spec }) =>
        new k8s.networking.v1.NetworkPolicy(
          `${name}-${objectName}`,
          { metadata: inside.metadata(objectName), spec },
          inside.options(),
        ),
    ),
    ...meshObjects(mesh, openHoles, meshPorts).map(
      ({ apiVersion, kind, objectName, specIn }) =>
        new k8s.apiextensions.CustomResource(
          `${name}-${kind}-${objectName}`,
          {
            apiVersion,
            kind,
            metadata: inside.metadata(objectName),
            spec: specIn(inside.namespace),
          },
          inside.options(),
        ),
    ),
  ];
}

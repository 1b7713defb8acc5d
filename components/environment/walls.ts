import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { resolveCapacity } from "./capacity/capacityProblems";
import { dnsSpec } from "./network/dns";
import { holePolicySpec, openHoles } from "./network/holes/holes";
import { holeObjectName } from "./network/holes/openHole";
import { type Inside } from "./inside";
import { limitRangeSpec } from "./capacity/limitRange";
import { createMeshWalls } from "./mesh/meshResources";
import { holeAnnotations } from "../core/metadata";
import { defaultDenySpec, sameEnvironmentSpec } from "./network/isolationPolicies";
import { objectNames } from "../core/objectNames";
import { quotaSpec, zeroQuotaSpecs } from "./capacity/resourceQuota";
import { type SecureEnvironmentArgs } from "./secureEnvironmentArgs";

type Annotations = Readonly<Record<string, string>>;

/** What bounds the pods of the environment: capacity, network and mesh. None waits for another. */
export function createWalls(
  name: string,
  args: SecureEnvironmentArgs,
  inside: Inside,
): pulumi.Resource[] {
  return [
    ...createQuotas(name, args, inside),
    ...createNetworkPolicies(name, args, inside),
    ...createMeshWalls(name, args, openHoles(args), inside),
  ];
}

function createQuotas(name: string, args: SecureEnvironmentArgs, inside: Inside) {
  const capacity = resolveCapacity(args);
  return [
    new k8s.core.v1.ResourceQuota(
      `${name}-quota`,
      { metadata: inside.metadata(objectNames.quota), spec: quotaSpec(capacity.quota) },
      inside.options(),
    ),
    ...zeroQuotaSpecs(args).map(
      ({ objectName, spec }) =>
        new k8s.core.v1.ResourceQuota(
          `${name}-${objectName}`,
          { metadata: inside.metadata(objectName), spec },
          inside.options(),
        ),
    ),
    new k8s.core.v1.LimitRange(
      `${name}-limits`,
      { metadata: inside.metadata(objectNames.limits), spec: limitRangeSpec(capacity) },
      inside.options(),
    ),
  ];
}

function createNetworkPolicies(name: string, args: SecureEnvironmentArgs, inside: Inside) {
  const create = (
    objectName: string,
    spec: k8s.types.input.networking.v1.NetworkPolicySpec,
    annotations?: Annotations,
  ) =>
    new k8s.networking.v1.NetworkPolicy(
      `${name}-${objectName}`,
      { metadata: { ...inside.metadata(objectName), annotations }, spec },
      inside.options(),
    );
  return [
    create(objectNames.defaultDeny, defaultDenySpec()),
    create(objectNames.sameEnvironment, sameEnvironmentSpec()),
    create(objectNames.dns, dnsSpec(args.dns)),
    ...openHoles(args).map((hole) =>
      create(holeObjectName(hole), holePolicySpec(hole), holeAnnotations(hole)),
    ),
  ];
}

import { holeAnnotations } from "../core/metadata";
import { objectNames } from "../core/objectNames";
import { limitRangeSpec } from "./capacity/limitRange";
import { quotaSpec, zeroQuotaSpecs } from "./capacity/resourceQuota";
import { type EnvironmentObject, type Inside, networkPolicy } from "./environmentObjects";
import { meshWallObjects } from "./mesh/meshWalls";
import { dnsSpec } from "./network/dns";
import { holePolicySpec, openHoles } from "./network/holes/holes";
import { holeObjectName } from "./network/holes/openHole";
import { defaultDenySpec, sameEnvironmentSpec } from "./network/isolationPolicies";
import { type ResolvedEnvironment } from "./resolvedEnvironment";

/** What bounds the pods of the environment: capacity, network and mesh. None waits for another. */
export function wallObjects(environment: ResolvedEnvironment, inside: Inside): EnvironmentObject[] {
  return [
    ...quotaObjects(environment, inside),
    limitRangeObject(environment, inside),
    ...networkPolicyObjects(environment, inside),
    ...meshWallObjects(environment, inside),
  ];
}

function quotaObjects(environment: ResolvedEnvironment, inside: Inside): EnvironmentObject[] {
  const quota = (child: string, objectName: string, spec: object): EnvironmentObject => ({
    child,
    tier: "walls",
    object: inside.object("v1", "ResourceQuota", objectName, { spec }),
  });
  return [
    quota("quota", objectNames.quota, quotaSpec(environment.capacity.quota)),
    ...zeroQuotaSpecs(environment).map(({ objectName, spec }) =>
      quota(objectName, objectName, spec),
    ),
  ];
}

function limitRangeObject({ capacity }: ResolvedEnvironment, inside: Inside): EnvironmentObject {
  const spec = limitRangeSpec(capacity);
  return {
    child: "limits",
    tier: "walls",
    object: inside.object("v1", "LimitRange", objectNames.limits, { spec }),
  };
}

function networkPolicyObjects(
  { dns, holes }: ResolvedEnvironment,
  inside: Inside,
): EnvironmentObject[] {
  return [
    networkPolicy(inside, objectNames.defaultDeny, defaultDenySpec()),
    networkPolicy(inside, objectNames.sameEnvironment, sameEnvironmentSpec()),
    networkPolicy(inside, objectNames.dns, dnsSpec(dns)),
    ...openHoles(holes).map((hole) =>
      networkPolicy(inside, holeObjectName(hole), holePolicySpec(hole), holeAnnotations(hole)),
    ),
  ];
}

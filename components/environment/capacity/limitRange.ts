import { type types } from "@pulumi/kubernetes";
import { type Amounts, isLess } from "../../core/amounts";
import { type ContainerResources } from "../../core/containerDefaults";

/** What the LimitRange of an environment bounds. */
export interface Limits {
  /** What a container gets that asks for nothing. */
  readonly containerDefaults: ContainerResources;
  /** The most that one pod may take. */
  readonly podMaximum: Amounts;
  /** The largest volume that one claim may ask for. */
  readonly volumeMaximum: string;
}

/**
 * The least that a container and a pod may ask for. A limit of 0 counts nothing in the quota, and
 * the kubelet takes it for no limit at all.
 * See MilliCPUToQuota in https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/cm/helpers_linux.go
 */
export const computeMinimum: Amounts = { cpu: "1m", memory: "1Mi", "ephemeral-storage": "1Mi" };

/** The smallest volume that a claim may ask for: many storage systems make a whole disk of it. */
export const volumeMinimum = "1Mi";

/**
 * The specification of the environment's LimitRange. It closes what a quota leaves open: without
 * defaults a container that asks for nothing is refused (CPU, memory) or not counted at all
 * (ephemeral storage), without a maximum for pods a pod-level request hides what its containers
 * may use, and without a minimum a limit of 0 lifts all limits.
 * See https://kubernetes.io/docs/concepts/policy/limit-range/
 */
export function limitRangeSpec(limits: Limits): types.input.core.v1.LimitRangeSpec {
  const { containerDefaults, podMaximum, volumeMaximum } = limits;
  const range = { min: { ...computeMinimum }, max: { ...podMaximum } };
  return {
    limits: [
      {
        type: "Container",
        default: { ...containerDefaults.limits },
        defaultRequest: { ...containerDefaults.requests },
        ...range,
      },
      { type: "Pod", ...range },
      {
        type: "PersistentVolumeClaim",
        ...volumeMinimumBelow(volumeMaximum),
        max: { storage: volumeMaximum },
      },
    ],
  };
}

/** A quota without storage admits no volume: then no minimum fits below the maximum. */
function volumeMinimumBelow(maximum: string) {
  return isLess(maximum, volumeMinimum) ? {} : { min: { storage: volumeMinimum } };
}

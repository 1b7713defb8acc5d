import { quotaBounds } from "secure-environment-isolation";
import { meshOf, recordOf, sidecarOf, unreadable } from "secure-environment/core";
import { type JudgedNamespace, type JudgedStack } from "./judgedStack";
import { isOfKind } from "./kinds";
import { type KubernetesObject } from "./kubernetesObject";
import { type PodBounds } from "./podFit";
import { specsOf } from "./walls";

/** The quotas and limit ranges of a namespace. It is the same list for all objects that are in it. */
export type BoundsOf = (object: KubernetesObject) => readonly KubernetesObject[];

/** Tells which quotas and limit ranges the stack puts into the namespace of an object. */
export function boundsIn({ objects, namespaceOf }: JudgedStack): BoundsOf {
  const bounds = objects.filter((object) =>
    isOfKind(object, { "": ["ResourceQuota", "LimitRange"] }),
  );
  const known = new Map<unknown, readonly KubernetesObject[]>();
  return (object) => {
    const own = namespaceOf(object);
    const place = own ?? object.namespace;
    const among =
      known.get(place) ?? bounds.filter((bound) => isBoundOf(bound, own, object.namespace));
    known.set(place, among);
    return among;
  };
}

/** Whether it is in the namespace that the stack makes, or else in the one of that name. */
function isBoundOf(
  bound: KubernetesObject,
  own: JudgedNamespace | undefined,
  name: KubernetesObject["namespace"],
): boolean {
  return own === undefined
    ? name !== unreadable && bound.namespace === name
    : own.inside.includes(bound);
}

/** What these quotas and limit ranges bound; `undefined` where a limit range is not wholly known. */
export function podBoundsOf(bounds: readonly KubernetesObject[]): PodBounds | undefined {
  const own = bounds.filter(({ isPatch }) => !isPatch);
  const ranges = specsOf(own.filter(({ kind }) => kind === "LimitRange"));
  const quotas = specsOf(own.filter(({ kind }) => kind === "ResourceQuota"));
  return ranges.some(isUnknown) ? undefined : { ranges, quota: quotaBounds(quotas) };
}

/**
 * What the proxy says that the namespace's mesh puts into a pod with such metadata. A pod that says
 * something of its proxy may have another one or none, and one that has its proxy says so: nothing
 * is put in beside it.
 */
export function sidecarIn(
  namespace: KubernetesObject | undefined,
  podMetadata: unknown,
): PodBounds["sidecar"] {
  const mesh = namespace === undefined ? undefined : meshOf(namespace.metadata);
  return saysOfProxy(podMetadata) ? undefined : sidecarOf(mesh, noDefaults);
}

/** See the annotations of Istio and Linkerd, which their injectors read and write. */
function saysOfProxy(podMetadata: unknown): boolean {
  const { labels, annotations } = recordOf(podMetadata);
  return (
    [podMetadata, labels, annotations].includes(unreadable) ||
    Object.keys({ ...recordOf(labels), ...recordOf(annotations) }).some((key) =>
      /^(.+\.)?(istio|linkerd)\.io\//.test(key),
    )
  );
}

/** What a proxy does not say itself, it gets by the limit range. */
const noDefaults = { requests: {}, limits: {} };

/** Whether something in the value is not known. */
function isUnknown(value: unknown): boolean {
  return value === unreadable || Object.values(recordOfAny(value)).some(isUnknown);
}

function recordOfAny(value: unknown): object {
  return Array.isArray(value) ? value : recordOf(value);
}

import {
  amountIn,
  type Bounds,
  type ContainerShare,
  defaultShare,
  exceeds,
  type PodShares,
  podShares,
  type Share,
} from "secure-environment-isolation";
import { computeResources, problem, recordOf } from "secure-environment/core";
import { hardEntry } from "./ceilings";
import { type Field, fieldBelow } from "./fields";
import { type Violation } from "./policy";
import { podLevelMisfits } from "./podLevelFit";
import { type PodTemplate } from "./podTemplates";
import { amountViolations, isCompute, resourceFields } from "./resourceAmounts";
import { itemsOf, rangeFaults, shown, type Side, sideOf } from "./rangeFit";

/** What bounds the pods of a namespace, and what else gets into them. */
export interface PodBounds {
  /** The specifications of its limit ranges. */
  readonly ranges: readonly unknown[];
  /** What its quotas bound together. */
  readonly quota: Bounds;
  /** What a mesh's proxy says that is put into each pod. */
  readonly sidecar?: { readonly requests: object; readonly limits: object };
}

/** Why the API server would admit no pod that is made from the template. */
export function misfits(template: PodTemplate, bounds: PodBounds): Violation[] {
  const wrong = amountViolations(template);
  return wrong.length > 0
    ? wrong
    : [
        ...computeResources.flatMap((resource) => resourceMisfits(template.spec, resource, bounds)),
        ...deviceMisfits(template, bounds.quota),
      ];
}

/** What one pod that is made from the template counts in quotas, by their keys. */
export function quotaDemand(template: PodTemplate, bounds: PodBounds) {
  return computeResources.flatMap((resource) => {
    const { pod } = sharesOf(template.spec, resource, bounds);
    return [
      [`requests.${resource}`, pod.request],
      [`limits.${resource}`, pod.limit],
    ] as const;
  });
}

/** What is wrong with one resource of a pod: the first of these, as the others follow from it. */
function resourceMisfits(spec: Field, resource: string, bounds: PodBounds): Violation[] {
  const judged = { spec, resource, shares: sharesOf(spec, resource, bounds), ...bounds };
  const rules = [limitMisfits, containerMisfits, podLevelMisfits, podMisfits, quotaMisfits];
  return rules.map((rule) => rule(judged)).find((found) => found.length > 0) ?? [];
}

/** What a proxy does not say itself, it gets as any container does. */
function sharesOf(spec: Field, resource: string, { ranges, sidecar }: PodBounds): PodShares {
  const defaults = defaultShare(ranges, resource);
  const proxy: Share | undefined = sidecar && {
    request: amountIn(sidecar.requests, resource) ?? defaults.request,
    limit: amountIn(sidecar.limits, resource) ?? defaults.limit,
  };
  return podShares(spec.value, resource, defaults, proxy);
}

/** One resource of a pod, and what bounds it. */
export interface Judged {
  readonly spec: Field;
  readonly resource: string;
  readonly shares: PodShares;
  readonly ranges: readonly unknown[];
  readonly quota: Bounds;
}

/** A container asks for no more than it may use. */
function limitMisfits({ spec, resource, shares }: Judged): Violation[] {
  return shares.containers
    .filter(({ request, limit }) => exceeds(request, limit))
    .map((container) => {
      const fault = container.hasDefaultLimit
        ? `is more than the limit of a container that has none, which the limit range says is ${shown(container.limit, resource)}`
        : "is more than the container's limit";
      const remedy = container.hasDefaultLimit
        ? "Give the container a limit, or lower the request."
        : "Raise the limit, or lower the request.";
      return problem(place(spec, container, "requests", resource), fault, remedy);
    });
}

/** A container has what the limit range lets one have. */
function containerMisfits(judged: Judged): Violation[] {
  const { spec, resource, shares, ranges } = judged;
  return shares.containers.flatMap((container) =>
    rangeFaults(container, "a container", itemsOf(ranges, "Container"), resource).map(
      ({ side, isMore, than, remedy }) => {
        const fault = `is ${isMore ? "more" : "less"} ${than}`;
        return problem(place(spec, container, side, resource), fault, remedy);
      },
    ),
  );
}

/** All containers of a pod have together what the limit range lets a pod have. */
function podMisfits({ spec, resource, shares, ranges }: Judged): Violation[] {
  return rangeFaults(shares.pod, "a pod", itemsOf(ranges, "Pod"), resource).map(
    ({ side, isMore, than, remedy }) => {
      const fault = `takes, all together, ${isMore ? "more" : "less"} ${resource} ${than}`;
      return problem(placeOfPod(spec, shares, side), fault, remedy);
    },
  );
}

/** One pod takes no more than all pods together may. */
function quotaMisfits({ spec, resource, shares, quota }: Judged): Violation[] {
  return (["requests", "limits"] as const)
    .map((side) => ({ side, key: `${side}.${resource}` }))
    .filter(({ side, key }) => exceeds(shares.pod[sideOf(side)], quota.get(key)))
    .map(({ side, key }) =>
      quotaViolation(placeOfPod(spec, shares, side), key, shown(quota.get(key), resource)),
    );
}

function quotaViolation(property: string, key: string, most: string): Violation {
  const fault = `takes, all together, more than ${hardEntry(key)} of a quota of its namespace, which is ${most}`;
  const remedy = "Ask for less, or raise the quota.";
  return problem(property, fault, remedy);
}

/** Devices and huge pages are counted by their requests, and nothing gives a default. */
function deviceMisfits(template: PodTemplate, quota: Bounds): Violation[] {
  const names = new Set(
    resourceFields(template)
      .flatMap(({ value }) => Object.keys(recordOf(value)))
      .filter((name) => !isCompute(name)),
  );
  return [...names].flatMap((name) => {
    const most = quota.get(`requests.${name}`);
    const shares = podShares(template.spec.value, name, { request: undefined, limit: undefined });
    const property = placeOfPod(template.spec, shares, "requests");
    return exceeds(shares.pod.request, most)
      ? [quotaViolation(property, `requests.${name}`, shown(most, name))]
      : [];
  });
}

/** Where a container says so, or would say it. */
function place(spec: Field, container: ContainerShare, side: Side, resource: string): string {
  const property = `${spec.property}.${container.property}.resources.${side}`;
  return fieldBelow({ property, value: {} }, resource).property;
}

/** Where the pod says so, or where its containers do. */
function placeOfPod(spec: Field, { own }: PodShares, side: Side): string {
  return fieldBelow(spec, own[sideOf(side)] === undefined ? "containers" : "resources").property;
}

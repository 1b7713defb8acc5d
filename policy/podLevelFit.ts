import { exceeds } from "secure-environment-isolation";
import { problem, problemIf } from "secure-environment/core";
import { fieldBelow } from "./fields";
import { type Judged } from "./podFit";
import { type Violation } from "./policy";
import { shown } from "./rangeFit";

/**
 * What a pod says of itself holds what its containers say, and what they get. Limits of init
 * containers may be above the pod's.
 * See validatePodResourceConsistency in
 * https://github.com/kubernetes/kubernetes/blob/master/pkg/apis/core/validation/validation.go
 */
export function podLevelMisfits(judged: Judged): Violation[] {
  return [...requestMisfits(judged), ...limitMisfits(judged), ...containerMisfits(judged)];
}

function requestMisfits({ spec, resource, shares }: Judged): Violation[] {
  const fault = `requests less ${resource} than its containers together, with what they get by the limit range`;
  const remedy = `Request as much ${resource} for the pod, or less for its containers.`;
  const isWrong = exceeds(shares.together.request, shares.own.request);
  return problemIf(isWrong, fieldBelow(spec, "resources").property, fault, remedy);
}

function limitMisfits(judged: Judged): Violation[] {
  const { own } = judged.shares;
  const fault = "is less than the pod requests, by itself or by its containers";
  const remedy = "Raise it, or lower the requests.";
  return problemIf(exceeds(own.request, own.limit), placeOfLimit(judged), fault, remedy);
}

function containerMisfits(judged: Judged): Violation[] {
  const { own, containers } = judged.shares;
  return containers
    .filter(({ isInit, limit }) => !isInit && exceeds(limit, own.limit))
    .map(({ property, hasDefaultLimit, limit }) => {
      const fault = hasDefaultLimit
        ? `is less than the limit of ${property}, which has none and gets ${shown(limit, judged.resource)} by the limit range`
        : `is less than the limit of ${property}`;
      const remedy = "Raise it, or give the container a lower limit.";
      return problem(placeOfLimit(judged), fault, remedy);
    });
}

function placeOfLimit({ spec, resource }: Judged): string {
  return fieldBelow(fieldBelow(fieldBelow(spec, "resources"), "limits"), resource).property;
}

import { type AddressRange, parseAddress } from "secure-environment/core";

import { type Evaluation, matchesAddress, type Side } from "./evaluation";
import type { PodFacts } from "./pods";
import type { Rule } from "./policies";
import { assertPort, noNames, opensPort } from "./ports";
import type { Endpoint, SideVerdict, TargetPort, Verdict } from "./verdict";

/** An end that was found: a pod, or an address. */
type End =
  | { readonly pod: PodFacts; readonly address?: undefined }
  | { readonly pod?: undefined; readonly address: AddressRange };

const unrestricted: SideVerdict = { allowed: true, by: [] };

/**
 * Judges one connection. What a pod says to itself is never filtered.
 * @throws RangeError when a pod is not among the objects, or an address or the port is none.
 */
export function judge(
  evaluation: Evaluation,
  from: Endpoint,
  to: Endpoint,
  port: TargetPort,
): Verdict {
  const source = findEnd(evaluation, from);
  const target = findEnd(evaluation, to);
  assertPort(port);
  if (source.pod !== undefined && source.pod === target.pod) {
    return { allowed: true, egress: unrestricted, ingress: unrestricted };
  }
  const names = target.pod?.portNames ?? noNames;
  const matches = (rule: Rule, end: End) =>
    opensPort(rule.ports, port, names) &&
    (end.pod === undefined
      ? matchesAddress(rule, end.address)
      : evaluation.matchesPod(rule, end.pod));
  const egress = judgeSide(source.pod && evaluation.sideOf(source.pod, "Egress"), (rule) =>
    matches(rule, target),
  );
  const ingress = judgeSide(target.pod && evaluation.sideOf(target.pod, "Ingress"), (rule) =>
    matches(rule, source),
  );
  return { allowed: egress.allowed && ingress.allowed, egress, ingress };
}

/**
 * The pod of that name.
 * @throws RangeError when it is not among the objects.
 */
export function findPod({ cluster }: Evaluation, name: string): PodFacts {
  const pod = cluster.pods.get(name);
  if (pod === undefined) {
    throw new RangeError(`${name} is no pod among the objects. Name it as namespace/name.`);
  }
  return pod;
}

function findEnd(evaluation: Evaluation, endpoint: Endpoint): End {
  if ("pod" in endpoint) {
    return { pod: findPod(evaluation, endpoint.pod) };
  }
  const address = parseAddress(endpoint.address);
  if (address === undefined) {
    throw new RangeError(`${endpoint.address} is no address in its plain form.`);
  }
  const pod = evaluation.cluster.podAt(address);
  return pod === undefined ? { address } : { pod };
}

/** An end that is no pod has no side. */
function judgeSide(side: Side | undefined, matches: (rule: Rule) => boolean): SideVerdict {
  if (side === undefined || side.isolatedBy.length === 0) {
    return unrestricted;
  }
  const by = side.rules.filter(matches).map(({ name }) => name);
  return by.length > 0 ? { allowed: true, by } : { allowed: false, by: side.isolatedBy };
}

import { type AddressRange, namespaceNameLabel, parseCidr } from "secure-environment/core";

import { type Doubt, DoubtCollector } from "./doubts";
import { groupBy } from "./groups";
import { type LabelFacts, readLabels } from "./labelFacts";
import type { IsolationObject, Namespace, Service } from "./objects";
import { type PodFacts, readPod } from "./pods";
import { type Policy, readPolicy } from "./policies";
import { identityOf } from "./subjects";

/** The objects that are judged together, read once and found by name. */
export interface Cluster {
  readonly pods: ReadonlyMap<string, PodFacts>;
  /** The one pod that has the address for itself: pods on their node's network share it. */
  readonly podAt: (address: AddressRange) => PodFacts | undefined;
  readonly services: ReadonlyMap<string, Service>;
  /** In the order of their names, so that the order of the objects does not matter. */
  readonly policies: ReadonlyMap<string, readonly Policy[]>;
  readonly namespaceLabels: (namespace: string) => LabelFacts;
  readonly doubts: readonly Doubt[];
}

/**
 * Reads the objects.
 * @throws RangeError when one of `podCidrs` is none.
 */
export function readCluster(
  objects: readonly IsolationObject[],
  podCidrs: readonly string[],
): Cluster {
  const podAddresses = podCidrs.map(readPodCidr);
  const doubts: Doubt[] = [];
  const pods = new Map<string, PodFacts>();
  const services = new Map<string, Service>();
  const policies: Policy[] = [];
  const namespaces = new Map<string, LabelFacts>();
  for (const object of objects) {
    switch (object.kind) {
      case "Namespace":
        addOnce(namespaces, identityOf(object).name, readNamespace(object, doubts), object, doubts);
        break;
      case "Pod": {
        const pod = readPod(object, podAddresses, doubts);
        addOnce(pods, pod.name, pod, object, doubts);
        break;
      }
      case "Service": {
        const { namespace, name } = identityOf(object);
        addOnce(services, `${namespace}/${name}`, object, object, doubts);
        break;
      }
      case "NetworkPolicy":
        policies.push(readPolicy(object, doubts));
    }
  }
  return {
    pods,
    podAt: podsByAddress([...pods.values()]),
    services,
    policies: groupBy(policies.toSorted(byName), ({ namespace }) => namespace),
    namespaceLabels: labelsByNamespace(namespaces),
    doubts,
  };
}

/** `kubernetes.io/metadata.name` is always the name: the API server sees to it. */
function readNamespace(object: Namespace, found: Doubt[]): LabelFacts {
  const { name } = identityOf(object);
  const doubts = new DoubtCollector({ kind: object.kind, name }, found);
  const { known, complete } = readLabels(object.metadata?.labels, "metadata.labels", doubts);
  return { known: new Map([...known, [namespaceNameLabel, name]]), complete };
}

/**
 * The pod that has an address; none where several pods have it, as the objects do not tell which one
 * has it now.
 */
function podsByAddress(pods: readonly PodFacts[]): (address: AddressRange) => PodFacts | undefined {
  const owners = groupBy(
    pods.flatMap((pod) => pod.ownAddresses.map((address) => ({ key: keyOf(address), pod }))),
    ({ key }) => key,
  );
  return (address) => {
    const [owner, ...others] = owners.get(keyOf(address)) ?? [];
    return owner === undefined || others.length > 0 || owner.pod.hostNetwork
      ? undefined
      : owner.pod;
  };
}

function keyOf({ family, first }: AddressRange): string {
  return `${family} ${first}`;
}

/** A namespace that is not among the objects has the one label that every namespace has. */
function labelsByNamespace(
  namespaces: ReadonlyMap<string, LabelFacts>,
): (namespace: string) => LabelFacts {
  const unlisted = new Map<string, LabelFacts>();
  return (namespace) => {
    const labels = namespaces.get(namespace) ??
      unlisted.get(namespace) ?? {
        known: new Map([[namespaceNameLabel, namespace]]),
        complete: true,
      };
    unlisted.set(namespace, labels);
    return labels;
  };
}

function byName(one: { readonly name: string }, other: { readonly name: string }): number {
  return one.name < other.name ? -1 : Number(one.name > other.name);
}

function addOnce<Facts>(
  known: Map<string, Facts>,
  key: string,
  facts: Facts,
  object: IsolationObject,
  doubts: Doubt[],
): void {
  if (known.has(key)) {
    const { namespace, name } = identityOf(object);
    const subject = { kind: object.kind, namespace, name };
    const fault = "is there more than once; the last one counts";
    new DoubtCollector(subject, doubts).add("metadata.name", undefined, fault);
  }
  known.set(key, facts);
}

function readPodCidr(cidr: string): AddressRange {
  const range = parseCidr(cidr);
  if (range === undefined) {
    throw new RangeError(`podCidrs has ${cidr}, which is no range in its plain form.`);
  }
  return range;
}

import {
  type AddressRange,
  isMissing,
  listOf,
  parseAddress,
  recordOf,
} from "secure-environment/core";

import { type Doubt, DoubtCollector } from "./doubts";
import { type LabelFacts, readLabels } from "./labelFacts";
import type { Pod } from "./objects";
import { everyAddressRange } from "./peers";
import { isPortNumber, portKey, type PortNames } from "./ports";
import { identityOf } from "./subjects";

/** What decides about a pod. */
export interface PodFacts {
  /** `namespace/name`, as an endpoint names it. */
  readonly name: string;
  readonly namespace: string;
  readonly labels: LabelFacts;
  /** The numbers of its named ports, in the order of its containers. */
  readonly portNames: PortNames;
  /** Where its addresses are, as far as that is known. */
  readonly addresses: readonly AddressRange[];
  /** Its single addresses, without what is merely possible. */
  readonly ownAddresses: readonly AddressRange[];
  readonly hostNetwork: boolean;
}

/** Reads a pod. Without an address of its own, it may have any of `podAddresses`. */
export function readPod(pod: Pod, podAddresses: readonly AddressRange[], found: Doubt[]): PodFacts {
  const { namespace, name } = identityOf(pod);
  const doubts = new DoubtCollector({ kind: pod.kind, namespace, name }, found);
  const addresses = readAddresses(pod, doubts);
  return {
    name: `${namespace}/${name}`,
    namespace,
    labels: readLabels(pod.metadata?.labels, "metadata.labels", doubts),
    portNames: readPortNames(pod),
    addresses: addresses.length === 0 ? podAddresses : addresses,
    ownAddresses: addresses.filter(({ first, last }) => first === last),
    hostNetwork: readHostNetwork(pod, doubts),
  };
}

function readHostNetwork({ spec }: Pod, doubts: DoubtCollector): boolean {
  const hostNetwork = recordOf(spec)["hostNetwork"] ?? false;
  if (typeof hostNetwork !== "boolean") {
    doubts.add("spec.hostNetwork", hostNetwork, "is neither true nor false; it counts as true");
  }
  return hostNetwork !== false;
}

/** `podIP` is the first one of `podIPs`, and alone where there is no list. */
function readAddresses({ status }: Pod, doubts: DoubtCollector): AddressRange[] {
  const { podIP, podIPs } = recordOf(status);
  const listed = listOf(podIPs).map((element) => recordOf(element)["ip"]);
  const texts = new Set([podIP, ...listed].filter((text) => !isMissing(text) && text !== ""));
  return [...texts].flatMap((text) => {
    const address = typeof text === "string" ? parseAddress(text) : undefined;
    if (address === undefined) {
      doubts.add("status.podIP", text, "is no address in its plain form; it counts as any");
    }
    return address ?? everyAddressRange;
  });
}

/**
 * Containers and sidecars serve; other init containers are gone by then.
 * See FindPort in k8s.io/endpointslice/utils.go
 */
function readPortNames({ spec }: Pod): PortNames {
  const { containers, initContainers } = recordOf(spec);
  const sidecars = listOf(initContainers).filter(
    (container) => recordOf(container)["restartPolicy"] === "Always",
  );
  const numbers = new Map<string, number[]>();
  for (const container of [...listOf(containers), ...sidecars]) {
    for (const port of listOf(recordOf(container)["ports"])) {
      const { name, containerPort, protocol } = recordOf(port);
      if (typeof name === "string" && isPortNumber(containerPort)) {
        const key = portKey(typeof protocol === "string" ? protocol : "TCP", name);
        numbers.set(key, [...(numbers.get(key) ?? []), containerPort]);
      }
    }
  }
  return numbers;
}

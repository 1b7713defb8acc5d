import { type types } from "@pulumi/kubernetes";
import { namespaceNameLabel } from "../../core/labels";

type NetworkPolicyPeer = types.input.networking.v1.NetworkPolicyPeer;
type LabelSelector = types.input.meta.v1.LabelSelector;

/** The pods that have all the labels; without a label every pod. */
export function podSelector(labels: Readonly<Record<string, string>>): LabelSelector {
  return Object.keys(labels).length === 0 ? {} : { matchLabels: { ...labels } };
}

/**
 * Pods of one namespace. One peer selects the pods and the namespace together, as two peers would open
 * each of them alone. It selects the namespace by the one label that no user can forge.
 */
export function podPeer(
  namespace: string,
  labels: Readonly<Record<string, string>>,
): NetworkPolicyPeer {
  return {
    namespaceSelector: { matchLabels: { [namespaceNameLabel]: namespace } },
    podSelector: podSelector(labels),
  };
}

/** A range of addresses without some of them. */
export function addressPeer(cidr: string, except: readonly string[] = []): NetworkPolicyPeer {
  return { ipBlock: except.length === 0 ? { cidr } : { cidr, except: [...except] } };
}

/**
 * The items as they are: a network policy that lists no peer or no port opens all of them.
 *
 * @throws RangeError when there is no item.
 */
export function atLeastOne<Item>(items: readonly Item[], what: string): Item[] {
  if (items.length === 0) {
    throw new RangeError(`A network policy without ${what} would open all of them.`);
  }
  return [...items];
}

/** One node: what it is called and which addresses it has. */
export interface NodePlan {
  readonly name: string;
  /** Of the node itself, in the network that it shares with the API servers. */
  readonly address: string;
  /** Of its pods. */
  readonly podRange: string;
}

/** What joins the API servers and all nodes: a switch that ends in the network of the API servers. */
export const nodeNetwork = { prefixLength: 24, gateway: "10.200.0.1" };

/** Addresses of all pods; each node has a /24 of them. */
export const podRange = "10.244.0.0/16";

/** Addresses of services, as the API server gives them out. */
export const serviceRange = "10.96.0.0/16";

/** The service `kubernetes`, which is the first address of the range. */
export const kubernetesServiceAddress = "10.96.0.1";

/** The resolver of pods. */
export const clusterDnsAddress = "10.96.0.10";

/** The domain of the names of services. */
export const clusterDomain = "cluster.local";

const mostNodes = 9;

/** The address that nodes and pods find an API server at; 1 is the number of the first. */
export function apiServerAddress(number: number): string {
  return `10.200.0.${number}`;
}

/** Plans so many nodes; two sandboxes have the same addresses, each in networks of its own. */
export function planNodes(count: number): readonly NodePlan[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `node-${index + 1}`,
    address: `10.200.0.${index + 101}`,
    podRange: `10.244.${index + 1}.0/24`,
  }));
}

/** Whether a sandbox can have so many nodes. */
export function isNodeCount(count: number): boolean {
  return Number.isInteger(count) && count >= 0 && count <= mostNodes;
}

import { SandboxError } from "../errors";

/** The addresses of a cluster with nodes. */
export interface ClusterAddresses {
  /** Of pods: a range of 16 bits, of which each node has one of 24. */
  readonly pods: string;
  /** Of nodes: a range of 24 bits. */
  readonly nodes: string;
  /** Of API servers: a range of 24 bits. */
  readonly apiServers: string;
}

/** One node: what it is called and which addresses it has. */
export interface NodePlan {
  readonly name: string;
  /** Of the node itself. */
  readonly address: string;
  /** Of its pods. */
  readonly podRange: string;
  /** Of the pods of all nodes. */
  readonly clusterPodRange: string;
}

const defaultAddresses: ClusterAddresses = {
  pods: "10.244.0.0/16",
  nodes: "10.200.0.0/24",
  apiServers: "10.201.0.0/24",
};

/** Addresses of services, as the API server gives them out. */
export const serviceRange = "10.96.0.0/16";

/** The service `kubernetes`, which is the first address of the range. */
export const kubernetesServiceAddress = "10.96.0.1";

/** The resolver of pods. */
export const clusterDnsAddress = "10.96.0.10";

/** The domain of the names of services. */
export const clusterDomain = "cluster.local";

/** The port that API servers of clusters usually have. */
export const apiServerPort = 6443;

/** The port that etcd usually has. */
export const etcdPort = 2379;

const mostNodes = 9;

/**
 * The addresses of a cluster for which some or none are wanted.
 *
 * @throws SandboxError when one is no range of the size that is needed.
 */
export function clusterAddresses(wanted: Partial<ClusterAddresses> = {}): ClusterAddresses {
  const addresses = { ...defaultAddresses, ...wanted };
  requireRange("pods", addresses.pods, /^\d+\.\d+\.0\.0\/16$/);
  requireRange("nodes", addresses.nodes, /^\d+\.\d+\.\d+\.0\/24$/);
  requireRange("apiServers", addresses.apiServers, /^\d+\.\d+\.\d+\.0\/24$/);
  return addresses;
}

/** The address that nodes and pods find an API server at; 1 is the number of the first. */
export function apiServerAddress({ apiServers }: ClusterAddresses, number: number): string {
  return addressIn(apiServers, number);
}

/** Plans so many nodes; two sandboxes have the same addresses, each in networks of its own. */
export function planNodes(count: number, { nodes, pods }: ClusterAddresses): readonly NodePlan[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `node-${index + 1}`,
    address: addressIn(nodes, index + 101),
    podRange: pods.replace(".0.0/16", `.${index + 1}.0/24`),
    clusterPodRange: pods,
  }));
}

/** Whether a sandbox can have so many nodes. */
export function isNodeCount(count: number): boolean {
  return Number.isInteger(count) && count >= 0 && count <= mostNodes;
}

function addressIn(range: string, number: number): string {
  return range.replace(".0/24", `.${number}`);
}

function requireRange(whose: keyof ClusterAddresses, range: string, form: RegExp): void {
  if (!form.test(range)) {
    throw new SandboxError(
      `${range} cannot be the addresses of ${whose}. Give a range such as ${defaultAddresses[whose]}.`,
    );
  }
}

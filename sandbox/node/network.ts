import { runInside } from "./command";
import type { Namespaces } from "./namespaces";
import { apiServerAddress, type ClusterAddresses, type NodePlan } from "./nodePlan";

const bridge = "nodes";

/** Routers forward, and say of each packet that they refuse it, not of the first few only. */
const routerSettings = [
  "echo 1 > /proc/sys/net/ipv4/ip_forward",
  "echo 0 > /proc/sys/net/ipv4/icmp_ratelimit",
];

/** Gives the network of the API servers its addresses, and a switch that nodes are plugged into. */
export async function layOutNetwork(
  network: Namespaces,
  addresses: ClusterAddresses,
  apiServers: number,
): Promise<void> {
  const numbers = Array.from({ length: apiServers }, (_, index) => index + 1);
  await inside(network, [
    `ip link add ${bridge} type bridge`,
    ...numbers.map(
      (number) => `ip address add ${apiServerAddress(addresses, number)} dev ${bridge}`,
    ),
    `ip link set ${bridge} up`,
    `ip route add ${addresses.nodes} dev ${bridge}`,
    ...routerSettings,
  ]);
}

/**
 * Plugs a node into the switch. What it has no route for it sends to the network of the API servers,
 * as to a router; from there no route leads anywhere else.
 */
export async function plugIn(
  network: Namespaces,
  node: Namespaces,
  plan: NodePlan,
  gateway: string,
  others: readonly NodePlan[],
): Promise<void> {
  await inside(network, [
    `ip link add ${plan.name} type veth peer name eth0 netns ${node.keeper.record.pid}`,
    `ip link set ${plan.name} master ${bridge} up`,
    `ip route add ${plan.podRange} via ${plan.address} onlink dev ${bridge}`,
  ]);
  await inside(node, [
    `ip address add ${plan.address}/24 dev eth0`,
    "ip link set eth0 up",
    `ip route add default via ${gateway} onlink dev eth0`,
    ...others.map(({ podRange, address }) => `ip route add ${podRange} via ${address}`),
    ...routerSettings,
  ]);
}

async function inside({ enter }: Namespaces, commands: readonly string[]): Promise<void> {
  const script = ["sh", "-ec", commands.join("\n")];
  await runInside(enter, script, "The network of the nodes cannot be laid out");
}

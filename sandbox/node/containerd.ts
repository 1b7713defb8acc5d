import type { NodePlan } from "./nodePlan";
import { cniPlugins } from "./requirements";

/** Where the runtime listens, in the mounts of its node. */
export const containerdSocket = "/run/containerd/containerd.sock";

/**
 * The configuration of containerd, version 1.6 or newer.
 *
 * @param networkFolder holds the configuration of pods' network.
 */
export function containerdConfiguration(networkFolder: string, pauseImage: string): string {
  return `version = 2
root = "/var/lib/containerd"
state = "/run/containerd"

[grpc]
  address = "${containerdSocket}"

[plugins."io.containerd.internal.v1.opt"]
  path = "/var/lib/containerd/opt"

[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = ${text(pauseImage)}
  # The rest is for machines that are themselves a container or a small virtual machine.
  restrict_oom_score_adj = true
  disable_apparmor = true
  tolerate_missing_hugetlb_controller = true
  disable_hugetlb_controller = true

  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "${cniPlugins}"
    conf_dir = ${text(networkFolder)}
`;
}

/**
 * How pods are connected: each by a cable of its own to its node, which routes. On a bridge, traffic
 * between two pods would pass the node's packet filter only by way of a special module.
 */
export function podNetworkConfiguration(plan: NodePlan): object {
  const ipam = {
    type: "host-local",
    ranges: [[{ subnet: plan.podRange }]],
    routes: [{ dst: "0.0.0.0/0" }],
  };
  return {
    cniVersion: "0.4.0",
    name: "pods",
    plugins: [{ type: "ptp", ipMasq: false, ipam }],
  };
}

/** TOML's basic strings are written as JSON writes them. */
function text(value: string): string {
  return JSON.stringify(value);
}

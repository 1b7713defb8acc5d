import { type NodePlan } from "./nodePlan";

/** The configuration of kube-proxy: services are rules of iptables, on this node's network alone. */
export function kubeProxyConfiguration(plan: NodePlan, kubeconfigFile: string): object {
  return {
    apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
    kind: "KubeProxyConfiguration",
    mode: "iptables",
    hostnameOverride: plan.name,
    clientConnection: { kubeconfig: kubeconfigFile },
    clusterCIDR: plan.clusterPodRange,
    iptables: { minSyncPeriod: "0s" },
    // These sizes belong to the machine, not to a network.
    conntrack: {
      maxPerCore: 0,
      min: 0,
      tcpEstablishedTimeout: "0s",
      tcpCloseWaitTimeout: "0s",
    },
  };
}

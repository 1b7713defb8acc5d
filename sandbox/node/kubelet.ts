import { clusterDnsAddress, clusterDomain, type NodePlan } from "./nodePlan";
import { containerdSocket } from "./containerd";
import type { KeyPairFiles } from "../controlPlaneCertificates";

/** The files of one node's kubelet. */
export interface KubeletFiles {
  readonly configuration: string;
  readonly kubeconfig: string;
  readonly clientAuthority: string;
  readonly server: KeyPairFiles;
}

/** The configuration of the kubelet. It asks the API server who calls and what they may do. */
export function kubeletConfiguration(plan: NodePlan, files: KubeletFiles, cgroup: string): object {
  return {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    address: plan.address,
    readOnlyPort: 0,
    healthzPort: 0,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: files.clientAuthority },
    },
    authorization: { mode: "Webhook" },
    tlsCertFile: files.server.certificate,
    tlsPrivateKeyFile: files.server.key,
    containerRuntimeEndpoint: `unix://${containerdSocket}`,
    clusterDNS: [clusterDnsAddress],
    clusterDomain,
    // Pods that use their node's resolver have none: this node has none either.
    resolvConf: "",
    volumePluginDir: "/var/lib/kubelet/volume-plugins",
    cgroupRoot: cgroup,
    cgroupDriver: "cgroupfs",
    cgroupsPerQOS: false,
    enforceNodeAllocatable: [],
    failCgroupV1: false,
    failSwapOn: false,
    // The machine's own settings of the kernel are not the sandbox's: the kubelet may not write them.
    featureGates: { KubeletInUserNamespace: true },
    evictionHard: { "memory.available": "10Mi", "nodefs.available": "100Mi" },
    imageGCHighThresholdPercent: 100,
    // The defaults of 50 and 100 requests a second spare clusters with many nodes.
    kubeAPIQPS: 500,
    kubeAPIBurst: 500,
    shutdownGracePeriod: "0s",
  };
}

/** The command line of the kubelet. */
export function kubeletArguments(plan: NodePlan, files: KubeletFiles): readonly string[] {
  return [
    `--config=${files.configuration}`,
    `--kubeconfig=${files.kubeconfig}`,
    `--hostname-override=${plan.name}`,
    `--node-ip=${plan.address}`,
  ];
}

import { join } from "node:path";

import { KubernetesApi } from "secure-environment-kubernetes";

import { componentArguments } from "../componentArguments";
import { type ControlPlaneNetwork, serverWithin } from "../controlPlane";
import type { ControlPlaneCertificates } from "../controlPlaneCertificates";
import { SandboxError } from "../errors";
import { kubeconfigTextAt } from "../kubeconfig";
import { startPart, type StartingPart, waitUntil } from "../part";
import type { Enforcer } from "../pinnedModules";
import { type PartRecord, type StatePaths, writePrivateFile } from "../state";
import type { NodeTools } from "../toolchain";
import { writeUserKubeconfig } from "../users";
import { type Cgroup, createCgroup } from "./cgroup";
import { coreDnsObjects } from "./coreDns";
import { startForwarder } from "./forwarder";
import { enforcerObjects } from "./enforcers";
import { createNetwork, createNode, type Namespaces } from "./namespaces";
import { layOutNetwork, plugIn } from "./network";
import { nodeImages } from "./nodeImages";
import {
  apiServerAddress,
  apiServerPort,
  type ClusterAddresses,
  etcdPort,
  kubernetesServiceAddress,
  planNodes,
} from "./nodePlan";
import { startNode } from "./startNode";

/** The part that holds the network of the API servers. */
export const networkPart = "network";

/** The network that a control plane with nodes runs in. */
export interface NodeNetwork {
  readonly namespaces: Namespaces;
  readonly cgroup: Cgroup;
  readonly addresses: ClusterAddresses;
  readonly controlPlane: ControlPlaneNetwork;
}

export interface NodeNetworkOptions {
  readonly paths: StatePaths;
  /** The name of the control group for all processes. */
  readonly cgroup: string;
  readonly apiServers: number;
  readonly addresses: ClusterAddresses;
  readonly abort: AbortSignal;
  readonly onStarted: (record: PartRecord) => void;
}

/** Makes the network that the control plane runs in, with ways into it from the machine's loopback. */
export async function startNodeNetwork(options: NodeNetworkOptions): Promise<NodeNetwork> {
  const { paths, addresses, onStarted } = options;
  const cgroup = createCgroup(options.cgroup);
  const namespaces = await createNetwork(networkPart, { ...options, cgroup });
  await layOutNetwork(namespaces, addresses, options.apiServers);
  const numbers = Array.from({ length: options.apiServers }, (_, index) => index + 1);
  const apiServers = numbers.map((number) => ({
    host: apiServerAddress(addresses, number),
    port: apiServerPort,
  }));
  // One for etcd, which this process asks whether it is healthy.
  const targets = [{ host: "127.0.0.1", port: etcdPort }, ...apiServers];
  const { ports } = await startForwarder(namespaces, targets, paths, onStarted);
  const [etcd = 0, ...forwarded] = ports;
  const controlPlane = {
    enter: namespaces.enter,
    etcd: { port: etcdPort, forwarded: etcd },
    apiServers: apiServers.map(({ host, port }, index) => ({
      address: host,
      port,
      forwarded: forwarded[index] ?? 0,
    })),
    otherHosts: [kubernetesServiceAddress],
  };
  return { namespaces, cgroup, addresses, controlPlane };
}

export interface NodesOptions {
  readonly paths: StatePaths;
  readonly network: NodeNetwork;
  readonly tools: NodeTools;
  readonly enforcer: Enforcer;
  readonly certificates: ControlPlaneCertificates;
  readonly count: number;
  readonly abort: AbortSignal;
  readonly onStarted: (record: PartRecord) => void;
}

/**
 * Starts the scheduler, all nodes and the resolver of their pods, and waits until pods can run.
 *
 * @returns the names of the nodes.
 */
export async function startNodes(options: NodesOptions): Promise<readonly string[]> {
  const { paths, network, tools, abort } = options;
  const admin = new KubernetesApi(paths.adminKubeconfig);
  try {
    await createAll(admin, [kubeletClientBinding, ...enforcerObjects(options.enforcer)]);
    const server = serverWithin(network.controlPlane) ?? "";
    const scheduler = await startScheduler(options, server);
    const nodeOptions = { ...options, cgroup: network.cgroup, server, admin };
    const gateway = apiServerAddress(network.addresses, 1);
    const plans = planNodes(options.count, network.addresses);
    await Promise.all(
      plans.map(async (plan) => {
        const namespaces = await createNode(plan.name, nodeOptions);
        const others = plans.filter(({ name }) => name !== plan.name);
        await plugIn(network.namespaces, namespaces, plan, gateway, others);
        await startNode(plan, namespaces, nodeOptions);
      }),
    );
    await createAll(admin, coreDnsObjects(nodeImages(tools).coreDns.name));
    const deployment = "/apis/apps/v1/namespaces/kube-system/deployments/coredns";
    const isReady = async () =>
      (await admin.request<Deployment>("GET", deployment)).body.status?.readyReplicas === 1;
    await waitUntil("the resolver of pods is ready", isReady, [scheduler], abort);
    return plans.map(({ name }) => name);
  } finally {
    admin.close();
  }
}

interface Deployment {
  readonly status?: { readonly readyReplicas?: number };
}

async function startScheduler(
  { paths, network, tools, onStarted }: NodesOptions,
  server: string,
): Promise<StartingPart> {
  const user = await writeUserKubeconfig(paths, "system:kube-scheduler", []);
  const kubeconfig = join(paths.nodes, "kube-scheduler-kubeconfig.yaml");
  writePrivateFile(kubeconfig, kubeconfigTextAt(server, user));
  const { name, path } = tools.kubeScheduler;
  const { enter } = network.namespaces;
  return startPart(name, path, componentArguments(kubeconfig), paths, onStarted, { enter });
}

/** What lets the API server fetch logs from kubelets and run commands by them. */
const kubeletClientBinding: readonly [string, object] = [
  "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
  {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name: "kube-apiserver-kubelet-client" },
    roleRef: {
      apiGroup: "rbac.authorization.k8s.io",
      kind: "ClusterRole",
      name: "system:kubelet-api-admin",
    },
    subjects: [
      {
        apiGroup: "rbac.authorization.k8s.io",
        kind: "User",
        name: "kube-apiserver-kubelet-client",
      },
    ],
  },
];

async function createAll(
  admin: KubernetesApi,
  objects: readonly (readonly [path: string, object: object])[],
): Promise<void> {
  for (const [path, object] of objects) {
    const { status, body } = await admin.request<{ message?: string }>("POST", path, object);
    if (status !== 201) {
      throw new SandboxError(`The API server refuses what nodes need: ${body.message ?? status}`);
    }
  }
}

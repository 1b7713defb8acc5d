import { join } from "node:path";

import type { KubernetesApi } from "secure-environment-kubernetes";
import { stringify } from "yaml";

import type { ControlPlaneCertificates } from "../controlPlaneCertificates";
import { writeKeyPair } from "../controlPlaneCertificates";
import { kubeconfigTextAt } from "../kubeconfig";
import { startPart, type StartingPart, waitUntil } from "../part";
import type { Enforcer } from "../pinnedModules";
import { type PartRecord, type StatePaths, writePrivateFile } from "../state";
import type { NodeTools } from "../toolchain";
import { writeServiceAccountKubeconfig, writeUserKubeconfig } from "../users";
import { type Cgroup, podsCgroup } from "./cgroup";
import { isDone, runInside } from "./command";
import { containerdConfiguration, containerdSocket, podNetworkConfiguration } from "./containerd";
import { enforcements, enforcerNamespace } from "./enforcers";
import { kubeletArguments, kubeletConfiguration, type KubeletFiles } from "./kubelet";
import { kubeProxyConfiguration } from "./kubeProxy";
import type { Namespaces } from "./namespaces";
import { loadImage, nodeImages } from "./nodeImages";
import type { NodePlan } from "./nodePlan";

/** What a node is started with. */
export interface NodeOptions {
  readonly paths: StatePaths;
  readonly tools: NodeTools;
  readonly enforcer: Enforcer;
  readonly certificates: ControlPlaneCertificates;
  readonly cgroup: Cgroup;
  /** The address that nodes find the API server at. */
  readonly server: string;
  readonly admin: KubernetesApi;
  readonly abort: AbortSignal;
  readonly onStarted: (record: PartRecord) => void;
}

const tokenSeconds = 365 * 24 * 60 * 60;

/** Starts everything that runs on one node, and waits until pods can run there behind their walls. */
export async function startNode(
  plan: NodePlan,
  namespaces: Namespaces,
  options: NodeOptions,
): Promise<void> {
  const folder = join(options.paths.nodes, plan.name);
  const run = (tool: string, executable: string, programArguments: readonly string[]) => {
    const name = `${plan.name}-${tool}`;
    const { enter } = namespaces;
    return startPart(name, executable, programArguments, options.paths, options.onStarted, {
      enter,
    });
  };
  const containerd = await startContainerd(plan, folder, namespaces, options, run);
  const kubelet = await startKubelet(plan, folder, options, run);
  const parts = [namespaces.keeper, containerd, kubelet];
  const path = `/api/v1/nodes/${plan.name}`;
  const isRegistered = async () => (await options.admin.request("GET", path)).status === 200;
  await waitUntil(`${plan.name} is registered`, isRegistered, parts, options.abort);
  parts.push(await startKubeProxy(plan, folder, options, run));
  parts.push(await startEnforcer(plan, namespaces, options, run));
  const isReady = async () => isNodeReady((await options.admin.request<Node>("GET", path)).body);
  await waitUntil(`${plan.name} is ready`, isReady, parts, options.abort);
  const { check } = enforcements[options.enforcer];
  const isGuarded = () => isDone(namespaces.enter, check);
  await waitUntil(`${plan.name} enforces network policies`, isGuarded, parts, options.abort);
}

type Run = (
  tool: string,
  executable: string,
  programArguments: readonly string[],
) => Promise<StartingPart>;

async function startContainerd(
  plan: NodePlan,
  folder: string,
  { enter, keeper }: Namespaces,
  { paths, tools, abort }: NodeOptions,
  run: Run,
): Promise<StartingPart> {
  const networkFolder = join(folder, "cni");
  const images = nodeImages(tools);
  const configuration = join(folder, "containerd.toml");
  writePrivateFile(configuration, containerdConfiguration(networkFolder, images.pause.name));
  const network = JSON.stringify(podNetworkConfiguration(plan));
  writePrivateFile(join(networkFolder, "pods.conflist"), network);
  const part = await run("containerd", "containerd", [`--config=${configuration}`]);
  const client = ["ctr", `--address=${containerdSocket}`, "version"];
  const isReady = () => isDone(enter, client);
  await waitUntil(`containerd of ${plan.name} answers`, isReady, [keeper, part], abort);
  for (const image of Object.values(images)) {
    await loadImage(image, [enter], paths);
  }
  return part;
}

async function startKubelet(
  plan: NodePlan,
  folder: string,
  { paths, tools, certificates, cgroup, server }: NodeOptions,
  run: Run,
): Promise<StartingPart> {
  const request = { commonName: plan.name, hosts: [plan.name, plan.address] };
  const pair = await certificates.issueServerCertificate(request);
  const user = await writeUserKubeconfig(paths, `system:node:${plan.name}`, ["system:nodes"]);
  const files: KubeletFiles = {
    configuration: join(folder, "kubelet.yaml"),
    kubeconfig: join(folder, "kubelet-kubeconfig.yaml"),
    clientAuthority: certificates.clientAuthorityFile,
    server: writeKeyPair(folder, "kubelet-server", pair),
  };
  writePrivateFile(files.kubeconfig, kubeconfigTextAt(server, user));
  const configuration = kubeletConfiguration(plan, files, podsCgroup(cgroup));
  writePrivateFile(files.configuration, stringify(configuration));
  return run("kubelet", tools.kubelet.path, kubeletArguments(plan, files));
}

async function startKubeProxy(
  plan: NodePlan,
  folder: string,
  { paths, tools, server }: NodeOptions,
  run: Run,
): Promise<StartingPart> {
  const kubeconfig = join(folder, "kube-proxy-kubeconfig.yaml");
  const user = await writeUserKubeconfig(paths, "system:kube-proxy", []);
  writePrivateFile(kubeconfig, kubeconfigTextAt(server, user));
  const configuration = join(folder, "kube-proxy.yaml");
  writePrivateFile(configuration, stringify(kubeProxyConfiguration(plan, kubeconfig)));
  return run("kube-proxy", tools.kubeProxy.path, [`--config=${configuration}`]);
}

async function startEnforcer(
  plan: NodePlan,
  { enter }: Namespaces,
  { paths, tools, server, enforcer }: NodeOptions,
  run: Run,
): Promise<StartingPart> {
  const enforcement = enforcements[enforcer];
  const namespace = enforcerNamespace;
  const account = await writeServiceAccountKubeconfig(paths, namespace, enforcer, tokenSeconds);
  const kubeconfig = join(paths.nodes, plan.name, `${enforcer}-kubeconfig.yaml`);
  writePrivateFile(kubeconfig, kubeconfigTextAt(server, account));
  if (enforcement.preparation !== undefined) {
    const fault = `${plan.name} cannot be prepared for ${enforcer}`;
    await runInside(enter, enforcement.preparation, fault);
  }
  return run(enforcer, tools.enforcer.path, enforcement.arguments(plan, kubeconfig));
}

/** What a node says of itself, as far as it is asked. */
interface Node {
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

function isNodeReady(node: Node): boolean {
  const conditions = node.status?.conditions ?? [];
  return conditions.some(({ type, status }) => type === "Ready" && status === "True");
}

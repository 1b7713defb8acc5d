import { mkdirSync, rmSync } from "node:fs";
import { Agent, get } from "node:https";
import { join } from "node:path";

import {
  type ControlPlaneCertificates,
  createControlPlaneCertificates,
} from "./controlPlaneCertificates";
import { etcdArguments } from "./etcd";
import { auditPolicy, kubeApiServerArguments } from "./kubeApiServer";
import { type Access, kubeconfigText } from "./kubeconfig";
import { kubeControllerManagerArguments } from "./kubeControllerManager";
import { KubernetesApi } from "./kubernetesApi";
import { startPart, type StartingPart, waitUntil } from "./part";
import { onFreePort } from "./ports";
import { type PartRecord, type StatePaths, writePrivateFile } from "./state";
import type { Toolchain } from "./toolchain";
import { userAccess } from "./users";

/** What a control plane is started with. */
export interface ControlPlaneOptions {
  readonly paths: StatePaths;
  readonly toolchain: Toolchain;
  readonly extraAdmissionPlugins: readonly string[];
  readonly abort: AbortSignal;
  /** Told of every process right after it was started. */
  readonly onStarted: (record: PartRecord) => void;
}

interface Running {
  readonly port: number;
  readonly part: StartingPart;
}

/**
 * Starts etcd, the API server and the controller manager, and waits until all three do their work.
 * What was started is left running on failure; the caller ends it.
 *
 * @returns the address of the API server.
 */
export async function startControlPlane(options: ControlPlaneOptions): Promise<string> {
  const { paths, abort } = options;
  mkdirSync(paths.logs, { mode: 0o700 });
  const certificates = await createControlPlaneCertificates(paths.certificates);
  abort.throwIfAborted();

  const etcd = await onFreePort((port) => startEtcd(options, certificates, port));
  const apiServer = await onFreePort((port) => startApiServer(options, certificates, etcd, port));
  const parts = [etcd.part, apiServer.part];
  const admin = new KubernetesApi(paths.adminKubeconfig);
  try {
    const controllerManager = await startControllerManager(options, certificates, apiServer.port);
    const isDone = (path: string) => async () => (await admin.request("GET", path)).status === 200;
    const all = [...parts, controllerManager];
    await waitUntil("the API server is ready", isDone("/readyz"), all, abort);
    await waitUntil(
      "the controller manager has made the service account of the namespace default",
      isDone("/api/v1/namespaces/default/serviceaccounts/default"),
      all,
      abort,
    );
  } finally {
    admin.close();
  }
  return serverAddress(apiServer.port);
}

async function startEtcd(
  options: ControlPlaneOptions,
  certificates: ControlPlaneCertificates,
  port: number,
): Promise<Running> {
  const { paths, toolchain, onStarted, abort } = options;
  rmSync(paths.etcdData, { recursive: true, force: true });
  const commandLine = etcdArguments(paths, certificates, port);
  const part = await startPart("etcd", toolchain.etcd.path, commandLine, paths, onStarted);
  await waitUntil("etcd is healthy", () => isEtcdHealthy(port, certificates), [part], abort);
  return { port, part };
}

async function startApiServer(
  options: ControlPlaneOptions,
  certificates: ControlPlaneCertificates,
  etcd: Running,
  port: number,
): Promise<Running> {
  const { paths, toolchain, onStarted, abort } = options;
  const auditPolicyFile = join(paths.root, "audit-policy.yaml");
  writePrivateFile(auditPolicyFile, auditPolicy);
  await writeKubeconfig(paths.adminKubeconfig, certificates, port, "admin", ["system:masters"]);
  const commandLine = kubeApiServerArguments({
    paths,
    certificates,
    port,
    etcdPort: etcd.port,
    auditPolicyFile,
    extraAdmissionPlugins: options.extraAdmissionPlugins,
  });
  const executable = toolchain.kubeApiServer.path;
  const part = await startPart("kube-apiserver", executable, commandLine, paths, onStarted);
  const admin = new KubernetesApi(paths.adminKubeconfig);
  try {
    const isLive = async () => (await admin.request("GET", "/livez")).status === 200;
    await waitUntil("the API server answers", isLive, [etcd.part, part], abort);
  } finally {
    admin.close();
  }
  return { port, part };
}

async function startControllerManager(
  { paths, toolchain, onStarted }: ControlPlaneOptions,
  certificates: ControlPlaneCertificates,
  apiServerPort: number,
): Promise<StartingPart> {
  const user = "system:kube-controller-manager";
  const kubeconfig = join(paths.kubeconfigs, "controller-manager.yaml");
  await writeKubeconfig(kubeconfig, certificates, apiServerPort, user, []);
  const { name, path } = toolchain.kubeControllerManager;
  const commandLine = kubeControllerManagerArguments(certificates, kubeconfig);
  return startPart(name, path, commandLine, paths, onStarted);
}

async function writeKubeconfig(
  path: string,
  certificates: ControlPlaneCertificates,
  port: number,
  user: string,
  groups: readonly string[],
): Promise<void> {
  const server = serverAddress(port);
  const authority = certificates.serverAuthority;
  const access: Access = await userAccess(
    { server, authority },
    certificates.clientAuthority,
    user,
    groups,
  );
  writePrivateFile(path, kubeconfigText(access, user));
}

function serverAddress(port: number): string {
  return `https://127.0.0.1:${port}`;
}

function isEtcdHealthy(port: number, certificates: ControlPlaneCertificates): Promise<boolean> {
  const agent = new Agent({
    ca: certificates.etcdAuthority,
    cert: certificates.etcdClient.certificate,
    key: certificates.etcdClient.key,
  });
  return new Promise((resolve) => {
    get(`https://127.0.0.1:${port}/health`, { agent }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    }).on("error", () => resolve(false));
  });
}

import { mkdirSync, rmSync } from "node:fs";
import { Agent, get } from "node:https";
import { join } from "node:path";

import { KubernetesApi } from "secure-environment-kubernetes";

import {
  type ControlPlaneCertificates,
  createControlPlaneCertificates,
} from "./controlPlaneCertificates";
import { etcdArguments } from "./etcd";
import { auditPolicy, kubeApiServerArguments } from "./kubeApiServer";
import { type UserAccess, kubeconfigText, readKubeconfig } from "./kubeconfig";
import { kubeControllerManagerArguments } from "./kubeControllerManager";
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
  readonly extraApiServerArguments: readonly string[];
  readonly extraControllerManagerArguments: readonly string[];
  readonly apiServers: number;
  /** Where it runs, when not in the machine's own network. */
  readonly network?: ControlPlaneNetwork;
  readonly abort: AbortSignal;
  /** Told of every process right after it was started. */
  readonly onStarted: (record: PartRecord) => void;
}

/** A network for a control plane that nodes are to reach. */
export interface ControlPlaneNetwork {
  /** What a command line begins with so that the program runs in it. */
  readonly enter: readonly string[];
  /** Its loopback ports that the machine's own loopback ports of the same numbers lead to. */
  readonly etcdPort: number;
  readonly apiServers: readonly {
    readonly port: number;
    /** The address that nodes and pods find it at. */
    readonly address: string;
  }[];
  /** What the API servers answer to on top, for their certificate. */
  readonly otherHosts: readonly string[];
}

/** A control plane that does its work. */
export interface ControlPlane {
  /** The addresses of the API servers. */
  readonly servers: readonly string[];
  readonly certificates: ControlPlaneCertificates;
}

interface Running {
  readonly port: number;
  readonly part: StartingPart;
}

/** One of the API servers that share one etcd, and an administrator's way into it. */
interface RunningApiServer extends Running {
  readonly kubeconfig: string;
}

/**
 * Starts etcd, the API servers and the controller manager, and waits until all do their work. What
 * was started is left running on failure; the caller ends it.
 */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const { paths, network, abort } = options;
  mkdirSync(paths.logs, { recursive: true, mode: 0o700 });
  const otherHosts = network?.apiServers.map(({ address }) => address).concat(network.otherHosts);
  const certificates = await createControlPlaneCertificates(paths.certificates, otherHosts);
  abort.throwIfAborted();

  const startOnPort = (port: number) => startEtcd(options, certificates, port);
  const etcd = await (network === undefined
    ? onFreePort(startOnPort)
    : startOnPort(network.etcdPort));
  const apiServers = await startApiServers(options, certificates, etcd);
  const controllerManager = await startControllerManager(options, certificates);
  const parts = [etcd.part, ...apiServers.map(({ part }) => part), controllerManager];
  for (const { kubeconfig } of apiServers) {
    await untilFound("the API server is ready", "/readyz", kubeconfig, parts, abort);
  }
  await untilFound(
    "the controller manager has made the service account of the namespace default",
    "/api/v1/namespaces/default/serviceaccounts/default",
    paths.adminKubeconfig,
    parts,
    abort,
  );
  return { servers: apiServers.map(({ port }) => serverAddress(port)), certificates };
}

/** Starts one process where the control plane runs. */
function startHere(
  { paths, network, onStarted }: ControlPlaneOptions,
  name: string,
  executable: string,
  commandLine: readonly string[],
): Promise<StartingPart> {
  const { enter } = network ?? {};
  return startPart(name, executable, commandLine, paths, onStarted, { enter });
}

async function startEtcd(
  options: ControlPlaneOptions,
  certificates: ControlPlaneCertificates,
  port: number,
): Promise<Running> {
  const { paths, toolchain, abort } = options;
  rmSync(paths.etcdData, { recursive: true, force: true });
  const commandLine = etcdArguments(paths, certificates, port);
  const part = await startHere(options, "etcd", toolchain.etcd.path, commandLine);
  await waitUntil("etcd is healthy", () => isEtcdHealthy(port, certificates), [part], abort);
  return { port, part };
}

/** Starts one API server after the other: the first one alone fills the empty etcd. */
async function startApiServers(
  options: ControlPlaneOptions,
  certificates: ControlPlaneCertificates,
  etcd: Running,
): Promise<readonly RunningApiServer[]> {
  const { paths } = options;
  writePrivateFile(paths.auditPolicy, auditPolicy);
  const apiServers: RunningApiServer[] = [];
  for (let number = 1; number <= options.apiServers; number++) {
    const start = (port: number) => startApiServer(options, certificates, etcd, number, port);
    const port = options.network?.apiServers[number - 1]?.port;
    apiServers.push(await (port === undefined ? onFreePort(start) : start(port)));
  }
  return apiServers;
}

async function startApiServer(
  options: ControlPlaneOptions,
  certificates: ControlPlaneCertificates,
  etcd: Running,
  number: number,
  port: number,
): Promise<RunningApiServer> {
  const { paths, toolchain, network, abort } = options;
  const suffix = number === 1 ? "" : `-${number}`;
  const kubeconfig = paths.adminKubeconfig.replace(/\.yaml$/, `${suffix}.yaml`);
  await writeKubeconfig(kubeconfig, certificates, serverAddress(port), "admin", ["system:masters"]);
  const commandLine = kubeApiServerArguments({
    certificates,
    bindAddress: network === undefined ? "127.0.0.1" : "0.0.0.0",
    // Without nodes no client connects to it: it is one of those set aside for documentation.
    advertiseAddress: network?.apiServers[number - 1]?.address ?? `192.0.2.${number}`,
    port,
    etcdPort: etcd.port,
    auditPolicyFile: paths.auditPolicy,
    auditLog: paths.auditLog.replace(/\.jsonl$/, `${suffix}.jsonl`),
    extraAdmissionPlugins: options.extraAdmissionPlugins,
    extraArguments: options.extraApiServerArguments,
  });
  const executable = toolchain.kubeApiServer.path;
  const name = `kube-apiserver${suffix}`;
  const part = await startHere(options, name, executable, commandLine);
  const parts = [etcd.part, part];
  await untilFound("the API server answers", "/livez", kubeconfig, parts, abort);
  return { port, part, kubeconfig };
}

/** Waits until an administrator gets something at a path of the API server of a kubeconfig. */
async function untilFound(
  what: string,
  path: string,
  kubeconfig: string,
  parts: readonly StartingPart[],
  abort: AbortSignal,
): Promise<void> {
  const admin = new KubernetesApi(kubeconfig);
  try {
    const isFound = async () => (await admin.request("GET", path)).status === 200;
    await waitUntil(what, isFound, parts, abort);
  } finally {
    admin.close();
  }
}

async function startControllerManager(
  options: ControlPlaneOptions,
  certificates: ControlPlaneCertificates,
): Promise<StartingPart> {
  const { paths, toolchain } = options;
  const user = "system:kube-controller-manager";
  const kubeconfig = join(paths.kubeconfigs, "controller-manager.yaml");
  const { server } = readKubeconfig(paths.adminKubeconfig);
  await writeKubeconfig(kubeconfig, certificates, server, user, []);
  const { name, path } = toolchain.kubeControllerManager;
  const commandLine = kubeControllerManagerArguments(
    certificates,
    kubeconfig,
    options.extraControllerManagerArguments,
  );
  return startHere(options, name, path, commandLine);
}

async function writeKubeconfig(
  path: string,
  certificates: ControlPlaneCertificates,
  server: string,
  user: string,
  groups: readonly string[],
): Promise<void> {
  const authority = certificates.serverAuthority;
  const access: UserAccess = await userAccess(
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

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
  readonly etcd: ForwardedPort;
  readonly apiServers: readonly (ForwardedPort & {
    /** The address that nodes and pods find it at. */
    readonly address: string;
  })[];
  /** What the API servers answer to on top, for their certificate. */
  readonly otherHosts: readonly string[];
}

/** A port of a network that is reached from the machine's own, too. */
export interface ForwardedPort {
  readonly port: number;
  /** The port of the machine's loopback address that leads to it. */
  readonly forwarded: number;
}

/** A control plane that does its work. */
export interface ControlPlane {
  /** The addresses of the API servers. */
  readonly servers: readonly string[];
  readonly certificates: ControlPlaneCertificates;
}

interface Running {
  readonly port: ForwardedPort;
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

  const startOnPort = (port: ForwardedPort) => startEtcd(options, certificates, port);
  const etcd = await onItsPort(network?.etcd, startOnPort);
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
  return { servers: apiServers.map(({ port }) => serverAddress(port.forwarded)), certificates };
}

/** In a network of its own a part has the port that is set aside for it, else one that is free. */
function onItsPort<Result>(
  setAside: ForwardedPort | undefined,
  start: (port: ForwardedPort) => Promise<Result>,
): Promise<Result> {
  return setAside === undefined
    ? onFreePort((port) => start({ port, forwarded: port }))
    : start(setAside);
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
  port: ForwardedPort,
): Promise<Running> {
  const { paths, toolchain, abort } = options;
  rmSync(paths.etcdData, { recursive: true, force: true });
  const commandLine = etcdArguments(paths, certificates, port.port);
  const part = await startHere(options, "etcd", toolchain.etcd.path, commandLine);
  await waitUntil(
    "etcd is healthy",
    () => isEtcdHealthy(port.forwarded, certificates),
    [part],
    abort,
  );
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
    const start = (port: ForwardedPort) =>
      startApiServer(options, certificates, etcd, number, port);
    apiServers.push(await onItsPort(options.network?.apiServers[number - 1], start));
  }
  return apiServers;
}

async function startApiServer(
  options: ControlPlaneOptions,
  certificates: ControlPlaneCertificates,
  etcd: Running,
  number: number,
  port: ForwardedPort,
): Promise<RunningApiServer> {
  const { paths, toolchain, network, abort } = options;
  const suffix = number === 1 ? "" : `-${number}`;
  const kubeconfig = paths.adminKubeconfig.replace(/\.yaml$/, `${suffix}.yaml`);
  const server = serverAddress(port.forwarded);
  await writeKubeconfig(kubeconfig, certificates, server, "admin", ["system:masters"]);
  const address = network?.apiServers[number - 1]?.address;
  const commandLine = kubeApiServerArguments({
    certificates,
    bindAddress: address ?? "127.0.0.1",
    // Without nodes no client connects to it: it is one of those set aside for documentation.
    advertiseAddress: address ?? `192.0.2.${number}`,
    port: port.port,
    etcdPort: etcd.port.port,
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
  const { paths, toolchain, network } = options;
  const user = "system:kube-controller-manager";
  const kubeconfig = join(paths.kubeconfigs, "controller-manager.yaml");
  const server = serverWithin(network) ?? readKubeconfig(paths.adminKubeconfig).server;
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

/** The first API server of a control plane in a network of its own, for all who are in it. */
export function serverWithin(network: ControlPlaneNetwork | undefined): string | undefined {
  const [first] = network?.apiServers ?? [];
  return first && `https://${first.address}:${first.port}`;
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

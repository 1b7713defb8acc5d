import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { realpathSync } from "node:fs";
import { delimiter } from "node:path";

import { startControlPlane } from "./controlPlane";
import { withDamageNamed } from "./damage";
import { requireRoom, roomFor, withFullDiskNamed } from "./disk";
import { prepareEngine } from "./engine";
import { SandboxError } from "./errors";
import { interruptible } from "./interruption";
import { logTail } from "./part";
import { cgroupNamed, removeCgroup } from "./node/cgroup";
import { enterNetwork, enterNode } from "./node/namespaces";
import { loadImage, probeImageName } from "./node/nodeImages";
import {
  networkPart,
  type NodeNetwork,
  type NodeNetworkOptions,
  startNodeNetwork,
  startNodes,
} from "./node/nodes";
import { type ClusterAddresses, clusterAddresses, isNodeCount } from "./node/nodePlan";
import { requireNode } from "./node/requirements";
import { endProcesses, isRunning } from "./processes";
import { defaultEnforcer, type Enforcer } from "./pinnedModules";
import { type Report, type Reporter, toReporter } from "./reporter";
import {
  claimStateFolder,
  type PartRecord,
  readRecord,
  removeStateFolder,
  type StatePaths,
  statePaths,
  type StateRecord,
  type ToolDescription,
  updateRecord,
} from "./state";
import type { Tool } from "./toolCache";
import { findOrBuildToolchain, type Toolchain, toolsOf } from "./toolchain";
import { writeKubeconfigAt, writeServiceAccountKubeconfig, writeUserKubeconfig } from "./users";

export interface SandboxOptions {
  /** A new or empty folder that everything of the sandbox goes into. */
  readonly stateDirectory: string;
  /** Admission plugins on top of the default ones, such as `AlwaysPullImages`. Default none. */
  readonly extraAdmissionPlugins?: readonly string[];
  /** Arguments of the API server on top of the usual ones, such as `--max-requests-inflight=20`. */
  readonly extraApiServerArguments?: readonly string[];
  /** Arguments of the controller manager that replace the usual ones, such as `--kube-api-qps=20`. */
  readonly extraControllerManagerArguments?: readonly string[];
  /** How many API servers share the one etcd. Default 1. */
  readonly apiServers?: number;
  /** How many nodes there are for pods to run on; 0 to 9, and more than 0 on Linux as root only. Default 0. */
  readonly nodes?: number;
  /** What enforces network policies on nodes; built when it is first asked for. Default kube-router. */
  readonly enforcer?: Enforcer;
  /**
   * Addresses of a cluster with nodes, which are not the machine's: no route joins the two. Default
   * 10.244.0.0/16 for pods, 10.200.0.0/24 for nodes, 10.201.0.0/24 for API servers.
   */
  readonly addresses?: Partial<ClusterAddresses>;
  /** Is told what is done. Default silence. */
  readonly report?: Report;
}

/** How a command ended, and what it wrote. */
export interface ExecResult {
  /** `null` when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ExecOptions {
  readonly cwd?: string;
  /** On top of the environment of this process and of the sandbox. */
  readonly env?: Readonly<Record<string, string>>;
  /** Ends the command at once when it fires. */
  readonly signal?: AbortSignal;
}

/** A running control plane, and a Pulumi engine that works with it. */
export interface Sandbox {
  readonly stateDirectory: string;
  /** The kubeconfig of an administrator. */
  readonly kubeconfig: string;
  /** What a command needs in order to work with this sandbox, on top of this process's own. */
  readonly environment: Readonly<Record<string, string>>;
  /** Addresses of all API servers. Everything here that names only one names the first. */
  readonly servers: readonly string[];
  /** The names of the nodes. */
  readonly nodes: readonly string[];
  /** A file with one JSON audit event a line for each request of the first API server. */
  readonly auditLog: string;
  /** All programs that take part, and where they came from. */
  readonly tools: readonly ToolDescription[];
  /**
   * The image, on every node, of a program that listens, asks for packets and waits.
   *
   * @throws SandboxError when there is no node.
   */
  probeImage(): string;
  /** Writes a kubeconfig for a user in some groups and returns its path. */
  userKubeconfig(user: string, groups: readonly string[]): Promise<string>;
  /** Writes a kubeconfig with a token of one hour and returns its path. */
  serviceAccountKubeconfig(namespace: string, name: string): Promise<string>;
  /** Writes a kubeconfig once more, for another one of the API servers, and returns its path. */
  kubeconfigAt(server: string, kubeconfig: string): string;
  /**
   * Packs a folder or one static program into a container image and gives it to all nodes.
   *
   * @param name such as `probe:v1`; pods name it so, with `imagePullPolicy` IfNotPresent or Never.
   */
  loadImage(source: string, name: string): Promise<void>;
  /**
   * What a command line begins with so that it runs on a node, or, without a name, in the network of
   * the API servers, which for pods is everything outside of the cluster.
   */
  enter(node?: string): readonly string[];
  /** Runs a command with the environment of this sandbox. */
  exec(command: string, args: readonly string[], options?: ExecOptions): Promise<ExecResult>;
}

/** One process of a control plane, and whether it still runs. */
export interface PartStatus extends PartRecord {
  readonly running: boolean;
  /** The last lines of its log when it does not run. */
  readonly lastLines?: string;
}

/** What stands in a state folder. */
export interface SandboxStatus {
  readonly stateDirectory: string;
  /** Whether all parts run. */
  readonly running: boolean;
  /** Addresses of the API servers; none until they are ready. */
  readonly servers: readonly string[];
  readonly kubeconfig: string;
  /** The names of the nodes; none until they are ready. */
  readonly nodes: readonly string[];
  readonly parts: readonly PartStatus[];
  readonly tools: readonly ToolDescription[];
}

/**
 * Starts a control plane and lays out a Pulumi engine. Ends and removes all of it again when it
 * does not succeed or is interrupted.
 *
 * @throws SandboxError when one is there already, something is missing, or a part does not start.
 */
export function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  return interruptible(async (abort) => {
    const paths = claimStateFolder(options.stateDirectory);
    try {
      return await start(paths, options, abort);
    } catch (error) {
      // Before the end makes room.
      const fault = abort.aborted ? error : withFullDiskNamed(error, paths.root);
      await endAndRemove(paths);
      throw fault;
    }
  });
}

/**
 * Opens a sandbox that was started before, by whichever process.
 *
 * @throws SandboxError when none runs there; it names the part that has ended.
 */
export function openSandbox(stateDirectory: string): Promise<Sandbox> {
  return Promise.resolve(stateDirectory).then(openNow);
}

function openNow(stateDirectory: string): Sandbox {
  const status = sandboxStatus(stateDirectory);
  const ended = status.parts.find((part) => !part.running);
  if (ended !== undefined) {
    throw new SandboxError(
      `The sandbox in ${status.stateDirectory} does not work any more: ${ended.name} has ended. ` +
        `Clear it away with \`sandbox down\`. Its last lines:\n${ended.lastLines ?? ""}`,
    );
  }
  if (!status.running) {
    throw new SandboxError(`The sandbox in ${status.stateDirectory} is not ready yet.`);
  }
  const paths = statePaths(status.stateDirectory);
  return sandboxOf(paths, requireRecord(paths));
}

/**
 * Ends a sandbox and removes its state folder. A folder where nothing is, is fine.
 *
 * @throws SandboxError when the folder is not one of a sandbox, or one is just being started there.
 */
export async function stopSandbox(stateDirectory: string): Promise<void> {
  const paths = existingPaths(stateDirectory);
  if (paths === undefined) {
    return;
  }
  const record = requireRecord(paths);
  if (record.phase === "starting" && isRunning(record.starter)) {
    throw new SandboxError(
      `Process ${record.starter.pid} is just starting a sandbox in ${paths.root}. End it first.`,
    );
  }
  await endAndRemove(paths);
}

/**
 * Says which parts of a sandbox run.
 *
 * @throws SandboxError when the folder is not one of a sandbox.
 */
export function sandboxStatus(stateDirectory: string): SandboxStatus {
  const paths = statePaths(stateDirectory);
  const record = requireRecord(paths);
  const parts = record.parts.map((part) => ({ ...part, ...partState(part) }));
  return {
    stateDirectory: paths.root,
    running: record.phase === "running" && parts.every((part) => part.running),
    servers: record.servers,
    kubeconfig: paths.adminKubeconfig,
    nodes: record.nodes,
    parts,
    tools: record.tools,
  };
}

async function start(
  paths: StatePaths,
  options: SandboxOptions,
  abort: AbortSignal,
): Promise<Sandbox> {
  const reporter = toReporter(options.report);
  const nodes = requireNodeCount(options.nodes ?? 0);
  const addresses = clusterAddresses(options.addresses);
  const { enforcer = defaultEnforcer } = options;
  if (nodes > 0) {
    await requireNode(paths.root, enforcer);
  }
  requireRoom(paths.root, roomFor(nodes));
  const wanted = { node: nodes > 0, enforcer };
  const toolchain = await findOrBuildToolchain(reporter, abort, wanted);
  return startWith(toolchain, {
    paths,
    options,
    nodes,
    enforcer,
    addresses,
    reporter,
    abort,
  }).catch(async (error: unknown) => {
    throw abort.aborted ? error : await withDamageNamed(error, toolsOf(toolchain));
  });
}

/** What a sandbox is started with once all is there that it needs. */
interface Start {
  readonly paths: StatePaths;
  readonly options: SandboxOptions;
  readonly nodes: number;
  readonly enforcer: Enforcer;
  readonly addresses: ClusterAddresses;
  readonly reporter: Reporter;
  readonly abort: AbortSignal;
}

async function startWith(
  toolchain: Toolchain,
  { paths, options, nodes, enforcer, addresses, reporter, abort }: Start,
): Promise<Sandbox> {
  const engine = await prepareEngine(paths, toolchain);
  const { etcd, kubeApiServer, kubeControllerManager, pulumi } = toolchain;
  const programs = [etcd, kubeApiServer, kubeControllerManager, pulumi];
  const nodeTools = Object.values<Tool>({ ...toolchain.node });
  const tools = [...programs, ...nodeTools].map(withoutPath).concat(engine.plugins);
  updateRecord(paths, { tools });

  const onStarted = (part: PartRecord) => updateRecord(paths, { parts: withPart(paths, part) });
  const apiServers = options.apiServers ?? 1;
  const network =
    nodes > 0 ? await startNetwork({ paths, apiServers, addresses, abort, onStarted }) : undefined;
  reporter.progress("Starting etcd, the API server and the controller manager");
  const { servers, certificates } = await startControlPlane({
    paths,
    toolchain,
    extraAdmissionPlugins: options.extraAdmissionPlugins ?? [],
    extraApiServerArguments: options.extraApiServerArguments ?? [],
    extraControllerManagerArguments: options.extraControllerManagerArguments ?? [],
    apiServers,
    network: network?.controlPlane,
    abort,
    onStarted,
  });
  if (network !== undefined && toolchain.node !== undefined) {
    reporter.progress("Starting the scheduler and what runs on a node");
    const nodeOptions = { paths, network, certificates, enforcer, count: nodes };
    const started = { tools: toolchain.node, abort, onStarted };
    updateRecord(paths, { nodes: await startNodes({ ...nodeOptions, ...started }) });
  }
  const environment = { KUBECONFIG: paths.adminKubeconfig, ...engine.environment };
  updateRecord(paths, { phase: "running", servers, environment });
  reporter.line(`The API server is ready at ${servers.join(", ")}.`);
  return sandboxOf(paths, requireRecord(paths));
}

function requireNodeCount(nodes: number): number {
  if (!isNodeCount(nodes)) {
    throw new SandboxError(`A sandbox has 0 to 9 nodes, and not ${nodes}.`);
  }
  return nodes;
}

/** Writes down how all processes will be found before it starts the first of them. */
function startNetwork(options: Omit<NodeNetworkOptions, "cgroup">): Promise<NodeNetwork> {
  const cgroup = `secure-environment-sandbox-${randomBytes(6).toString("hex")}`;
  updateRecord(options.paths, { cgroup });
  return startNodeNetwork({ ...options, cgroup });
}

/** A part that is started again on another port takes the place of its earlier try. */
function withPart(paths: StatePaths, part: PartRecord): readonly PartRecord[] {
  const others = requireRecord(paths).parts.filter(({ name }) => name !== part.name);
  return [...others, part];
}

function withoutPath({ name, version, source }: ToolDescription): ToolDescription {
  return { name, version, source };
}

function sandboxOf(paths: StatePaths, record: StateRecord): Sandbox {
  const searchPath = [paths.binaries, process.env.PATH].filter(Boolean).join(delimiter);
  const environment = { PATH: searchPath, ...record.environment };
  return {
    stateDirectory: paths.root,
    kubeconfig: paths.adminKubeconfig,
    environment,
    servers: record.servers,
    nodes: record.nodes,
    auditLog: paths.auditLog,
    tools: record.tools,
    probeImage: () => probeImageOf(record),
    userKubeconfig: (user, groups) => writeUserKubeconfig(paths, user, groups),
    serviceAccountKubeconfig: (namespace, name) =>
      writeServiceAccountKubeconfig(paths, namespace, name),
    kubeconfigAt: (server, kubeconfig) => writeKubeconfigAt(paths, server, kubeconfig),
    loadImage: (source, name) =>
      loadImage(
        { path: source, name },
        requireNodes(record).map((node) => enter(record, node)),
        paths,
      ),
    enter: (node) => enter(record, node),
    exec: (command, args, options) => execute(command, args, environment, options),
  };
}

/** The nodes of a sandbox that has some. */
function requireNodes({ nodes }: StateRecord): readonly string[] {
  if (nodes.length === 0) {
    throw withoutNode();
  }
  return nodes;
}

function probeImageOf({ tools }: StateRecord): string {
  const probe = tools.find(({ name }) => name === "probe");
  if (probe === undefined) {
    throw withoutNode();
  }
  return probeImageName(probe.version);
}

function withoutNode(): SandboxError {
  return new SandboxError("This sandbox has no node. Start one with `sandbox up --node`.");
}

function enter(record: StateRecord, node: string | undefined): readonly string[] {
  const nodes = requireNodes(record);
  if (node !== undefined && !nodes.includes(node)) {
    throw new SandboxError(`There is no node ${node}. There is ${nodes.join(", ")}.`);
  }
  const keeper = record.parts.find(({ name }) => name === (node ?? networkPart))?.pid ?? 0;
  const cgroup = cgroupNamed(record.cgroup ?? "");
  return node === undefined ? enterNetwork(keeper, cgroup) : enterNode(keeper, cgroup);
}

function execute(
  command: string,
  commandArguments: readonly string[],
  environment: Readonly<Record<string, string>>,
  { cwd, env, signal }: ExecOptions = {},
): Promise<ExecResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, commandArguments, {
      cwd,
      env: { ...process.env, ...environment, ...env },
      signal,
      killSignal: "SIGKILL",
      stdio: ["ignore", "pipe", "pipe"],
    });
    const output = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output.stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
    child.once("error", reject);
    child.once("close", (exitCode, endSignal) =>
      resolve({ exitCode, signal: endSignal, ...output }),
    );
  });
}

function partState(part: PartRecord): Pick<PartStatus, "running" | "lastLines"> {
  return isRunning(part) ? { running: true } : { running: false, lastLines: logTail(part.logFile) };
}

async function endAndRemove(paths: StatePaths): Promise<void> {
  const record = readRecord(paths.root);
  // Nothing of a sandbox outlives it, so its parts need not put anything in order first.
  await endProcesses(record?.parts ?? []);
  if (record?.cgroup !== undefined) {
    await removeCgroup(record.cgroup);
  }
  removeStateFolder(paths);
}

function existingPaths(stateDirectory: string): StatePaths | undefined {
  try {
    return statePaths(realpathSync(stateDirectory));
  } catch {
    return undefined;
  }
}

function requireRecord(paths: StatePaths): StateRecord {
  const record = readRecord(paths.root);
  if (record === undefined) {
    throw new SandboxError(
      `There is no sandbox in ${paths.root}. Start one with \`sandbox up\`, or name its folder.`,
    );
  }
  return record;
}

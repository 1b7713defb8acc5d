import { mkdirSync } from "node:fs";
import { cpus, homedir } from "node:os";
import { join } from "node:path";

import { BuildProgress } from "./buildProgress";
import { SandboxError } from "./errors";
import { findOnPath, isExecutable } from "./executables";
import { buildModule } from "./goBuild";
import { requireGo } from "./goInstallation";
import { installedPlugin } from "./installedPlugins";
import { interruptible } from "./interruption";
import { withLock } from "./lock";
import {
  binaryNames,
  controlPlaneModule,
  defaultEnforcer,
  engineModule,
  kubernetesProviderModule,
  kubernetesProviderName,
  type Enforcer,
  nodeModulesWith,
  type PinnedModule,
} from "./pinnedModules";
import { duration, type Report, type Reporter, toReporter } from "./reporter";
import { cachedTools, cacheFolder, printedVersion, type Tool } from "./toolCache";

/** All programs that a sandbox runs, apart from those of Pulumi's plugins that are small. */
export interface Toolchain {
  readonly etcd: Tool;
  readonly kubeApiServer: Tool;
  readonly kubeControllerManager: Tool;
  readonly pulumi: Tool;
  /** Missing where a full installation of Pulumi gets it by itself as soon as it is needed. */
  readonly kubernetesProvider?: Tool;
  /** Missing unless a node was asked for. */
  readonly node?: NodeTools;
}

/** What a sandbox with a node runs on top. */
export interface NodeTools {
  readonly kubelet: Tool;
  readonly kubeProxy: Tool;
  readonly kubeScheduler: Tool;
  /** What enforces network policies. */
  readonly enforcer: Tool;
  readonly coreDns: Tool;
  readonly probe: Tool;
}

export interface ToolchainOptions {
  /** Whether to have what a node needs, too. Default false. */
  readonly node?: boolean;
  /** What is to enforce network policies on nodes. Default kube-router. */
  readonly enforcer?: Enforcer;
}

/** All tools of a toolchain. */
export function toolsOf(toolchain: Toolchain): readonly Tool[] {
  const { etcd, kubeApiServer, kubeControllerManager, pulumi } = toolchain;
  const { kubernetesProvider, node } = toolchain;
  return [
    ...[etcd, kubeApiServer, kubeControllerManager, pulumi],
    ...(kubernetesProvider === undefined ? [] : [kubernetesProvider]),
    ...(node === undefined ? [] : Object.values<Tool>({ ...node })),
  ];
}

/**
 * Finds the programs of a sandbox, or builds them once from pinned Go modules into a cache of this
 * user: the control plane in the folder that `KUBEBUILDER_ASSETS` names, Pulumi on the PATH when it
 * is there together with its Node.js language host, and Pulumi's provider for Kubernetes on the PATH
 * or among the plugins of this user.
 *
 * @param report is told what is done and how far it is; default silence.
 * @throws SandboxError when something is missing that this function cannot get.
 */
export function ensureToolchain(report?: Report, options?: ToolchainOptions): Promise<Toolchain> {
  return interruptible((abort) => findOrBuildToolchain(report, abort, options));
}

/** As `ensureToolchain`, for callers that take care of interruption themselves. */
export async function findOrBuildToolchain(
  report: Report | undefined,
  abort: AbortSignal,
  options: ToolchainOptions = {},
): Promise<Toolchain> {
  const enforcer = options.enforcer ?? defaultEnforcer;
  const installed = {
    controlPlane: await installedControlPlane(),
    engine: await installedEngine(),
    kubernetesProvider: await installedPlugin(kubernetesProviderName),
  };
  const pinned = [
    ...(installed.controlPlane === undefined ? [controlPlaneModule] : []),
    ...(installed.engine === undefined ? [engineModule] : []),
    ...(installed.engine === undefined && installed.kubernetesProvider === undefined
      ? [kubernetesProviderModule]
      : []),
    ...(options.node ? nodeModulesWith(enforcer) : []),
  ];
  const built = await builtTools(pinned, cacheDirectory(), toReporter(report), abort);
  const tools = [...(installed.controlPlane ?? []), ...(installed.engine ?? []), ...built];
  return {
    etcd: toolNamed("etcd", tools),
    kubeApiServer: toolNamed("kube-apiserver", tools),
    kubeControllerManager: toolNamed("kube-controller-manager", tools),
    pulumi: toolNamed("pulumi", tools),
    kubernetesProvider:
      installed.kubernetesProvider ?? built.find(({ name }) => name === kubernetesProviderName),
    node: options.node ? nodeToolsOf(built, enforcer) : undefined,
  };
}

function nodeToolsOf(built: readonly Tool[], enforcer: Enforcer): NodeTools {
  return {
    kubelet: toolNamed("kubelet", built),
    kubeProxy: toolNamed("kube-proxy", built),
    kubeScheduler: toolNamed("kube-scheduler", built),
    enforcer: toolNamed(enforcer, built),
    coreDns: toolNamed("coredns", built),
    probe: toolNamed("probe", built),
  };
}

/**
 * Finds the programs of pinned modules in a cache, or builds them there. Of several processes that
 * need the same ones, one builds and the others wait; an interrupted build leaves nothing.
 *
 * @throws SandboxError when Go is missing or too old, the disk too full, or a build fails.
 */
export async function builtTools(
  modules: readonly PinnedModule[],
  cache: string,
  reporter: Reporter,
  abort: AbortSignal,
): Promise<readonly Tool[]> {
  const failed = new AbortController();
  const stop = AbortSignal.any([abort, failed.signal]);
  const progress = new BuildProgress(reporter);
  let announced: Promise<string> | undefined;
  const announce = (): Promise<string> => {
    const isMissing = (module: PinnedModule) =>
      cachedTools(cacheFolder(cache, module), module) === undefined;
    return (announced ??= announceBuild(modules.filter(isMissing), cache, reporter));
  };
  // Side by side: each has large packages that keep but one core busy.
  const builds = modules.map(async (module) => {
    const folder = cacheFolder(cache, module);
    const find = () => cachedTools(folder, module);
    const build = async (): Promise<readonly Tool[]> => {
      const go = await announce();
      const began = Date.now();
      await buildModule(go, module, folder, progress, stop);
      reporter.line(`Built ${binaryNames([module])} in ${duration(Date.now() - began)}.`);
      return find() ?? [];
    };
    return find() ?? (await onceAtATime(folder, find, build, reporter, stop));
  });
  for (const build of builds) {
    build.catch((error: unknown) => failed.abort(error));
  }
  await Promise.allSettled(builds);
  abort.throwIfAborted();
  failed.signal.throwIfAborted();
  return (await Promise.all(builds)).flat();
}

function onceAtATime(
  folder: string,
  find: () => readonly Tool[] | undefined,
  build: () => Promise<readonly Tool[]>,
  reporter: Reporter,
  abort: AbortSignal,
): Promise<readonly Tool[]> {
  mkdirSync(join(folder, ".."), { recursive: true });
  return withLock(`${folder}.lock`, async () => find() ?? (await build()), {
    abort,
    onWait: ({ pid, host }, waited) =>
      reporter.progress(
        `Waiting for process ${pid} on ${host}, which builds the same (${duration(waited)})`,
      ),
  });
}

/** Checks that all that is missing can be built, and says what that takes. */
async function announceBuild(
  missing: readonly PinnedModule[],
  cache: string,
  reporter: Reporter,
): Promise<string> {
  const go = await requireGo(missing, cache);
  const sum = (values: readonly number[]) => values.reduce((left, right) => left + right, 0);
  const [least, most] = [0, 1].map((end) => sum(missing.map(({ minutes }) => minutes[end] ?? 0)));
  const gigabytes = sum(missing.map((module) => module.gigabytes));
  reporter.line(
    `First build of ${binaryNames(missing)} from pinned Go modules into ${cache}: about ${least} ` +
      `to ${most} minutes on 2 cores (this machine has ${cpus().length}) and ${gigabytes} GB of ` +
      "disk, most of it Go's own cache. Later starts reuse it.",
  );
  return go;
}

/**
 * The tool of this name.
 *
 * @throws SandboxError when it is not among them.
 */
export function toolNamed(name: string, tools: readonly Tool[]): Tool {
  const tool = tools.find((candidate) => candidate.name === name);
  if (tool === undefined) {
    throw new SandboxError(`${name} is missing right after it was built. Try again.`);
  }
  return tool;
}

/** The folder of this user that built programs are kept in. */
export function cacheDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  const base = environment.XDG_CACHE_HOME || join(homedir(), ".cache");
  return join(base, "secure-environment-sandbox");
}

async function installedControlPlane(): Promise<readonly Tool[] | undefined> {
  const directory = process.env.KUBEBUILDER_ASSETS;
  if (!directory) {
    return undefined;
  }
  const missing = controlPlaneModule.binaries
    .map(({ name }) => name)
    .filter((name) => !isExecutable(join(directory, name)));
  if (missing.length > 0) {
    throw new SandboxError(
      `KUBEBUILDER_ASSETS is ${directory}, which lacks ${missing.join(" and ")}. Put it there in ` +
        "the version of the others, or unset KUBEBUILDER_ASSETS so that all of them are built.",
    );
  }
  return foundTools(controlPlaneModule, (name) => join(directory, name));
}

async function installedEngine(): Promise<readonly Tool[] | undefined> {
  const pulumi = findOnPath("pulumi");
  const isFullInstallation = findOnPath("pulumi-language-nodejs") !== undefined;
  return pulumi !== undefined && isFullInstallation
    ? foundTools(engineModule, () => pulumi)
    : undefined;
}

function foundTools(
  module: PinnedModule,
  pathOf: (name: string) => string,
): Promise<readonly Tool[]> {
  return Promise.all(
    module.binaries.map(async ({ name, versionArguments }) => {
      const path = pathOf(name);
      const version = await printedVersion(path, versionArguments);
      return { name, version, source: `found at ${path}`, path };
    }),
  );
}

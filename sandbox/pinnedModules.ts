import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { SandboxError } from "./errors";

/** One program that is built from a pinned Go module. */
export interface PinnedBinary {
  /** Name of the executable. */
  readonly name: string;
  /** The Go package of its `main`. */
  readonly package: string;
  /** The module that the package and the version come from. */
  readonly module: string;
  /** What makes the program print its version. */
  readonly versionArguments: readonly string[];
}

/** A Go module file of ours that pins, with checksums, all that some programs are built from. */
export interface PinnedModule {
  readonly name: string;
  readonly directory: string;
  readonly binaries: readonly PinnedBinary[];
  /** The linker's variables that carry a version, filled from the pinned one. */
  readonly linkerVariables: (versionOf: (module: string) => string) => Record<string, string>;
  /** The least and the most minutes that a build with nothing cached takes on two cores. */
  readonly minutes: readonly [number, number];
  /** How much a build with nothing cached writes, mostly into Go's own cache. */
  readonly gigabytes: number;
}

const toolchainDirectory = resolve(__dirname, "..", "toolchain");

const kubernetes = "k8s.io/kubernetes";
const pulumi = "github.com/pulumi/pulumi/pkg/v3";
const etcd = "go.etcd.io/etcd/server/v3";
/** The executable of Pulumi's provider for Kubernetes. */
export const kubernetesProviderName = "pulumi-resource-kubernetes";

const kubernetesProvider = "github.com/pulumi/pulumi-kubernetes/provider/v4";

export const controlPlaneModule: PinnedModule = {
  name: "control-plane",
  directory: join(toolchainDirectory, "control-plane"),
  binaries: [
    { name: "etcd", package: etcd, module: etcd, versionArguments: ["--version"] },
    ...["kube-apiserver", "kube-controller-manager"].map(kubernetesBinary),
  ],
  linkerVariables: (versionOf) => kubernetesVariables(versionOf(kubernetes)),
  minutes: [4, 6],
  gigabytes: 4,
};

export const engineModule: PinnedModule = {
  name: "engine",
  directory: join(toolchainDirectory, "engine"),
  binaries: [
    {
      name: "pulumi",
      package: `${pulumi}/cmd/pulumi`,
      module: pulumi,
      versionArguments: ["version"],
    },
  ],
  linkerVariables: (versionOf) => ({
    "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": versionOf(pulumi),
  }),
  minutes: [3, 5],
  gigabytes: 3,
};

/** The real provider, by a `main` of ours: that of its own module embeds files that no proxy serves. */
export const kubernetesProviderModule: PinnedModule = {
  name: "kubernetes-provider",
  directory: join(toolchainDirectory, "kubernetes-provider"),
  binaries: [
    {
      name: kubernetesProviderName,
      package: ".",
      module: kubernetesProvider,
      versionArguments: ["--version"],
    },
  ],
  linkerVariables: (versionOf) => ({ "main.version": versionOf(kubernetesProvider).slice(1) }),
  minutes: [5, 6],
  gigabytes: 4,
};

const helm = "helm.sh/helm/v4";

/** Helm, for those who deploy into a sandbox with it. No sandbox needs it to run. */
export const helmModule: PinnedModule = {
  name: "helm",
  directory: join(toolchainDirectory, "helm"),
  binaries: [
    { name: "helm", package: `${helm}/cmd/helm`, module: helm, versionArguments: ["version"] },
  ],
  linkerVariables: (versionOf) => ({ [`${helm}/internal/version.version`]: versionOf(helm) }),
  minutes: [2, 6],
  gigabytes: 2,
};

const kubectl = "k8s.io/kubectl";

/** kubectl, by a `main` of ours: Kubernetes' own needs all of Kubernetes. No sandbox needs it to run. */
export const kubectlModule: PinnedModule = {
  name: "kubectl",
  directory: join(toolchainDirectory, "kubectl"),
  binaries: [
    {
      name: "kubectl",
      package: ".",
      module: kubectl,
      versionArguments: ["version", "--client"],
    },
  ],
  // Its module is released as v0 of what Kubernetes releases as v1.
  linkerVariables: (versionOf) => kubernetesVariables(versionOf(kubectl).replace(/^v0/, "v1")),
  minutes: [1, 3],
  gigabytes: 1,
};

const kubeRouter = "github.com/cloudnativelabs/kube-router/v2";
const kubeNetworkPolicies = "sigs.k8s.io/kube-network-policies";
const coreDns = "github.com/coredns/coredns";

/** What a node runs of Kubernetes itself, and the scheduler, which has nothing to do without one. */
export const nodeModule: PinnedModule = {
  name: "node",
  directory: join(toolchainDirectory, "node"),
  binaries: ["kubelet", "kube-proxy", "kube-scheduler"].map(kubernetesBinary),
  linkerVariables: (versionOf) => kubernetesVariables(versionOf(kubernetes)),
  minutes: [2, 6],
  gigabytes: 2,
};

/** What enforces network policies, by a `main` of ours: that of its own module links its router too. */
export const kubeRouterModule: PinnedModule = {
  name: "kube-router",
  directory: join(toolchainDirectory, "kube-router"),
  binaries: [
    { name: "kube-router", package: ".", module: kubeRouter, versionArguments: ["--version"] },
  ],
  linkerVariables: (versionOf) => ({ "main.version": versionOf(kubeRouter) }),
  minutes: [1, 2],
  gigabytes: 1,
};

/**
 * What enforces network policies in another way, by a `main` of ours: that of its own module takes the
 * kubeconfig of a pod alone. Built where it is asked for.
 */
export const kubeNetworkPoliciesModule: PinnedModule = {
  name: "kube-network-policies",
  directory: join(toolchainDirectory, "kube-network-policies"),
  binaries: [
    {
      name: "kube-network-policies",
      package: ".",
      module: kubeNetworkPolicies,
      versionArguments: ["--version"],
    },
  ],
  linkerVariables: (versionOf) => ({ "main.version": versionOf(kubeNetworkPolicies) }),
  minutes: [1, 3],
  gigabytes: 1,
};

const enforcerModules = {
  "kube-router": kubeRouterModule,
  "kube-network-policies": kubeNetworkPoliciesModule,
};

/** What can enforce network policies on the nodes of a sandbox. */
export type Enforcer = keyof typeof enforcerModules;

export const enforcers = Object.keys(enforcerModules) as readonly Enforcer[];

export const defaultEnforcer: Enforcer = "kube-router";

/** The resolver of pods, by a `main` of ours: that of its own module links the clients of clouds. */
export const coreDnsModule: PinnedModule = {
  name: "coredns",
  directory: join(toolchainDirectory, "coredns"),
  binaries: [{ name: "coredns", package: ".", module: coreDns, versionArguments: ["--version"] }],
  linkerVariables: () => ({}),
  minutes: [1, 2],
  gigabytes: 1,
};

/** A program of ours that asks and answers over the network; pods' first process is it, too. */
export const probeModule: PinnedModule = {
  name: "probe",
  directory: resolve(toolchainDirectory, "..", "node", "probe"),
  binaries: [
    { name: "probe", package: ".", module: "sandbox/probe", versionArguments: ["--version"] },
  ],
  linkerVariables: () => ({}),
  minutes: [0, 1],
  gigabytes: 1,
};

/** All that is built for a node, on top of what every sandbox needs. */
export function nodeModulesWith(enforcer: Enforcer): readonly PinnedModule[] {
  return [nodeModule, enforcerModules[enforcer], coreDnsModule, probeModule];
}

/** What is built for a node unless another enforcer of network policies is asked for. */
export const nodeModules = nodeModulesWith(defaultEnforcer);

/** What `go build` is always given, so that the result depends on the module files alone. */
export function buildFlags(module: PinnedModule): readonly string[] {
  const goMod = readFileSync(join(module.directory, "go.mod"), "utf8");
  const variables = module.linkerVariables((name) => pinnedVersion(goMod, name));
  const assignments = Object.entries(variables).map(([name, value]) => `-X ${name}=${value}`);
  return [
    "-mod=readonly",
    "-trimpath",
    "-buildvcs=false",
    // The linker strips debugging information, so none is made: a first build is shorter by a tenth.
    "-gcflags=all=-dwarf=false",
    `-ldflags=${["-s -w", ...assignments].join(" ")}`,
  ];
}

/**
 * Names everything that a build's result depends on, except the Go release: a newer one within what
 * the module file allows is no reason to build again.
 */
export function moduleKey(module: PinnedModule): string {
  const hash = createHash("sha256");
  sourceFiles(module).forEach((file) => hash.update(readFileSync(join(module.directory, file))));
  const names = module.binaries.map((binary) => binary.package);
  hash.update(JSON.stringify([process.platform, process.arch, names, buildFlags(module)]));
  return hash.digest("hex").slice(0, 16);
}

/** The files of ours that a build reads. */
function sourceFiles({ directory }: PinnedModule): readonly string[] {
  const programs = readdirSync(directory).filter((name) => name.endsWith(".go"));
  return ["go.mod", "go.sum", ...programs.sort()];
}

/**
 * The day of a version that names a commit instead of a release, such as `v4.0.0-20260115033456-…`;
 * its number says nothing about its age.
 * See https://go.dev/ref/mod#pseudo-versions
 */
export function sourceDate(version: string): string | undefined {
  const [, year, month, day] = /[.-](\d{4})(\d{2})(\d{2})\d{6}-[0-9a-f]{12}$/.exec(version) ?? [];
  return year && `${year}-${month}-${day}`;
}

/** The version that a go.mod file requires of a module. */
export function pinnedVersion(goMod: string, module: string): string {
  const words = goMod.split("\n").map((line) =>
    line
      .trim()
      .replace(/^require /, "")
      .split(" "),
  );
  const version = words.find(([name]) => name === module)?.[1];
  if (version === undefined) {
    throw new SandboxError(`The module file pins no version of ${module}.`);
  }
  return version;
}

/** The least Go release that a go.mod file asks for. */
export function requiredGo(module: PinnedModule): string {
  const goMod = readFileSync(join(module.directory, "go.mod"), "utf8");
  return /^go (\S+)$/m.exec(goMod)?.[1] ?? "";
}

/** The names of all programs of some modules, for people. */
export function binaryNames(modules: readonly PinnedModule[]): string {
  return modules.flatMap((module) => module.binaries.map((binary) => binary.name)).join(", ");
}

function kubernetesBinary(name: string): PinnedModule["binaries"][number] {
  return {
    name,
    package: `${kubernetes}/cmd/${name}`,
    module: kubernetes,
    versionArguments: ["--version"],
  };
}

function kubernetesVariables(version: string): Record<string, string> {
  const [major = "", minor = ""] = version.slice(1).split(".");
  const variables = { gitVersion: version, gitMajor: major, gitMinor: minor };
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [
      `k8s.io/component-base/version.${name}`,
      value,
    ]),
  );
}

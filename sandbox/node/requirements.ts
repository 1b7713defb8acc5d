import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";

import { messageOf, SandboxError } from "../errors";
import { findOnPath } from "../executables";
import { hierarchies, isWritable, missingControllers } from "./controllers";
import { defaultEnforcer, type Enforcer } from "../pinnedModules";
import { queueFirstPackets } from "./enforcers";
import { hiddenFolders } from "./namespaces";
import { searchPath } from "./searchPath";

/** Where Debian puts the plugins of `containernetworking-plugins`. */
export const cniPlugins = "/usr/lib/cni";

/** Programs that a node takes from the machine, by the Debian package that brings them. */
const programs: Readonly<Record<string, readonly string[]>> = {
  containerd: ["containerd", "containerd-shim-runc-v2", "ctr"],
  runc: ["runc"],
  "containernetworking-plugins": ["ptp", "host-local", "loopback"].map(
    (name) => `${cniPlugins}/${name}`,
  ),
  iptables: ["iptables", "iptables-save", "iptables-restore"],
  ipset: ["ipset"],
  iproute2: ["ip"],
  "util-linux": ["nsenter", "unshare", "setpriv"],
  mount: ["mount"],
};

/** What a node asks of the kernel, tried in namespaces that end with the try. */
const kernelFeatures: Readonly<Record<string, string>> = {
  bridges: "ip link add sandbox-a type bridge",
  "veth devices": "ip link add sandbox-b type veth peer name sandbox-c",
  "iptables' nat table": "iptables -t nat -A POSTROUTING -j MASQUERADE",
  "iptables' conntrack match": "iptables -A FORWARD -m conntrack --ctstate NEW -j ACCEPT",
  "iptables' addrtype match": "iptables -A INPUT -m addrtype --dst-type LOCAL -j ACCEPT",
  "iptables' comment match": "iptables -A INPUT -m comment --comment sandbox -j ACCEPT",
  "iptables' limit match": "iptables -A INPUT -m limit --limit 10/minute -j ACCEPT",
  "iptables' multiport match": "iptables -A INPUT -p tcp -m multiport --dports 1,2 -j ACCEPT",
  "iptables' physdev match": "iptables -A FORWARD -m physdev --physdev-is-bridged -j ACCEPT",
  "iptables' DNAT": "iptables -t nat -A OUTPUT -p tcp -j DNAT --to-destination 127.0.0.1:1",
  "iptables' statistic match": "iptables -A FORWARD -m statistic --mode random --probability 0.5",
  "iptables' mark": "iptables -A FORWARD -m mark --mark 1 -j MARK --set-xmark 0x1/0x1",
  "iptables' REJECT": "iptables -A FORWARD -j REJECT",
  "iptables' NFLOG": "iptables -A FORWARD -j NFLOG --nflog-group 100",
  "sets of addresses":
    "ipset create sandbox hash:ip && iptables -A FORWARD -m set --match-set sandbox src -j ACCEPT",
  "overlay file systems":
    "mount -t tmpfs tmpfs /mnt && mkdir /mnt/u /mnt/w && " +
    "mount -t overlay -o lowerdir=/etc,upperdir=/mnt/u,workdir=/mnt/w overlay /etc",
};

/** What an enforcer of network policies asks of the kernel on top. */
const featuresOfEnforcers: Readonly<Record<Enforcer, Readonly<Record<string, string>>>> = {
  "kube-router": {},
  "kube-network-policies": { "iptables' NFQUEUE": queueFirstPackets.join(" ") },
};

/** Why this machine cannot run a node, and how to change that; nothing where it can. */
export async function nodeObstacle(stateDirectory: string): Promise<string | undefined> {
  try {
    await requireNode(stateDirectory);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

/**
 * Makes sure that this machine can run a node, before anything is built or started.
 *
 * @throws SandboxError that names all that is missing, and how to get it.
 */
export async function requireNode(
  stateDirectory: string,
  enforcer: Enforcer = defaultEnforcer,
): Promise<void> {
  if (process.platform !== "linux") {
    throw new SandboxError(`A node needs Linux, and this machine runs ${process.platform}.`);
  }
  if (process.getuid?.() !== 0) {
    throw new SandboxError("A node needs root. Run the same command as root, or without --node.");
  }
  requirePackages(missingPackages());
  const hidden = hiddenFolders.find((folder) => stateDirectory.startsWith(`${folder}/`));
  if (hidden !== undefined) {
    throw new SandboxError(
      `A node has a ${hidden} of its own, so its state folder cannot be ${stateDirectory}. ` +
        "Name a folder elsewhere with --state.",
    );
  }
  requireControlGroups();
  await requireKernel({ ...kernelFeatures, ...featuresOfEnforcers[enforcer] });
}

/**
 * Makes sure that processes can be found and bounded.
 *
 * @throws SandboxError that names what cannot be.
 */
function requireControlGroups(): void {
  const all = hierarchies();
  const missing = missingControllers(all);
  if (missing.length > 0) {
    throw new SandboxError(
      `A node needs control groups for ${missing.join(", ")}, which are not mounted below ` +
        `/sys/fs/cgroup. Mount them, or run the same command without --node.`,
    );
  }
  const readOnly = all.find((hierarchy) => !isWritable(hierarchy));
  if (readOnly !== undefined) {
    throw new SandboxError(
      `A node needs to make control groups, and ${readOnly.folder} cannot be written into. ` +
        "In a container, give it the control groups of its machine, or leave --node out.",
    );
  }
}

/** The Debian packages that this machine lacks for a node. */
export function missingPackages(
  isThere: (program: string) => boolean = isInstalled,
): readonly string[] {
  return Object.entries(programs)
    .filter(([, names]) => !names.every(isThere))
    .map(([name]) => name);
}

/**
 * Refuses to go on without these packages.
 *
 * @throws SandboxError when there is any.
 */
export function requirePackages(missing: readonly string[]): void {
  if (missing.length > 0) {
    const names = missing.join(" ");
    throw new SandboxError(
      `A node needs programs that this machine lacks. Install them, on Debian or Ubuntu with:  ` +
        `apt-get install --yes --no-install-recommends ${names}`,
    );
  }
}

function isInstalled(program: string): boolean {
  return program.startsWith("/")
    ? existsSync(program)
    : findOnPath(program, searchPath()) !== undefined;
}

async function requireKernel(features: Readonly<Record<string, string>>): Promise<void> {
  const tries = Object.entries(features).map(
    ([name, command]) => `(${command}) >/dev/null 2>&1 || echo "${name}"`,
  );
  const unshare = ["--net", "--mount", "--pid", "--fork", "--ipc", "--uts", "--mount-proc"];
  const options = { env: { ...process.env, PATH: searchPath() } };
  const script = ["set -u", ...tries].join("\n");
  const { stdout } = await promisify(execFile)(
    "unshare",
    [...unshare, "sh", "-c", script],
    options,
  ).catch((error: { stderr?: string; message: string }) => {
    const reason = (error.stderr ?? error.message).trim().split("\n").at(-1);
    throw new SandboxError(
      `A node needs namespaces, which this machine refuses: ${reason}. Leave --node out here.`,
    );
  });
  const missing = stdout.trim().split("\n").filter(Boolean);
  if (missing.length > 0) {
    throw new SandboxError(
      `A node needs what this machine's kernel does not have: ${missing.join(", ")}. ` +
        "Load the modules that bring it, or run the same command without --node.",
    );
  }
}

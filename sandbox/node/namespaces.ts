import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { startPart, type StartingPart, waitUntil } from "../part";
import type { PartRecord, StatePaths } from "../state";
import type { Cgroup } from "./cgroup";
import { searchPath } from "./searchPath";

/**
 * Namespaces of the kernel that a process of ours holds. They have no name in the file system: they
 * end, with every network device, address, rule, mount and process in them, when that process does.
 */
export interface Namespaces {
  /** What a command line begins with so that the program runs in them. */
  readonly enter: readonly string[];
  readonly keeper: StartingPart;
}

export interface KeeperOptions {
  readonly paths: StatePaths;
  readonly cgroup: Cgroup;
  readonly abort: AbortSignal;
  readonly onStarted: (record: PartRecord) => void;
}

const readyLine = "The namespaces are ready.";

const networkScript = `set -e
ip link set lo up
echo "${readyLine}"
exec sleep infinity
`;

/** Settings of the machine's kernel that a kubelet insists on; it is shown files in their place. */
const kubeletSettings = [
  ...["vm/overcommit_memory", "vm/panic_on_oom", "kernel/panic", "kernel/panic_on_oops"],
  ...["kernel/keys/root_maxkeys", "kernel/keys/root_maxbytes"],
];

/**
 * The first process of a node. What its programs write goes into its own folder, which lies at the
 * usual places for them, or into memory that ends with it; of the kernel's settings they may change
 * those of its network only. As the first process it takes in what lost its parent.
 */
const nodeScript = `set -e
hostname "$1"
ip link set lo up
mount -t tmpfs -o mode=755 tmpfs /run
mkdir /run/network-settings /run/var-lib /run/var-lib-work
mount -t overlay -o lowerdir=/var/lib,upperdir=/run/var-lib,workdir=/run/var-lib-work overlay /var/lib
mount -t tmpfs -o mode=755 tmpfs /var/log
for place in lib/kubelet lib/containerd log/pods; do
  mkdir -p "/var/$place" "$2/$place"
  mount --bind "$2/$place" "/var/$place"
done
mount --bind /proc/sys/net /run/network-settings
mount --bind /proc/sys /proc/sys
mount -o remount,bind,ro /proc/sys
mount --bind /run/network-settings /proc/sys/net
for setting in ${kubeletSettings.join(" ")}; do
  mkdir -p "/run/settings/\${setting%/*}"
  cat "/proc/sys/$setting" >"/run/settings/$setting"
  mount --bind "/run/settings/$setting" "/proc/sys/$setting"
done
mount --make-rshared /
echo "${readyLine}"
while true; do sleep 3600 & wait $!; done
`;

/** Folders of the machine that a node has its own of. */
export const hiddenFolders = ["/run", "/var/run", "/var/lib", "/var/log"];

/** Makes a network of its own that has nothing but loopback. */
export async function createNetwork(name: string, options: KeeperOptions): Promise<Namespaces> {
  const keeper = await keep(name, ["--net", "sh", "-c", networkScript], options);
  return { enter: enterNetwork(keeper.record.pid, options.cgroup), keeper };
}

/** Makes the namespaces of a node: a network, mounts, processes, a name. */
export async function createNode(name: string, options: KeeperOptions): Promise<Namespaces> {
  const folder = join(options.paths.nodes, name);
  const kinds = ["--net", "--mount", "--ipc", "--uts", "--pid", "--kill-child", "--mount-proc"];
  const script = ["sh", "-c", nodeScript, "sh", name, folder];
  const keeper = await keep(name, [...kinds, ...script], options);
  return { enter: enterNode(keeper.record.pid, options.cgroup), keeper };
}

/** What a command line begins with so that it runs in the network that a process holds. */
export function enterNetwork(keeper: number, cgroup: Cgroup): readonly string[] {
  return [...inCgroup(cgroup), "nsenter", `--net=/proc/${keeper}/ns/net`, "--"];
}

/** What a command line begins with so that it runs on the node that a process holds. */
export function enterNode(keeper: number, cgroup: Cgroup): readonly string[] {
  const files = { net: "net", mount: "mnt", ipc: "ipc", uts: "uts", pid: "pid_for_children" };
  const kinds = Object.entries(files).map(([kind, name]) => `--${kind}=/proc/${keeper}/ns/${name}`);
  // `nsenter` waits outside for what it starts inside, which has to end with it.
  const withParent = ["setpriv", "--pdeathsig=KILL", "--"];
  return [...inCgroup(cgroup), "nsenter", ...kinds, "--", ...withParent];
}

/** Joins the control group, and becomes the command that follows. */
function inCgroup({ joinFile }: Cgroup): readonly string[] {
  const join = 'echo $$ >"$0" && exec "$@"';
  return ["env", `PATH=${searchPath()}`, "sh", "-c", join, joinFile];
}

/** Starts `unshare`, and what it begins in namespaces of its own. */
async function keep(
  name: string,
  command: readonly string[],
  { paths, cgroup, abort, onStarted }: KeeperOptions,
): Promise<StartingPart> {
  mkdirSync(paths.logs, { recursive: true, mode: 0o700 });
  const enter = inCgroup(cgroup);
  const keeper = await startPart(name, "unshare", command, paths, onStarted, { enter });
  const logFile = join(paths.logs, `${name}.log`);
  const isReady = () => Promise.resolve(readFileSync(logFile, "utf8").includes(readyLine));
  await waitUntil(`the namespaces of ${name} are ready`, isReady, [keeper], abort);
  return keeper;
}

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** What a sandbox with a node could leave on a machine, as far as another one does not change it. */
export function traces(stateDirectory: string) {
  return {
    processes: processesWith(stateDirectory),
    mounts: lines("/proc/self/mounts"),
    networkNamespaces: namedNetworks(),
    addresses: run("ip", "-oneline", "address"),
    routes: run("ip", "route", "show", "table", "all"),
    rules: run("iptables-save").filter((line) => !line.startsWith("#")),
    sets: run("ipset", "list", "-name"),
    settings: settings.map((name) => readFileSync(`/proc/sys/${name}`, "utf8")),
  };
}

const settings = ["kernel/panic", "kernel/panic_on_oops", "vm/overcommit_memory"].concat(
  "net/ipv4/ip_forward",
);

/** Numbers of processes that carry a text in their command line. */
export function processesWith(text: string): readonly string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => readIfThere(`/proc/${pid}/cmdline`).includes(text));
}

/** The control groups of a sandbox that go by this name, in all hierarchies. */
export function controlGroups(group: string): readonly string[] {
  const names = run("find", "/sys/fs/cgroup", "-type", "d", "-name", group);
  return names.filter((name) => name !== "");
}

function namedNetworks(): readonly string[] {
  return run("sh", "-c", "ls /run/netns 2>/dev/null || true");
}

function run(command: string, ...commandArguments: readonly string[]): readonly string[] {
  const path = `${process.env.PATH}:/usr/sbin:/sbin`;
  const options = { encoding: "utf8" as const, env: { ...process.env, PATH: path } };
  // Lifetimes of addresses and counts of packets go on by themselves.
  return execFileSync(command, commandArguments, options)
    .replace(/(valid_lft|preferred_lft|expires) \S+/g, "")
    .replace(/\[\d+:\d+\]/g, "")
    .trim()
    .split("\n");
}

function lines(file: string): readonly string[] {
  return readFileSync(file, "utf8").trim().split("\n");
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

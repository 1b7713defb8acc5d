/**
 * What a command line begins with so that it runs on a machine that differs from this one in its
 * mounts and its network, as a script of root changes them. This machine is not changed.
 */
export function onOtherMachine(script: string): readonly string[] {
  const loopback = "ip link set lo up";
  const lines = ["set -e", loopback, script, 'exec "$@"'];
  return ["unshare", "--mount", "--net", "sh", "-c", lines.join("\n"), "sh"];
}

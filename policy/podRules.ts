import { isMissing, recordOf, textOf } from "secure-environment/core";

/**
 * What the Pod Security Standard `restricted` says of single fields, and what else takes a pod out
 * of its environment.
 * See https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
 */

/** What a field may be, where it is there at all. */
export interface FieldRule {
  /** Where it is in the specification or the container, such as `ports[].hostPort`. */
  readonly path: string;
  readonly isAllowed: (value: unknown) => boolean;
  readonly fault: string;
  readonly remedy: string;
  /** Whether a pod with users of its own (`hostUsers: false`) need not keep it. */
  readonly isForUsersOfTheNode?: boolean;
}

const leaveOut = "Leave it out.";

const isFalse = (value: unknown) => value === false;
const isOneOf =
  (...values: readonly string[]) =>
  (value: unknown) =>
    values.includes(textOf(value) ?? "");
const isEmpty = (value: unknown) => value === "";

/** What pods and containers both may say about security. */
const securityRules: readonly FieldRule[] = [
  {
    path: "securityContext.runAsNonRoot",
    isAllowed: (value) => value === true,
    fault: "lets the image run as root",
    remedy: "Set it to true, and give the image a user other than root.",
    isForUsersOfTheNode: true,
  },
  {
    path: "securityContext.runAsUser",
    isAllowed: (value) => typeof value === "number" && value !== 0,
    fault: "is no user other than root",
    remedy: "Leave it out, or name another user by number.",
    isForUsersOfTheNode: true,
  },
  {
    path: "securityContext.seccompProfile.type",
    isAllowed: isOneOf("RuntimeDefault", "Localhost"),
    fault: "lets every system call through",
    remedy: "Set it to RuntimeDefault.",
  },
  {
    path: "securityContext.appArmorProfile.type",
    isAllowed: isOneOf("RuntimeDefault", "Localhost"),
    fault: "switches AppArmor off",
    remedy: leaveOut,
  },
  {
    path: "securityContext.seLinuxOptions.type",
    isAllowed: isOneOf(
      "",
      "container_t",
      "container_init_t",
      "container_kvm_t",
      "container_engine_t",
    ),
    fault: "is no SELinux type of a container",
    remedy: leaveOut,
  },
  ...["user", "role"].map((key) => ({
    path: `securityContext.seLinuxOptions.${key}`,
    isAllowed: isEmpty,
    fault: `sets a ${key} of SELinux`,
    remedy: leaveOut,
  })),
  {
    path: "securityContext.windowsOptions.hostProcess",
    isAllowed: isFalse,
    fault: "runs the container as a process of the node",
    remedy: leaveOut,
  },
];

/** What a pod's specification may say. */
export const podRules: readonly FieldRule[] = [
  ...[
    ["hostNetwork", "network, past every network policy"],
    ["hostPID", "processes"],
    ["hostIPC", "shared memory"],
  ].map(([path = "", what]) => ({
    path,
    isAllowed: isFalse,
    fault: `gives the pod the node's ${what}`,
    remedy: leaveOut,
  })),
  {
    path: "nodeName",
    isAllowed: isEmpty,
    fault: "puts the pod on a node past the scheduler",
    remedy: "Leave it out: the scheduler keeps the pod to the nodes of its environment.",
  },
  {
    path: "securityContext.sysctls[].name",
    isAllowed: isOneOf(
      "kernel.shm_rmid_forced",
      "net.ipv4.ip_local_port_range",
      "net.ipv4.ip_local_reserved_ports",
      "net.ipv4.ip_unprivileged_port_start",
      "net.ipv4.ping_group_range",
      "net.ipv4.tcp_fin_timeout",
      "net.ipv4.tcp_keepalive_intvl",
      "net.ipv4.tcp_keepalive_probes",
      "net.ipv4.tcp_keepalive_time",
      "net.ipv4.tcp_rmem",
      "net.ipv4.tcp_syncookies",
      "net.ipv4.tcp_wmem",
    ),
    fault: "is a kernel parameter that other pods of the node share",
    remedy: leaveOut,
  },
  ...securityRules,
];

/** What a container may say. */
export const containerRules: readonly FieldRule[] = [
  {
    path: "securityContext.privileged",
    isAllowed: isFalse,
    fault: "gives the container all that its node may do",
    remedy: leaveOut,
  },
  {
    path: "securityContext.allowPrivilegeEscalation",
    isAllowed: isFalse,
    fault: "lets a process become more than its parent, root for one",
    remedy: "Set it to false.",
  },
  {
    path: "securityContext.capabilities.add[]",
    isAllowed: isOneOf("NET_BIND_SERVICE"),
    fault: "adds a capability other than NET_BIND_SERVICE",
    remedy: leaveOut,
  },
  {
    path: "securityContext.procMount",
    isAllowed: isOneOf("", "Default"),
    fault: "shows the container what is hidden of /proc",
    remedy: leaveOut,
  },
  {
    path: "ports[].hostPort",
    isAllowed: (value) => value === 0,
    fault: "opens a port of the node",
    remedy: "Leave it out, and use a Service.",
  },
  ...["livenessProbe", "readinessProbe", "startupProbe", "lifecycle.postStart", "lifecycle.preStop"]
    .flatMap((handler) => [`${handler}.httpGet.host`, `${handler}.tcpSocket.host`])
    .map((path) => ({
      path,
      isAllowed: isEmpty,
      fault: "has the node itself call a host, past every network policy",
      remedy: "Leave it out: the node calls the pod.",
    })),
  ...securityRules,
];

/** The kinds of volumes that a pod may have. */
const volumeTypes = [
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "image",
  "persistentVolumeClaim",
  "projected",
  "secret",
];

/** What the volume is that it may not be; `undefined` where it is nothing of that kind. */
export function refusedVolumeType(
  volume: Readonly<Record<string, unknown>>,
  csiDrivers: readonly string[],
): string | undefined {
  const types = Object.keys(volume).filter((key) => key !== "name" && !isMissing(volume[key]));
  if (types.includes("hostPath")) {
    return "is a directory of the node (hostPath)";
  }
  if (!types.every((type) => volumeTypes.includes(type))) {
    return "is of a type that reaches out of the environment";
  }
  const driver = textOf(recordOf(volume["csi"])["driver"]) ?? "";
  return types.includes("csi") && !csiDrivers.includes(driver)
    ? "is mounted by a storage driver (csi), which may take its target from the pod, past every network policy"
    : undefined;
}

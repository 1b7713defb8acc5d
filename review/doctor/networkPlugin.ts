import { type Check, reachedBy } from "./examination";
import { doubtful, fine, type Finding, unknown } from "./finding";

const subject = "network plugin";

/** A DaemonSet, in the parts that tell what it is. */
export interface SeenDaemonSet {
  readonly name: string;
  readonly images: readonly string[];
  /** The arguments of all its containers. */
  readonly args: readonly string[];
}

/** Who may enforce network policies, as the cluster shows it: by the DaemonSets on its nodes. */
export const networkPlugin: Check = {
  subject,
  look: async (surroundings) => {
    const cluster = await reachedBy(surroundings);
    const { status, body } = await cluster.get<{ items?: readonly DaemonSet[] }>(
      "/apis/apps/v1/daemonsets",
    );
    return [judgeNetworkPlugin(status === 200 ? (body?.items ?? []).map(seen) : undefined)];
  },
};

interface DaemonSet {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly template: { readonly spec?: { readonly containers?: Container[] } } };
}

interface Container {
  readonly image?: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
}

function seen({ metadata, spec }: DaemonSet): SeenDaemonSet {
  const containers = spec.template.spec?.containers ?? [];
  return {
    name: metadata.name,
    images: containers.flatMap(({ image }) => image ?? []),
    args: containers.flatMap(({ command = [], args = [] }) => [...command, ...args]),
  };
}

/** What is known of a DaemonSet by its name. */
interface KnownPlugin {
  readonly name: RegExp;
  readonly plugin: string;
  /** Why it enforces nothing as it is set; it does where this says nothing. */
  readonly weakness?: (daemonSet: SeenDaemonSet) => string | undefined;
}

const knownPlugins: readonly KnownPlugin[] = [
  { name: /^cilium$/, plugin: "Cilium" },
  { name: /^calico-node$/, plugin: "Calico" },
  { name: /^canal$/, plugin: "Canal" },
  { name: /^antrea-agent$/, plugin: "Antrea" },
  { name: /^anetd$/, plugin: "GKE Dataplane V2" },
  { name: /^ovnkube-node$/, plugin: "OVN-Kubernetes" },
  { name: /^kube-ovn-cni$/, plugin: "Kube-OVN" },
  { name: /^azure-npm$/, plugin: "Azure Network Policy Manager" },
  { name: /^kube-network-policies/, plugin: "kube-network-policies" },
  { name: /^kube-router$/, plugin: "kube-router", weakness: withoutFirewall },
  { name: /^aws-node$/, plugin: "the VPC CNI of AWS", weakness: withoutAwsPolicies },
  { name: /^kindnet$/, plugin: "kindnet", weakness: withOldKindnet },
  {
    name: /^kube-flannel/,
    plugin: "Flannel",
    weakness: () => "Flannel enforces no network policies",
  },
];

function withoutFirewall({ args }: SeenDaemonSet): string | undefined {
  return args.includes("--run-firewall=false")
    ? "kube-router runs with --run-firewall=false"
    : undefined;
}

/** https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html */
function withoutAwsPolicies({ args }: SeenDaemonSet): string | undefined {
  return args.includes("--enable-network-policy=true")
    ? undefined
    : "the VPC CNI of AWS runs without --enable-network-policy=true";
}

/** Since kind 0.24 its plugin enforces network policies; the images are named after their day. */
function withOldKindnet({ images }: SeenDaemonSet): string | undefined {
  const [day = ""] = images.flatMap((image) => /:v(\d{8})/.exec(image)?.[1] ?? []);
  return day >= "20240813" ? undefined : "a kindnet before kind 0.24 enforces no network policies";
}

const onlyPackets =
  "That a policy is enforced only packets show: try it with two pods (docs/network.md).";

/** @param daemonSets `undefined` when these credentials may not list them. */
export function judgeNetworkPlugin(daemonSets: readonly SeenDaemonSet[] | undefined): Finding {
  if (daemonSets === undefined) {
    return unknown(subject, `not known: these credentials may not list DaemonSets. ${onlyPackets}`);
  }
  const found = daemonSets.flatMap((daemonSet) =>
    knownPlugins
      .filter(({ name }) => name.test(daemonSet.name))
      .map(({ plugin, weakness }) => ({ plugin, fault: weakness?.(daemonSet) })),
  );
  const enforcers = found.filter(({ fault }) => fault === undefined).map(({ plugin }) => plugin);
  if (enforcers.length > 0) {
    const names = enforcers.join(" and ");
    return fine(subject, `${names} runs, which enforces network policies. ${onlyPackets}`);
  }
  const faults = found.flatMap(({ fault }) => fault ?? []);
  const fault =
    faults.length > 0
      ? `${faults.join("; ")}, and nothing else is seen that does`
      : "no DaemonSet is known to enforce network policies; some plugins run without one";
  return doubtful(subject, fault, `Ask who enforces them here. ${onlyPackets}`);
}

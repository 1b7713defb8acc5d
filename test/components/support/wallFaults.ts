import { type SecureEnvironmentArgs } from "secure-environment";
import { type Amounts, isLess } from "#components/core/amounts";
import { Mesh } from "#components/environment/mesh/meshArgs";
import { type AddressRange, intersection, subtract, toCidrs } from "#components/core/addresses";
import { DnsProfile } from "#components/environment/network/networkArgs";
import {
  type AddressOpening,
  createModel,
  type Direction,
  type IsolationModel,
  type NetworkPolicy,
  type Pod,
} from "#isolation/index";
import { matchesWildcards, otherNamespaces, rangesOf } from "./arbitraryNetworks";

/** Addresses that no wall may open, written out here once more: the product's own list is judged. */
const metadataRanges = [
  "169.254.0.0/16",
  "fe80::/10",
  "168.63.129.16/32",
  "100.100.100.200/32",
  "192.0.0.192/32",
  "fd00:ec2::/32",
  "fd20:ce::254/128",
];
/** From which Istio's ambient mode lets the kubelet's probes come. */
const probeAddresses = ["169.254.7.127/32", "fd16:9254:7127:1337:ffff:ffff:ffff:ffff/128"];
const alwaysProtected = ["staging", "stage", "production", "prod"];
/** A namespace that nobody names, so nobody may reach it. */
const bystander = "bystander";

/** The parts of a ResourceQuota and of a LimitRange that bound a pod. */
export interface CapacityWalls {
  readonly quota: Amounts;
  readonly limits: readonly {
    readonly type: string;
    readonly default?: Amounts;
    readonly defaultRequest?: Amounts;
    readonly min?: Amounts;
    readonly max?: Amounts;
  }[];
}

/** What the network policies of an environment open that they must not. Sentences; none is right. */
export function networkFaults(
  args: SecureEnvironmentArgs,
  namespace: string,
  policies: readonly NetworkPolicy[],
): string[] {
  const model = createModel([
    ...policies,
    ...podsOf(namespace, [{}, { app: "shop" }, ...(args.holes ?? []).map(ownLabels)], args),
    ...strangers(args, namespace),
  ]);
  return [
    ...model.doubts.map(({ name, property, fault }) => `${name} ${property} ${fault}`),
    ...(["Ingress", "Egress"] as const)
      .filter((direction) => !model.deniesByDefault(namespace, direction).denies)
      .map((direction) => `${direction} is not denied by default`),
    ...addressFaults(model, args, namespace),
    ...namespaceFaults(model, args, namespace),
  ];
}

/** What a quota and a limit range make of each other: a pod that asks for nothing must fit. */
export function capacityFaults({ quota, limits }: CapacityWalls): string[] {
  return limits.flatMap(({ type, default: limit, defaultRequest: request, min, max }) => {
    const ascending: [string, Amounts | undefined, Amounts | undefined][] = [
      ["the least is more than the most", min, max],
      ["the default request is less than the least", min, request],
      ["the default request is more than the default limit", request, limit],
      ["the default limit is more than the most", limit, max],
      ["the default request is more than the quota", request, quotaOf(quota, "requests")],
      ["the default limit is more than the quota", limit, quotaOf(quota, "limits")],
    ];
    return ascending.flatMap(([fault, less = {}, more = {}]) =>
      Object.keys(less)
        .filter((resource) => isLess(more[resource], less[resource]))
        .map((resource) => `${type} ${resource}: ${fault}`),
    );
  });
}

function quotaOf(quota: Amounts, prefix: string): Amounts {
  const entries = Object.entries(quota).filter(([key]) => key.startsWith(`${prefix}.`));
  return Object.fromEntries(entries.map(([key, value]) => [key.slice(prefix.length + 1), value]));
}

type Hole = NonNullable<SecureEnvironmentArgs["holes"]>[number];
type Labels = Readonly<Record<string, string>>;

function ownLabels({ podLabels = {} }: Hole): Labels {
  return podLabels;
}

function podsOf(
  namespace: string,
  labels: readonly Labels[],
  { clusterNetwork }: SecureEnvironmentArgs,
): Pod[] {
  const [range] = rangesOf(clusterNetwork?.pods);
  const [podIP] = range === undefined ? [] : toCidrs([{ ...range, last: range.first }]);
  return labels.map((own, index) => ({
    kind: "Pod",
    metadata: { namespace, name: `pod-${index}`, labels: own },
    status: podIP === undefined ? {} : { podIP: podIP.replace(/\/\d+$/, "") },
  }));
}

/** Pods of whoever is protected, named, of the cluster or not concerned, with all labels in use. */
function strangers(args: SecureEnvironmentArgs, own: string): Pod[] {
  const labels = [
    {},
    { "k8s-app": "kube-dns" },
    { app: "istiod" },
    { "linkerd.io/control-plane-component": "destination" },
    ...(args.holes ?? []).map(({ peerPodLabels = {} }) => peerPodLabels),
  ];
  const patterns = args.protected?.namespaces ?? [];
  const namespaces = new Set([
    ...alwaysProtected,
    ...patterns.map((pattern) => pattern.replaceAll("*", "x")),
    ...otherNamespaces,
    ...["kube-system", "linkerd", "istio-system", bystander],
  ]);
  return [...namespaces]
    .filter((namespace) => namespace !== own)
    .flatMap((namespace) => podsOf(namespace, labels, args));
}

function namespaceFaults(
  model: IsolationModel,
  args: SecureEnvironmentArgs,
  namespace: string,
): string[] {
  const { ingress, egress } = model.reachOf(namespace);
  const closed = [...alwaysProtected, ...(args.protected?.namespaces ?? []), bystander];
  const reached = [...ingress.pods, ...egress.pods].flatMap(({ otherPods, by }) =>
    otherPods.map((pod) => ({ other: pod.split("/")[0] ?? "", by })),
  );
  return reached
    .filter(({ other }) => closed.some((pattern) => matchesWildcards(other, pattern)))
    .filter(({ other }) => !namespacesOfCluster(args).includes(other))
    .map(({ other, by }) => `${other} is open by ${by.join(" and ")}`);
}

/** Namespaces that resolve names or run the mesh, whatever is protected from holes. */
function namespacesOfCluster({ dns, mesh }: SecureEnvironmentArgs): string[] {
  const profile = dns?.profile ?? DnsProfile.KubeDns;
  const resolvesByPods = profile === DnsProfile.KubeDns || profile === DnsProfile.NodeLocalDnsCache;
  return [
    ...(resolvesByPods ? ["kube-system"] : []),
    ...(mesh === Mesh.Linkerd ? ["linkerd"] : []),
    ...(mesh === Mesh.Istio ? ["istio-system"] : []),
  ];
}

function addressFaults(
  model: IsolationModel,
  args: SecureEnvironmentArgs,
  namespace: string,
): string[] {
  const { ingress, egress } = model.reachOf(namespace);
  return [
    ...ingress.addresses.flatMap((opening) => openingFaults(opening, args, "Ingress")),
    ...egress.addresses.flatMap((opening) => openingFaults(opening, args, "Egress")),
  ];
}

function openingFaults(
  opening: AddressOpening,
  args: SecureEnvironmentArgs,
  direction: Direction,
): string[] {
  const open = rangesOf(opening.addresses);
  const named = direction === "Egress" ? rangesOf(args.dns?.addresses) : [];
  const builtIn = direction === "Egress" ? resolverOfProfile(args) : [];
  const resolvers = [...named, ...builtIn];
  const onPort53 = opening.ports.every(({ port, endPort }) => port === 53 && endPort === 53);
  const probes = direction === "Ingress" && args.mesh === Mesh.Ambient ? probeAddresses : [];
  const apiServer = rangesOf(args.clusterNetwork?.apiServer);
  const claims: [string, AddressRange[], AddressRange[]][] = [
    [
      "a protected range",
      subtract(open, [...rangesOf(probes), ...(onPort53 ? builtIn : [])]),
      rangesOf(args.protected?.cidrs),
    ],
    [
      "a metadata address",
      subtract(open, [...rangesOf(probes), ...(onPort53 ? resolvers : [])]),
      rangesOf(metadataRanges),
    ],
    [
      "the cluster's pods",
      subtract(open, [...resolvers, ...apiServer]),
      rangesOf(args.clusterNetwork?.pods),
    ],
  ];
  return claims.flatMap(([what, ranges, closed]) => {
    const common = ranges.flatMap((range) =>
      closed.flatMap((other) => intersection(range, other) ?? []),
    );
    const ports = opening.ports.map(
      ({ port, endPort, protocol }) => `${port}-${endPort}/${protocol}`,
    );
    return common.length === 0
      ? []
      : [
          `${direction} opens ${what}, ${toCidrs(common).join()}, on ${ports.join()} by ${opening.by.join()}`,
        ];
  });
}

/** The address that the profile stands for: whoever chose it named it. */
function resolverOfProfile({ dns }: SecureEnvironmentArgs): AddressRange[] {
  const addresses: Readonly<Record<string, string>> = {
    [DnsProfile.NodeLocalDnsCache]: "169.254.20.10",
    [DnsProfile.MetadataResolver]: "169.254.169.254",
  };
  return rangesOf([addresses[dns?.profile ?? ""] ?? []].flat());
}

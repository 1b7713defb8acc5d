import { type types } from "@pulumi/kubernetes";
import { parseAddress, toCidrs } from "../../core/addresses";
import { apiServerRanges } from "./clusterNetwork";
import { describeOverlap, type NamedRange, namedRanges } from "../../core/namedRanges";
import { isLabel } from "../../core/dnsNames";
import {
  type ClusterNetworkArgs,
  type DnsArgs,
  DnsProfile,
  type ProtectedArgs,
} from "./networkArgs";
import { addressPeer, atLeastOne, podPeer } from "./networkPolicyPeers";
import { portProblems } from "../../core/ports";
import { problem, problemIf, problemUnless, type Problem } from "../../core/problems";
import { protectedRanges } from "./protectedTargets";
import { protectedNamespaceProblems } from "../../core/protectedNamespaces";
import { selectorLabelProblems } from "./selectorLabels";
import { metadataAddresses, unroutableAddresses } from "../../core/specialAddresses";

type NetworkPolicySpec = types.input.networking.v1.NetworkPolicySpec;
type NetworkPolicyPeer = types.input.networking.v1.NetworkPolicyPeer;

/** What the resolver's place is judged against. */
interface Surroundings {
  readonly protected?: ProtectedArgs;
  readonly clusterNetwork?: ClusterNetworkArgs;
}

const dnsPort = 53;
const kubeDnsPods = podPeer("kube-system", { "k8s-app": "kube-dns" });
/** See https://kubernetes.io/docs/tasks/administer-cluster/nodelocaldns/ */
const nodeLocalCache = addressPeer("169.254.20.10/32");
/** See https://cloud.google.com/kubernetes-engine/docs/how-to/cloud-dns */
const metadataResolver = addressPeer("169.254.169.254/32");

const fieldsOf: Readonly<Record<DnsProfile, readonly (keyof DnsArgs)[]>> = {
  [DnsProfile.KubeDns]: [],
  [DnsProfile.NodeLocalDnsCache]: ["addresses"],
  [DnsProfile.MetadataResolver]: [],
  [DnsProfile.Custom]: ["addresses", "namespace", "podLabels", "port"],
};

/**
 * Name resolution by the cluster's resolver and nothing else on its port: an open port 53 is a
 * tunnel. TCP is needed for answers that do not fit into one UDP packet.
 *
 * @throws RangeError when a custom resolver has no place.
 */
export function dnsSpec(dns: DnsArgs = { profile: DnsProfile.KubeDns }): NetworkPolicySpec {
  const port = dns.port ?? dnsPort;
  return {
    podSelector: {},
    policyTypes: ["Egress"],
    egress: [
      {
        to: atLeastOne(resolverPeers(dns), "peers"),
        ports: [
          { port, protocol: "UDP" },
          { port, protocol: "TCP" },
        ],
      },
    ],
  };
}

/** Everything wrong with the place where names are resolved. */
export function dnsProblems(dns: DnsArgs | undefined, surroundings: Surroundings): Problem[] {
  return dns === undefined
    ? []
    : [
        ...fieldProblems(dns),
        ...(dns.profile === DnsProfile.Custom ? customProblems(dns, surroundings) : []),
        ...(fieldsOf[dns.profile].includes("addresses") ? addressProblems(dns, surroundings) : []),
      ];
}

function resolverPeers(dns: DnsArgs): NetworkPolicyPeer[] {
  const addresses = (dns.addresses ?? []).flatMap((text) => parseAddress(text) ?? []);
  const given = toCidrs(addresses).map((cidr) => addressPeer(cidr));
  switch (dns.profile) {
    case DnsProfile.KubeDns:
      return [kubeDnsPods];
    case DnsProfile.NodeLocalDnsCache:
      return [nodeLocalCache, ...given, kubeDnsPods];
    case DnsProfile.MetadataResolver:
      return [metadataResolver];
    case DnsProfile.Custom:
      return [...customPods(dns), ...given];
  }
}

function customPods({ namespace, podLabels }: DnsArgs): NetworkPolicyPeer[] {
  return namespace === undefined || podLabels === undefined ? [] : [podPeer(namespace, podLabels)];
}

function fieldProblems(dns: DnsArgs): Problem[] {
  const allowed = fieldsOf[dns.profile];
  return (["addresses", "namespace", "podLabels", "port"] as const)
    .filter((field) => dns[field] !== undefined && !allowed.includes(field))
    .map((field) =>
      problem(
        `dns.${field}`,
        `does not belong to the profile ${dns.profile}`,
        `Leave it out, or use the profile ${DnsProfile.Custom}.`,
        dns[field],
      ),
    );
}

function customProblems(dns: DnsArgs, surroundings: Surroundings): Problem[] {
  return [
    ...placeProblems(dns),
    ...(dns.namespace === undefined ? [] : namespaceProblems(dns.namespace, surroundings)),
    ...selectorLabelProblems("dns.podLabels", dns.podLabels),
    ...portProblems("dns.port", dns.port),
  ];
}

function placeProblems({ addresses = [], namespace, podLabels = {} }: DnsArgs): Problem[] {
  const hasLabels = Object.keys(podLabels).length > 0;
  if (namespace !== undefined && !hasLabels) {
    const fault = `is missing, so that any pod of the namespace ${namespace} could answer`;
    const remedy = "Give labels that only the resolver's pods have.";
    return [problem("dns.podLabels", fault, remedy)];
  }
  if (namespace === undefined && hasLabels) {
    const remedy = "Name the namespace of the resolver's pods.";
    return [problem("dns.namespace", "is missing next to `podLabels`", remedy)];
  }
  const remedy = "Give `namespace` and `podLabels` of the resolver's pods, or `addresses`.";
  const fault = "names no resolver for the profile custom";
  return problemIf(namespace === undefined && addresses.length === 0, "dns", fault, remedy);
}

function namespaceProblems(namespace: string, surroundings: Surroundings): Problem[] {
  return isLabel(namespace)
    ? protectedNamespaceProblems("dns.namespace", namespace, surroundings.protected)
    : [
        problem(
          "dns.namespace",
          "is not the name of a namespace",
          "Write its exact name, such as openshift-dns.",
          namespace,
        ),
      ];
}

function addressProblems(dns: DnsArgs, surroundings: Surroundings): Problem[] {
  const addresses = dns.addresses ?? [];
  const invalid = addresses.flatMap((text, index) =>
    parseAddress(text) === undefined ? [invalidAddress(`dns.addresses[${index}]`, text)] : [],
  );
  const forbidden = [
    ...unroutableAddresses,
    ...protectedRanges(surroundings.protected),
    ...otherServices(dns, surroundings),
  ];
  const valid = namedRanges("dns.addresses", addresses, parseAddress);
  return [
    ...invalid,
    ...valid.flatMap((address) => forbidden.flatMap((other) => overlapProblems(address, other))),
  ];
}

/** Where names are resolved on port 53 only: other ports there are metadata or the API server. */
function otherServices(dns: DnsArgs, surroundings: Surroundings): readonly NamedRange[] {
  return dns.port === undefined || dns.port === dnsPort
    ? []
    : [...metadataAddresses, ...apiServerRanges(surroundings.clusterNetwork)].map((range) => ({
        ...range,
        name: `${range.name}, which resolve names on port ${dnsPort} at most,`,
      }));
}

function invalidAddress(property: string, found: string): Problem {
  const remedy =
    "Write one address without a length, such as 10.96.0.10: an open port 53 is a tunnel.";
  return problem(property, "is not a single address", remedy, found);
}

function overlapProblems(address: NamedRange, other: NamedRange): Problem[] {
  const isValid = describeOverlap([address.range], other.range) === undefined;
  const fault = `is one of ${other.name} (${other.text})`;
  const remedy = "Give the address of a resolver that environments may reach.";
  return problemUnless(isValid, address.name, fault, remedy, address.text);
}

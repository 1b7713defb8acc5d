import { namespaceNameLabel } from "../../../core/labels";
import { meshPolicySpecs } from "../../../environment/mesh/mesh";
import { parseCidr } from "../../../core/addresses";
import {
  apiServerRanges,
  clusterRanges,
  nodeRanges,
} from "../../../environment/network/clusterNetwork";
import { dnsSpec } from "../../../environment/network/dns";
import {
  defaultDenySpec,
  sameEnvironmentSpec,
} from "../../../environment/network/isolationPolicies";
import { lengthOfFew, shortestLength } from "../../../core/addresses";
import { namedRanges } from "../../../core/namedRanges";
import { nameResolutionPorts } from "../../../core/rules";
import { alwaysProtectedNamespaces } from "../../../core/protectedNamespaces";
import { closedAddresses, privateAddresses } from "../../../core/specialAddresses";
import { clusterOwnedNames } from "../../../core/names";
import { objectNames } from "../../../core/objectNames";
import { type AdmissionPolicy, type Validation } from "../validatingAdmissionPolicy";
import { isWritten, literal, nameOfObject, patternOf, whenWritten } from "../cel";
import { sentByPipeline } from "../senders";
import { type PlatformSettings } from "../../platformSettings";

/** Names of network policies that are holes; the second are those of meshes for them. */
const holePrefixes = ["hole-", "mesh-hole-"];

/** The shortest prefix of a range that a hole lets in: a shorter one lets in everybody. */
const shortestPrefix = `(cidr(peer.ipBlock.cidr).ip().family() == 4 ? ${shortestLength.IPv4} : ${shortestLength.IPv6})`;

const leavesOutResolver =
  'port.?protocol.orValue("TCP") == "SCTP" || port.port > resolver || port.?endPort.orValue(port.port) < resolver';

/**
 * An environment's network policies: those that close it are exactly what they are, and holes open
 * neither protected namespaces nor protected addresses, and not everybody.
 */
export function pipelinesKeepNetworkPolicies(settings: PlatformSettings): AdmissionPolicy {
  return {
    name: "pipelines-keep-network-policies",
    rules: [
      { apiGroups: ["networking.k8s.io"], resources: ["networkpolicies"], operations: ["*"] },
    ],
    matchConditions: [sentByPipeline(settings)],
    variables: [
      isWritten,
      { name: "name", expression: nameOfObject },
      { name: "isHole", expression: startsWithAny("variables.name", holePrefixes) },
      { name: "specs", expression: literal(fixedSpecs(settings)) },
      { name: "rules", expression: rulesOfHole },
    ],
    validations: [
      deletionValidation,
      specValidation(settings),
      closedListsValidation,
      peerValidation,
      namespaceValidation(settings),
      clusterNamespaceValidation,
      ...addressValidations(settings),
    ],
  };
}

const rulesOfHole =
  "variables.isWritten && variables.isHole ? " +
  "object.spec.?ingress.orValue([]) + object.spec.?egress.orValue([]) : []";

const deletionValidation: Validation = {
  expression: "variables.isWritten || variables.isHole",
  message: "What closes the network of an environment stays as long as its namespace.",
};

function specValidation(settings: PlatformSettings): Validation {
  const names = Object.keys(fixedSpecs(settings));
  return {
    expression: whenWritten(
      "variables.isHole || (variables.name in variables.specs && " +
        "variables.specs[variables.name].exists(spec, dyn(object.spec) == spec))",
    ),
    message: `Network policies of an environment are holes, named hole-…, or one of ${names.join(", ")}, which are as the component SecureEnvironment makes them.`,
  };
}

const closedListsValidation: Validation = {
  expression:
    "variables.rules.all(rule, rule.?ports.orValue([]).size() > 0 && rule.ports.all(port, has(port.port) && type(port.port) == int) && " +
    "rule.?from.orValue([]).size() + rule.?to.orValue([]).size() > 0)",
  message:
    "Holes list their peers and their ports, each by its number: what is left out opens all of them.",
};

const peerValidation: Validation = {
  expression: everyPeer(
    `has(peer.ipBlock) || (peer.?namespaceSelector.matchLabels[?${literal(namespaceNameLabel)}].hasValue() && ` +
      "peer.namespaceSelector.matchLabels.size() == 1 && !has(peer.namespaceSelector.matchExpressions))",
  ),
  message: `Holes name the namespace of their peers by the label ${namespaceNameLabel} alone: anybody may forge others.`,
};

function namespaceValidation({ protectedNamespaces }: PlatformSettings): Validation {
  const pattern = patternOf([...alwaysProtectedNamespaces, ...protectedNamespaces]);
  return {
    expression: everyPeer(
      `has(peer.ipBlock) || !peer.namespaceSelector.matchLabels[${literal(namespaceNameLabel)}].matches(${literal(pattern)})`,
    ),
    message: "A hole leads to a protected namespace. Name another one.",
  };
}

/**
 * Beside the resolver, which is no hole, the cluster's own namespaces have controllers that answer every
 * client.
 */
const clusterNamespaceValidation: Validation = {
  expression: everyPeer(
    `has(peer.ipBlock) || !peer.namespaceSelector.matchLabels[${literal(namespaceNameLabel)}].matches(${literal(patternOf(clusterOwnedNames))})`,
    ["to"],
  ),
  message: `A hole leads out to a namespace of the cluster itself (${clusterOwnedNames.join(", ")}). Name another one.`,
};

function addressValidations(settings: PlatformSettings): Validation[] {
  if (settings.clusterNetwork === undefined) {
    return [
      {
        expression: everyBlock("false"),
        message:
          "Holes to addresses need to be judged against the cluster's own ranges, which the platform was not given: an administrator sets clusterNetwork.",
      },
    ];
  }
  return [
    {
      expression: everyBlock(
        `(field == "from" && ${isOfNodes(settings)} ? ${literal(closedToNodes(settings))} : ${literal(closedCidrs(settings))}).all(closed, ${isLeftOut})`,
      ),
      message:
        "A hole opens protected addresses: the cluster's own, those of clouds' metadata, or others that an administrator has listed. Leave them out with except.",
    },
    ...ipv6Validations(settings),
    {
      expression: everyBlock(`cidr(peer.ipBlock.cidr).prefixLength() >= ${shortestPrefix}`, [
        "from",
      ]),
      message: `A hole lets in everybody. Name ranges of /${shortestLength.IPv4} at most, for IPv6 of /${shortestLength.IPv6}.`,
    },
    {
      expression: everyBlock(
        `(cidr(peer.ipBlock.cidr).prefixLength() >= ${shortestPrefix} || ${literal(privateCidrs)}.all(closed, ${isLeftOut}))`,
        ["to"],
      ),
      message: `A hole to so many addresses opens private ones too, which others have: ${privateCidrs.join(", ")}. Leave them out with except, or name ranges of /${shortestLength.IPv4} at most, for IPv6 of /${shortestLength.IPv6}.`,
    },
    {
      expression:
        "variables.rules.all(rule, !rule.?to.orValue([]).exists(peer, has(peer.ipBlock)) || " +
        `rule.ports.all(port, ${literal(nameResolutionPorts)}.all(resolver, ${leavesOutResolver})))`,
      message: `Holes to addresses leave out the ports of name resolution, ${nameResolutionPorts.join(" and ")}: they are tunnels.`,
    },
  ];
}

const privateCidrs = privateAddresses.map(({ text }) => text);

/** Ranges lie inside each other or apart, so a closed one is left out as a whole or not at all. */
const isLeftOut =
  "!(cidr(peer.ipBlock.cidr).containsCIDR(closed) || cidr(closed).containsCIDR(peer.ipBlock.cidr)) || " +
  "peer.ipBlock.?except.orValue([]).exists(range, cidr(range).containsCIDR(closed))";

/** Whether a block is part of the nodes' ranges, and of few addresses: an ingress controller's nodes. */
function isOfNodes({ clusterNetwork }: PlatformSettings): string {
  const nodes = literal(nodeRanges(clusterNetwork).map(({ text }) => text));
  return (
    `cidr(peer.ipBlock.cidr).prefixLength() >= (cidr(peer.ipBlock.cidr).ip().family() == 4 ? ${lengthOfFew.IPv4} : ${lengthOfFew.IPv6}) && ` +
    `${nodes}.exists(nodes, cidr(nodes).containsCIDR(peer.ipBlock.cidr))`
  );
}

/**
 * Where the cluster's own IPv6 addresses are not known, the policy cannot tell whether a hole to IPv6
 * addresses opens them.
 */
function ipv6Validations({ clusterNetwork }: PlatformSettings): Validation[] {
  const isKnown = ([clusterNetwork?.pods, clusterNetwork?.nodes] as const).every((ranges) =>
    (ranges ?? []).some((range) => parseCidr(range)?.family === "IPv6"),
  );
  return isKnown
    ? []
    : [
        {
          expression: everyBlock("cidr(peer.ipBlock.cidr).ip().family() == 4"),
          message:
            "Holes to IPv6 addresses need the cluster's own IPv6 ranges, which the platform was not given: an administrator sets clusterNetwork.",
        },
      ];
}

function closedCidrs(settings: PlatformSettings): string[] {
  const { clusterNetwork } = settings;
  const own = [...nodeRanges(clusterNetwork), ...apiServerRanges(clusterNetwork)];
  return [...closedToNodes(settings), ...own.map(({ text }) => withLength(text))];
}

/** What stays closed to a hole for nodes: all but nodes and the API server, which is on one at times. */
function closedToNodes({ clusterNetwork, protectedCidrs }: PlatformSettings): string[] {
  const ranges = [
    ...closedAddresses,
    ...clusterRanges(clusterNetwork && { ...clusterNetwork, nodes: [] }),
    ...namedRanges("protected.cidrs", protectedCidrs),
  ];
  return ranges.map(({ text }) => withLength(text));
}

/** Addresses of the API server may be given without a length. */
function withLength(text: string): string {
  return text.includes("/") ? text : `${text}/${text.includes(":") ? 128 : 32}`;
}

/** What an environment may have by name; meshes differ in what they have by the same one. */
function fixedSpecs({ dns, meshes }: PlatformSettings): Record<string, object[]> {
  const specs: Record<string, object[]> = {
    [objectNames.defaultDeny]: [defaultDenySpec()],
    [objectNames.sameEnvironment]: [sameEnvironmentSpec()],
    [objectNames.dns]: [dnsSpec(dns)],
  };
  for (const { objectName, spec } of meshes.flatMap((mesh) => meshPolicySpecs(mesh, []))) {
    specs[objectName] = [...(specs[objectName] ?? []), spec];
  }
  return specs;
}

function startsWithAny(text: string, prefixes: readonly string[]): string {
  return `${literal(prefixes)}.exists(prefix, ${text}.startsWith(prefix))`;
}

function everyBlock(condition: string, fields?: readonly string[]): string {
  return everyPeer(`!has(peer.ipBlock) || ${condition}`, fields);
}

function everyPeer(condition: string, fields: readonly string[] = ["from", "to"]): string {
  return `variables.rules.all(rule, ${literal(fields)}.all(field, !(field in rule) || rule[field].all(peer, ${condition})))`;
}

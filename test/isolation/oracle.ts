import { BlockList, isIPv6 } from "node:net";
import {
  type IsolationObject,
  type Labels,
  type LabelSelector,
  type NetworkPolicy,
  type NetworkPolicyPeer,
  type NetworkPolicyPort,
  type Pod,
} from "#isolation/objects";
import { type Endpoint, type SideVerdict, type TargetPort, type Verdict } from "#isolation/verdict";

/**
 * Who may reach whom, as the documentation says it: each sentence stands beside the code that
 * does what it says. Slow on purpose, as there is nothing in here but these sentences.
 *
 * Quoted without a mark: https://kubernetes.io/docs/concepts/services-networking/network-policies/
 * Quoted as [API]: the API reference, from k8s.io/api v0.36.3, networking/v1/types.go
 * Quoted as [labels]: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/
 */

type Direction = "egress" | "ingress";

interface Connection {
  readonly objects: readonly IsolationObject[];
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly port: TargetPort;
}

/** What each side of the connection says, and both together. */
export function mayReach(
  objects: readonly IsolationObject[],
  from: Endpoint,
  to: Endpoint,
  port: TargetPort,
): Verdict {
  const connection = { objects, from, to, port };
  const egress = side(connection, "egress");
  const ingress = side(connection, "ingress");
  // "For a connection from a source pod to a destination pod to be allowed, both the egress policy
  // on the source pod and the ingress policy on the destination pod need to allow the connection.
  // If either side does not allow the connection, it will not happen."
  return { allowed: egress.allowed && ingress.allowed, egress, ingress };
}

function side(connection: Connection, direction: Direction): SideVerdict {
  const { objects, from, to } = connection;
  const own = podAt(objects, direction === "egress" ? from : to);
  // "NetworkPolicies apply to a connection with a pod on one or both ends, and are not relevant to
  // other connections."
  if (own === undefined) {
    return { allowed: true, by: [] };
  }
  // "a pod cannot block access to itself"
  if (own === podAt(objects, direction === "egress" ? to : from)) {
    return { allowed: true, by: [] };
  }
  // "By default, a pod is non-isolated for egress; all outbound connections are allowed. A pod is
  // isolated for egress if there is any NetworkPolicy that both selects the pod and has "Egress" in
  // its `policyTypes`; we say that such a policy applies to the pod for egress." The same is said
  // of ingress.
  const applying = objects
    .filter((object) => object.kind === "NetworkPolicy")
    .filter((policy) => selects(policy, own) && policyTypes(policy).includes(direction));
  if (applying.length === 0) {
    return { allowed: true, by: [] };
  }
  // "When a pod is isolated for egress, the only allowed connections from the pod are those allowed
  // by the `egress` list of some NetworkPolicy that applies to the pod for egress. […] The effects
  // of those `egress` lists combine additively." The same is said of ingress.
  const rules = applying.flatMap((policy) => allowingRules(connection, direction, policy));
  return rules.length > 0
    ? { allowed: true, by: rules }
    : { allowed: false, by: applying.map(fullName) };
}

function selects(policy: NetworkPolicy, pod: Pod): boolean {
  return (
    // "An empty `podSelector` selects all pods in the namespace."
    policy.metadata?.namespace === pod.metadata?.namespace &&
    // "The network plugin […] ignores `hostNetwork` pods when matching `podSelector` and
    // `namespaceSelector`. […] This applies when a `hostNetwork` pod is selected by
    // `spec.podSelector`."
    !isOnHostNetwork(pod) &&
    // [API] "This field is optional. If it is not specified, it defaults to an empty selector."
    matches(policy.spec?.podSelector ?? {}, labelsOf(pod))
  );
}

function policyTypes(policy: NetworkPolicy): Direction[] {
  const { policyTypes = [], egress = [] } = policy.spec ?? {};
  // "If no `policyTypes` are specified on a NetworkPolicy then by default `Ingress` will always be
  // set and `Egress` will be set if the NetworkPolicy has any egress rules."
  if (policyTypes.length === 0) {
    return egress.length > 0 ? ["ingress", "egress"] : ["ingress"];
  }
  return (["ingress", "egress"] as const).filter((direction) =>
    policyTypes.includes(direction === "ingress" ? "Ingress" : "Egress"),
  );
}

function allowingRules(
  connection: Connection,
  direction: Direction,
  policy: NetworkPolicy,
): string[] {
  const peer = direction === "egress" ? connection.to : connection.from;
  return rulesOf(policy, direction).flatMap(({ peers, ports }, index) => {
    // "Each rule allows traffic which matches both the `from` and `ports` sections."
    const allows =
      matchesPeers(connection.objects, policy, peers, peer) && matchesPorts(connection, ports);
    return allows ? [`${fullName(policy)} ${direction}[${index}]`] : [];
  });
}

function rulesOf(
  policy: NetworkPolicy,
  direction: Direction,
): { peers: readonly NetworkPolicyPeer[]; ports: readonly NetworkPolicyPort[] }[] {
  // [API] "If this field is empty then this NetworkPolicy does not allow any traffic (and serves
  // solely to ensure that the pods it selects are isolated by default)"
  const { ingress = [], egress = [] } = policy.spec ?? {};
  return direction === "ingress"
    ? ingress.map(({ from = [], ports = [] }) => ({ peers: from, ports }))
    : egress.map(({ to = [], ports = [] }) => ({ peers: to, ports }));
}

function matchesPeers(
  objects: readonly IsolationObject[],
  policy: NetworkPolicy,
  peers: readonly NetworkPolicyPeer[],
  endpoint: Endpoint,
): boolean {
  // [API] "Items in this list are combined using a logical OR operation. If this field is empty or
  // missing, this rule matches all sources (traffic not restricted by source). If this field is
  // present and contains at least one item, this rule allows traffic only if the traffic matches
  // at least one item in the from list." The same is said of `to`.
  return peers.length === 0 || peers.some((peer) => matchesPeer(objects, policy, peer, endpoint));
}

function matchesPeer(
  objects: readonly IsolationObject[],
  policy: NetworkPolicy,
  peer: NetworkPolicyPeer,
  endpoint: Endpoint,
): boolean {
  const { podSelector, namespaceSelector, ipBlock } = peer;
  // [API] "If this field is set then neither of the other fields can be."
  if (ipBlock !== undefined) {
    return addressesOf(objects, endpoint).some((address) => isInBlock(address, ipBlock));
  }
  const pod = podAt(objects, endpoint);
  // "Traffic to/from `hostNetwork` pods is treated the same as all other traffic to/from the node
  // IP."
  if (pod === undefined || isOnHostNetwork(pod)) {
    return false;
  }
  const namespace = pod.metadata?.namespace;
  const isNamespaceSelected =
    namespaceSelector === undefined
      ? // [API] "Otherwise it selects the pods matching podSelector in the policy's own namespace."
        namespace === policy.metadata?.namespace
      : // [API] "if present but empty, it selects all namespaces."
        matches(namespaceSelector, namespaceLabels(objects, namespace));
  // [API] "If podSelector is also set, then the NetworkPolicyPeer as a whole selects the pods
  // matching podSelector in the namespaces selected by namespaceSelector. Otherwise it selects all
  // pods in the namespaces selected by namespaceSelector."
  return isNamespaceSelected && matches(podSelector ?? {}, labelsOf(pod));
}

/**
 * "`ipBlock`: This selects particular IP CIDR ranges to allow as ingress sources or egress
 * destinations. These should be cluster-external IPs, since Pod IPs are ephemeral and
 * unpredictable." Whether it matches pods as well is left to the network plugin; here it does.
 */
function isInBlock(
  address: string,
  { cidr = "", except = [] }: NonNullable<NetworkPolicyPeer["ipBlock"]>,
): boolean {
  // [API] "The except entry describes CIDRs that should not be included within this rule."
  return isInRange(address, cidr) && !except.some((excluded) => isInRange(address, excluded));
}

function isInRange(address: string, cidr: string): boolean {
  const [network = "", prefix = ""] = cidr.split("/");
  if (isIPv6(network) !== isIPv6(address)) {
    return false;
  }
  const family = isIPv6(network) ? "ipv6" : "ipv4";
  const range = new BlockList();
  range.addSubnet(network, Number(prefix), family);
  return range.check(address, family);
}

function matchesPorts(connection: Connection, ports: readonly NetworkPolicyPort[]): boolean {
  // [API] "Each item in this list is combined using a logical OR. If this field is empty or
  // missing, this rule matches all ports (traffic not restricted by port). If this field is
  // present and contains at least one item, then this rule allows traffic only if the traffic
  // matches at least one port in the list."
  return ports.length === 0 || ports.some((port) => matchesPort(connection, port));
}

function matchesPort({ objects, to, port: target }: Connection, ruled: NetworkPolicyPort): boolean {
  // [API] "protocol represents the protocol (TCP, UDP, or SCTP) which traffic must match. If not
  // specified, this field defaults to TCP."
  if ((ruled.protocol ?? "TCP") !== target.protocol) {
    return false;
  }
  // [API] "If this field is not provided, this matches all port names and numbers."
  if (ruled.port === undefined) {
    return true;
  }
  // [API] "This can either be a numerical or named port on a pod."
  if (typeof ruled.port === "string") {
    return numbersOf(podAt(objects, to), ruled.port, target.protocol).includes(target.port);
  }
  // [API] "endPort indicates that the range of ports from port to endPort if set, inclusive, should
  // be allowed by the policy."
  return ruled.port <= target.port && target.port <= (ruled.endPort ?? ruled.port);
}

/** The numbers behind a named port: the pod is the destination in both directions. */
function numbersOf(pod: Pod | undefined, name: string, protocol: string): (number | undefined)[] {
  const { containers = [], initContainers = [] } = pod?.spec ?? {};
  // k8s.io/endpointslice v0.36.3, FindPort: "look that string up in all named ports in all
  // containers in the target pod", "also support sidecar container (initContainer with
  // restartPolicy=Always)".
  const sidecars = initContainers.filter(({ restartPolicy }) => restartPolicy === "Always");
  return (
    [...containers, ...sidecars]
      .flatMap(({ ports = [] }) => ports)
      .filter((port) => port.name === name)
      // core/v1: "Protocol for port. Must be UDP, TCP, or SCTP. Defaults to "TCP"."
      .filter((port) => (port.protocol ?? "TCP") === protocol)
      .map((port) => port.containerPort)
  );
}

function matches(selector: LabelSelector, labels: Labels): boolean {
  const { matchLabels = {}, matchExpressions = [] } = selector;
  // [API] "A single {key,value} in the matchLabels map is equivalent to an element of
  // matchExpressions, whose key field is "key", the operator is "In", and the values array contains
  // only "value". The requirements are ANDed."
  const requirements = Object.entries(matchLabels).map(([key, value]) => ({
    key,
    operator: "In",
    values: [value],
  }));
  return [...requirements, ...matchExpressions].every((requirement) =>
    meets(requirement, new Map(Object.entries(labels))),
  );
}

type Requirement = NonNullable<LabelSelector["matchExpressions"]>[number];

function meets(
  { key = "", operator = "", values = [] }: Requirement,
  labels: ReadonlyMap<string, string>,
): boolean {
  const value = labels.get(key);
  switch (operator) {
    // [labels] "selects all resources with key equal to environment and value equal to production
    // or qa"
    case "In":
      return value !== undefined && values.includes(value);
    // [labels] "selects all resources with key equal to tier and values other than frontend and
    // backend, and all resources with no labels with the tier key"
    case "NotIn":
      return value === undefined || !values.includes(value);
    // [labels] "selects all resources including a label with key partition; no values are checked"
    case "Exists":
      return value !== undefined;
    // [labels] "selects all resources without a label with key partition; no values are checked"
    case "DoesNotExist":
      return value === undefined;
    default:
      throw new RangeError(`The API has no operator ${operator}.`);
  }
}

function namespaceLabels(objects: readonly IsolationObject[], name: string | undefined): Labels {
  const namespace = objects.find(
    (object) => object.kind === "Namespace" && object.metadata?.name === name,
  );
  // "The Kubernetes control plane sets an immutable label `kubernetes.io/metadata.name` on all
  // namespaces, the value of the label is the namespace name."
  return { ...namespace?.metadata?.labels, "kubernetes.io/metadata.name": name ?? "" };
}

function podAt(objects: readonly IsolationObject[], endpoint: Endpoint): Pod | undefined {
  if (!("pod" in endpoint)) {
    return onlyPodWith(objects, endpoint.address);
  }
  const pod = objects.find((object) => object.kind === "Pod" && fullName(object) === endpoint.pod);
  if (pod?.kind !== "Pod") {
    throw new RangeError(`There is no pod ${endpoint.pod}.`);
  }
  return pod;
}

/** "Every Pod in a cluster gets its own unique cluster-wide IP address", but for `hostNetwork` pods. */
function onlyPodWith(objects: readonly IsolationObject[], address: string): Pod | undefined {
  const pods = objects.filter((object) => object.kind === "Pod");
  const owners = pods.filter((pod) => addressesOfPod(pod).includes(address));
  return owners.length === 1 && !owners.some(isOnHostNetwork) ? owners[0] : undefined;
}

function addressesOf(objects: readonly IsolationObject[], endpoint: Endpoint): string[] {
  const pod = podAt(objects, endpoint);
  if (pod !== undefined) {
    return addressesOfPod(pod);
  }
  return "address" in endpoint ? [endpoint.address] : [];
}

function addressesOfPod({ status }: Pod): string[] {
  const { podIP, podIPs = [] } = status ?? {};
  return [podIP, ...podIPs.map(({ ip }) => ip)].filter((address) => address !== undefined);
}

function isOnHostNetwork(pod: Pod): boolean {
  return pod.spec?.hostNetwork === true;
}

function labelsOf(pod: Pod): Labels {
  return pod.metadata?.labels ?? {};
}

function fullName({ metadata }: IsolationObject): string {
  return `${metadata?.namespace}/${metadata?.name}`;
}

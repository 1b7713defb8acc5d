import fc from "fast-check";
import {
  type Endpoint,
  type IsolationObject,
  type LabelSelector,
  type Labels,
  type NetworkPolicy,
  type TargetPort,
} from "#isolation/index";

/** Short words for the objects of a test. */

type Spec = NonNullable<NetworkPolicy["spec"]>;
type PodObject = Extract<IsolationObject, { kind: "Pod" }>;

export function namespace(name: string, labels: Labels = {}): IsolationObject {
  return { kind: "Namespace", metadata: { name, labels } };
}

/** A pod such as `a/web`, with named ports such as `{ http: 8080 }` of TCP. */
export function pod(
  path: string,
  labels: Labels = {},
  {
    ips = [],
    ports = {},
    hostNetwork,
  }: { ips?: string[]; ports?: Record<string, number>; hostNetwork?: boolean } = {},
): PodObject {
  const [namespace, name] = path.split("/");
  const named = Object.entries(ports).map(([name, containerPort]) => ({ name, containerPort }));
  return {
    kind: "Pod",
    metadata: { namespace, name, labels },
    spec: { hostNetwork, containers: [{ ports: named }] },
    status: { podIP: ips[0], podIPs: ips.map((ip) => ({ ip })) },
  };
}

/** A policy such as `a/dns`. */
export function policy(path: string, spec: Spec): NetworkPolicy {
  const [namespace, name] = path.split("/");
  return { kind: "NetworkPolicy", metadata: { namespace, name }, spec };
}

export function tcp(port: number): TargetPort {
  return { port, protocol: "TCP" };
}

export function named(name: string): LabelSelector {
  return { matchLabels: { "kubernetes.io/metadata.name": name } };
}

export const denyAll: Spec = { podSelector: {}, policyTypes: ["Ingress", "Egress"] };

/** Everything that some random policies can be about, in so few words that they often meet. */
const word = fc.constantFrom("a", "b");
const labels: fc.Arbitrary<Labels> = fc.dictionary(fc.constantFrom("x", "y"), word);

const selector: fc.Arbitrary<LabelSelector> = fc.record(
  {
    matchLabels: labels,
    matchExpressions: fc.array(
      fc.oneof(
        fc.record({
          key: fc.constantFrom("x", "y"),
          operator: fc.constantFrom("In", "NotIn"),
          values: fc.uniqueArray(word, { minLength: 1 }),
        }),
        fc.record({
          key: fc.constantFrom("x", "y"),
          operator: fc.constantFrom("Exists", "DoesNotExist"),
        }),
      ),
      { maxLength: 2 },
    ),
  },
  { requiredKeys: [] },
);

const peer = fc.oneof(
  fc.record({ podSelector: selector }),
  fc.record({ namespaceSelector: selector }),
  fc.record({ namespaceSelector: selector, podSelector: selector }),
  fc.constantFrom(
    { ipBlock: { cidr: "10.0.0.0/8", except: ["10.0.0.0/29"] } },
    { ipBlock: { cidr: "0.0.0.0/0", except: ["10.0.0.0/8"] } },
    { ipBlock: { cidr: "10.0.0.2/32" } },
    { ipBlock: { cidr: "fd00::/8" } },
  ),
);

const port = fc.constantFrom(
  { port: 80 },
  { port: "http" },
  { port: 79, endPort: 81 },
  { port: 53, protocol: "UDP" },
  { protocol: "UDP" },
  {},
);

const rules = <Key extends string>(key: Key) =>
  fc.array(
    fc.record(
      { [key]: fc.array(peer, { maxLength: 2 }), ports: fc.array(port, { maxLength: 2 }) },
      { requiredKeys: [] },
    ),
    { maxLength: 2 },
  );

const spec: fc.Arbitrary<Spec> = fc.record(
  {
    podSelector: selector,
    policyTypes: fc.subarray(["Ingress", "Egress"]),
    ingress: rules("from"),
    egress: rules("to"),
  },
  { requiredKeys: ["podSelector"] },
);

export const policies: fc.Arbitrary<NetworkPolicy[]> = fc
  .array(fc.tuple(word, spec), { maxLength: 5 })
  .map((specs) => specs.map(([namespace, spec], index) => policy(`${namespace}/p${index}`, spec)));

const podLabels = fc.array(fc.tuple(word, labels, fc.boolean(), fc.integer({ min: 0, max: 9 })), {
  minLength: 1,
  maxLength: 6,
});

export const pods: fc.Arbitrary<PodObject[]> = podLabels.map((found) =>
  found.map(([namespace, labels, isDualStack, chance], index) =>
    pod(`${namespace}/pod${index}`, labels, {
      ips: [`10.0.0.${index}`, ...(isDualStack ? [`fd00::${index}`] : [])],
      ports: { http: chance % 2 === 0 ? 80 : 8080 },
      hostNetwork: chance === 0,
    }),
  ),
);

export const namespaces: fc.Arbitrary<IsolationObject[]> = fc
  .tuple(labels, labels)
  .map(([one, other]) => [namespace("a", one), namespace("b", other)]);

export const targetPorts: readonly TargetPort[] = [
  tcp(80),
  tcp(8080),
  { port: 53, protocol: "UDP" },
];

/** The pods and some addresses. */
export function endpointsOf(pods: readonly PodObject[]): Endpoint[] {
  return [
    ...pods.map(({ metadata }) => ({ pod: `${metadata?.namespace}/${metadata?.name}` })),
    { address: "10.0.0.3" },
    { address: "192.0.2.1" },
    { address: "fd00::7" },
  ];
}

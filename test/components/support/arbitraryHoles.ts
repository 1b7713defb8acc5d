import fc from "fast-check";
import { Mesh } from "#components/environment/mesh/meshArgs";
import {
  type AddressRange,
  intersection,
  merge,
  subtract,
  toCidrs,
} from "#components/core/addresses";
import {
  type ClusterNetworkArgs,
  type HoleArgs,
  type HolePortArgs,
  type ProtectedArgs,
} from "#components/environment/network/networkArgs";
import { closedAddresses } from "#components/core/specialAddresses";
import { anyCidr, otherNamespaces, rangesOf } from "./arbitraryNetworks";

/** What holes are made in. */
export interface HoleWorld {
  readonly cluster: ClusterNetworkArgs | undefined;
  readonly protected: ProtectedArgs | undefined;
  readonly mesh: Mesh | undefined;
}

/** The other side of a hole. */
type Side = Pick<
  HoleArgs,
  "direction" | "peer" | "namespace" | "peerPodLabels" | "cidr" | "except" | "meshed"
>;

const publicRange = "93.184.0.0/16";

/** Holes of every peer, direction and kind of port that the world can express. */
export function anyHoles(world: HoleWorld): fc.Arbitrary<HoleArgs[]> {
  return fc.uniqueArray(anyHole(world), { maxLength: 4, selector: ({ name }) => name });
}

/** Labels of pods. Some keys are names that every object of JavaScript has. */
export function anyPodLabels(minKeys = 0): fc.Arbitrary<Record<string, string>> {
  return fc.dictionary(
    fc.constantFrom("app", "k8s-app", "example.com/tier", "constructor", "then"),
    fc.constantFrom("shop", "admin", "A_1.b-c", ""),
    { minKeys, maxKeys: 2, noNullPrototype: true },
  );
}

function anyHole(world: HoleWorld): fc.Arbitrary<HoleArgs> {
  return anySide(world).chain((side) =>
    fc
      .record(
        {
          name: anyName(),
          ports: anyPorts(side, world),
          podLabels: takesPlainText(side, world) ? anyChosenPods() : anyPodLabels(),
          reason: fc
            .string({ unit: "grapheme", minLength: 1, maxLength: 40 })
            .filter((text) => text.trim() !== ""),
          expiresAt: fc.constantFrom("2020-01-01T00:00:00Z", "9999-12-31T23:59:59Z"),
        },
        {
          requiredKeys: takesPlainText(side, world)
            ? ["name", "ports", "reason", "podLabels"]
            : ["name", "ports", "reason"],
        },
      )
      .map((rest) => ({ ...side, ...rest })),
  );
}

function anyName(): fc.Arbitrary<string> {
  return fc.oneof(
    fc.constantFrom("metrics", "metrics-80", "ingress", "x".repeat(50)),
    fc
      .string({ unit: fc.constantFrom(..."abc019-"), minLength: 1, maxLength: 12 })
      .map((text) => text.replace(/^-/, "a").replace(/-$/, "z")),
  );
}

/** Istio takes plain text for chosen pods only; one key with one value each, none for two. */
function anyChosenPods(): fc.Arbitrary<Record<string, string>> {
  return fc.constantFrom("shop", "admin").map((app) => ({ app }));
}

function takesPlainText({ direction, peer, cidr, meshed }: Side, { mesh }: HoleWorld): boolean {
  const isIstio = mesh === Mesh.Istio || mesh === Mesh.Ambient;
  return (
    isIstio &&
    direction === "ingress" &&
    (peer === "cidr" || cidr !== undefined || meshed === false)
  );
}

function anySide(world: HoleWorld): fc.Arbitrary<Side> {
  const { cluster } = world;
  const hasApiServer = (cluster?.apiServer ?? []).length > 0;
  return fc.oneof(
    ...podSides(world),
    ...(cluster === undefined ? [] : [...rangeSides(world, cluster), internet]),
    ...(hasApiServer ? [apiServer] : []),
  );
}

const internet: fc.Arbitrary<Side> = fc.constant({ direction: "egress", peer: "internet" });
const apiServer: fc.Arbitrary<Side> = fc.constant({ direction: "egress", peer: "apiServer" });

function podSides({ mesh }: HoleWorld): fc.Arbitrary<Side>[] {
  const namespace = fc.constantFrom(...otherNamespaces);
  const pods = {
    peerPodLabels: anyPodLabels(),
    ...(mesh === undefined ? {} : { meshed: fc.boolean() }),
  };
  const ingress = fc.constant("ingress" as const);
  return [
    fc.record(
      {
        direction: ingress,
        peer: fc.constantFrom("ingressController" as const, "monitoring" as const),
        namespace,
        ...pods,
      },
      { requiredKeys: ["direction", "peer"] },
    ),
    fc.record(
      { direction: ingress, peer: fc.constant("testRunner" as const), namespace, ...pods },
      { requiredKeys: ["direction", "peer", "namespace"] },
    ),
    fc.record(
      {
        direction: fc.constantFrom("ingress" as const, "egress" as const),
        peer: fc.constant("namespace" as const),
        namespace,
        ...pods,
      },
      { requiredKeys: ["direction", "peer", "namespace"] },
    ),
  ];
}

function rangeSides(world: HoleWorld, cluster: ClusterNetworkArgs): fc.Arbitrary<Side>[] {
  const side = fc.constantFrom(
    { direction: "ingress" as const, peer: "testRunner" as const },
    { direction: "ingress" as const, peer: "cidr" as const },
    { direction: "egress" as const, peer: "cidr" as const },
  );
  const range = anyOpenRange(world, cluster);
  return [fc.tuple(side, range).map(([chosen, open]) => ({ ...chosen, ...open }))];
}

/** A range without anything that holes leave closed, and at times without a part of the rest. */
function anyOpenRange(
  world: HoleWorld,
  cluster: ClusterNetworkArgs,
): fc.Arbitrary<Pick<HoleArgs, "cidr" | "except">> {
  const hasIpv6 = cluster.pods.length > 1;
  const cidr = fc.oneof(
    fc.constantFrom("10.0.0.0/8", "203.0.113.0/24", "169.0.0.0/8", publicRange),
    anyCidr("IPv4", 8, 32),
    ...(hasIpv6 ? [fc.constant("fd00::/16"), anyCidr("IPv6", 16, 128)] : []),
  );
  const closed = [
    ...rangesOf([...cluster.pods, ...cluster.services, ...cluster.nodes]),
    ...rangesOf(cluster.apiServer),
    ...rangesOf(world.protected?.cidrs),
    ...closedAddresses.map(({ range }) => range),
  ];
  return fc.tuple(cidr, fc.boolean()).map(([text, exceptsMore]) => {
    const [range] = rangesOf([text]);
    const except = range === undefined ? [] : exceptionsIn(range, closed, exceptsMore);
    const isOpen = range !== undefined && subtract([range], except).length > 0;
    return isOpen
      ? { cidr: text, ...(except.length === 0 ? {} : { except: toCidrs(except) }) }
      : openInstead(closed);
  });
}

function exceptionsIn(
  range: AddressRange,
  closed: readonly AddressRange[],
  exceptsMore: boolean,
): AddressRange[] {
  const half = { ...range, last: (range.first + range.last) / 2n };
  return merge([
    ...closed.flatMap((other) => intersection(range, other) ?? []),
    ...(exceptsMore && half.last < range.last ? [half] : []),
  ]);
}

/** Where all of a range is closed: the first address of the internet that is not. */
function openInstead(closed: readonly AddressRange[]): Pick<HoleArgs, "cidr"> {
  const [first] = subtract(rangesOf(["0.0.0.0/0"]), closed);
  if (first === undefined) {
    throw new Error("Every address is closed.");
  }
  return { cidr: toCidrs([{ ...first, last: first.first }]).join() };
}

function anyPorts(side: Side, { mesh }: HoleWorld): fc.Arbitrary<HolePortArgs[]> {
  const toAddresses = ["cidr", "internet", "apiServer"].includes(side.peer);
  const isTunnel = ({ port, endPort = port, protocol }: HolePortArgs) =>
    side.direction === "egress" &&
    toAddresses &&
    protocol !== "SCTP" &&
    [53, 853].some((resolver) => port <= resolver && resolver <= endPort);
  const isUnknownToMeshes = ({ port, endPort = port, protocol = "TCP" }: HolePortArgs) =>
    mesh !== undefined && side.direction === "ingress" && protocol === "TCP" && endPort > port;
  const ports = fc.array(
    anyPort().filter((port) => !isTunnel(port) && !isUnknownToMeshes(port)),
    { minLength: 1, maxLength: 3 },
  );
  return fc
    .tuple(ports, fc.nat({ max: 4 }))
    .map(([list, chance]) => (chance === 4 ? [...list, ...list] : list));
}

function anyPort(): fc.Arbitrary<HolePortArgs> {
  const port = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(80, 443, 8080) },
    { weight: 1, arbitrary: fc.constantFrom(1, 52, 53, 853, 65535) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 65535 }) },
  );
  const protocol = fc.constantFrom("TCP" as const, "UDP" as const, "SCTP" as const);
  return fc.oneof(
    fc.record({ port, protocol }, { requiredKeys: ["port"] }),
    fc
      .record({ port, endPort: port, protocol }, { requiredKeys: ["port", "endPort"] })
      .map(({ port: one, endPort: other, ...rest }) => ({
        ...rest,
        port: Math.min(one, other),
        endPort: Math.max(one, other),
      })),
  );
}

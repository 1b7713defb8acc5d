import fc from "fast-check";
import {
  type AddressRange,
  intersection,
  parseAddress,
  parseCidr,
  toCidrs,
} from "#components/core/addresses";
import {
  type ClusterNetworkArgs,
  type ProtectedArgs,
} from "#components/environment/network/networkArgs";
import { closedAddresses } from "#components/core/specialAddresses";

/** The namespaces on the other side of generated holes. */
export const otherNamespaces = ["ingress-nginx", "monitoring", "tests", "shop-tools"] as const;

/** A cluster's own addresses: IPv4, and IPv6 for some. */
export function anyCluster(): fc.Arbitrary<ClusterNetworkArgs> {
  return fc
    .record({
      second: fc.integer({ min: 64, max: 191 }),
      hasIpv6: fc.boolean(),
      apiServer: fc.subarray(["endpoint", "service", "range"]),
    })
    .map(({ second, hasIpv6, apiServer }) => {
      const addresses: Record<string, string[]> = {
        endpoint: ["192.168.7.10", ...(hasIpv6 ? ["fd00:3::10"] : [])],
        service: [`10.${second + 64}.0.1`],
        range: ["198.18.5.16/30"],
      };
      const ipv6 = (text: string) => (hasIpv6 ? [text] : []);
      return {
        pods: [`10.${second}.0.0/16`, ...ipv6("fd00:1::/56")],
        services: [`10.${second + 64}.0.0/16`, ...ipv6("fd00:2::/108")],
        nodes: ["192.168.7.0/24", ...ipv6("fd00:3::/64")],
        ...(apiServer.length === 0
          ? {}
          : { apiServer: apiServer.flatMap((kind) => addresses[kind] ?? []) }),
      };
    });
}

/** Protected targets that leave the API server and the namespaces of holes alone. */
export function anyProtected(
  cluster: ClusterNetworkArgs | undefined,
): fc.Arbitrary<ProtectedArgs | undefined> {
  const apiServer = rangesOf(cluster?.apiServer);
  const cidr = fc
    .oneof(
      fc.constantFrom("203.0.113.0/24", "10.1.0.0/16", "8.8.8.8/32", "2001:db8::/32"),
      anyCidr("IPv4", 4, 32),
      anyCidr("IPv6", 16, 128),
    )
    .filter((text) => !overlapsAny(text, apiServer));
  const pattern = fc
    .oneof(
      fc.constantFrom("payments", "*-production", "team-*", "*secret*"),
      fc.string({ unit: fc.constantFrom(..."abs*-"), minLength: 1, maxLength: 12 }),
    )
    .filter(
      (text) =>
        !text.startsWith("-") &&
        !text.endsWith("-") &&
        !otherNamespaces.some((namespace) => matchesWildcards(namespace, text)) &&
        !["openshift-dns", "kube-system"].some((namespace) => matchesWildcards(namespace, text)),
    );
  const targets = fc.record(
    {
      namespaces: fc.array(pattern, { maxLength: 3 }),
      cidrs: fc.array(cidr, { maxLength: 3 }),
    },
    { requiredKeys: [] },
  );
  return fc.option(targets, { nil: undefined });
}

/** A range of addresses in its plain form. */
export function anyCidr(
  family: AddressRange["family"],
  shortest: number,
  longest: number,
): fc.Arbitrary<string> {
  const bits = family === "IPv4" ? 32n : 128n;
  return fc
    .record({
      address: fc.bigInt({ min: 0n, max: (1n << bits) - 1n }),
      length: fc.integer({ min: shortest, max: longest }),
    })
    .map(({ address, length }) => {
      const hostBits = bits - BigInt(length);
      const first = (address >> hostBits) << hostBits;
      return toCidrs([{ family, first, last: first + (1n << hostBits) - 1n }]).join();
    });
}

/** A single address where a resolver may be: nothing special, nothing protected. */
export function pickedAddress({
  cluster,
  protected: targets,
}: {
  readonly cluster?: ClusterNetworkArgs | undefined;
  readonly protected?: ProtectedArgs | undefined;
}): fc.Arbitrary<string> {
  const forbidden = [
    ...rangesOf(targets?.cidrs),
    ...rangesOf(cluster?.apiServer),
    ...closedAddresses.map(({ range }) => range),
  ];
  const candidates = ["10.255.0.10", "172.20.0.10", "192.0.2.53", "2001:db8:1::53", "fd00:2::a"];
  const anywhere = fc.oneof(anyCidr("IPv4", 32, 32), anyCidr("IPv6", 128, 128));
  return fc
    .oneof(
      fc.constantFrom(...candidates),
      anywhere.map((cidr) => cidr.replace(/\/\d+$/, "")),
    )
    .filter((address) => !overlapsAny(address, forbidden));
}

/** The ranges that texts stand for, single addresses too. */
export function rangesOf(texts: readonly string[] = []): AddressRange[] {
  return texts.flatMap((text) => parseCidr(text) ?? parseAddress(text) ?? []);
}

/** Whether the text fits the pattern, in which `*` stands for any text. */
export function matchesWildcards(text: string, pattern: string): boolean {
  const [head = "", ...rest] = pattern;
  if (pattern === "") {
    return text === "";
  }
  return head === "*"
    ? matchesWildcards(text, rest.join("")) ||
        (text !== "" && matchesWildcards(text.slice(1), pattern))
    : text.startsWith(head) && matchesWildcards(text.slice(1), rest.join(""));
}

function overlapsAny(text: string, others: readonly AddressRange[]): boolean {
  return rangesOf([text]).some((range) =>
    others.some((other) => intersection(range, other) !== undefined),
  );
}

import { type NamedRange, namedRanges } from "./namedRanges";

/**
 * Addresses that mean something special wherever the cluster runs.
 */

/**
 * Where clouds answer with the credentials of a node or a pod. Besides the link-local addresses:
 * Azure's wire server, Alibaba's and Oracle's metadata, AWS's services and Google's metadata over
 * IPv6.
 */
export const metadataAddresses: readonly NamedRange[] = [
  ...special("the link-local addresses, where clouds serve metadata", [
    "169.254.0.0/16",
    "fe80::/10",
  ]),
  ...special("the metadata addresses of clouds", [
    "168.63.129.16/32",
    "100.100.100.200/32",
    "192.0.0.192/32",
    "fd00:ec2::/32",
    "fd20:ce::254/128",
  ]),
];

/**
 * Addresses that are no one machine on a network. `::/8` holds the unspecified and the loopback
 * address and, as `2002::/16` does, IPv4 addresses in another form.
 * See https://www.iana.org/assignments/iana-ipv6-special-registry/
 */
export const unroutableAddresses: readonly NamedRange[] = [
  ...special("the unspecified addresses", ["0.0.0.0/8"]),
  ...special("the loopback addresses", ["127.0.0.0/8"]),
  ...special("the multicast addresses", ["224.0.0.0/4", "ff00::/8"]),
  ...special("the broadcast address", ["255.255.255.255/32"]),
  ...special("the loopback, unspecified and translated addresses", ["::/8", "2002::/16"]),
];

/** Addresses that no hole opens, in any cluster. */
export const closedAddresses: readonly NamedRange[] = [
  ...metadataAddresses,
  ...unroutableAddresses,
];

/** Addresses that clusters and other private networks take theirs from. */
export const privateAddresses: readonly NamedRange[] = [
  ...special("the private addresses", [
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "fc00::/7",
  ]),
  ...special("the addresses of carriers", ["100.64.0.0/10"]),
];

/**
 * Addresses that are not on the internet: all of IPv4, and the private ones of IPv6.
 * See https://www.iana.org/assignments/iana-ipv4-special-registry/
 */
export const nonPublicAddresses: readonly NamedRange[] = [
  ...privateAddresses,
  ...special("the addresses of protocols", ["192.0.0.0/24"]),
  ...special("the addresses of benchmarks", ["198.18.0.0/15"]),
  ...special("the addresses of documentation", [
    "192.0.2.0/24",
    "198.51.100.0/24",
    "203.0.113.0/24",
  ]),
  ...special("the reserved addresses", ["240.0.0.0/4"]),
];

function special(name: string, texts: readonly string[]): NamedRange[] {
  return namedRanges(name, texts).map((range) => ({ ...range, name }));
}

/** Where the kubelet's probes come from in Istio's ambient mode. */
export const probeAddresses: readonly string[] = [
  "169.254.7.127/32",
  "fd16:9254:7127:1337:ffff:ffff:ffff:ffff/128",
];

import ipaddr from "ipaddr.js";

/**
 * Arithmetic on ranges of IP addresses: overlap is judged on addresses, never on text.
 */

/** The family of an address. */
export type AddressFamily = "IPv4" | "IPv6";

/** A run of addresses of one family, both ends included. */
export interface AddressRange {
  readonly family: AddressFamily;
  readonly first: bigint;
  readonly last: bigint;
}

/**
 * The shortest lengths that a range may have: no single owner has a larger one, so a larger one
 * opens addresses that the hole was not meant for.
 */
export const shortestLength = { IPv4: 8, IPv6: 16 } as const;

/** The most addresses of a resolver, of an API server or of some nodes, inside the cluster's ranges. */
export const fewAddresses = 256n;

/** The shortest lengths of ranges that have no more than these. */
export const lengthOfFew = { IPv4: 24, IPv6: 120 } as const;

const bitsOf: Readonly<Record<AddressFamily, number>> = { IPv4: 32, IPv6: 128 };
const mappedIpv4 = { first: 0xffffn << 32n, last: (0x10000n << 32n) - 1n };

/**
 * Reads a range such as `10.0.0.0/8` or `fd00::/8`; `undefined` when the text is none in its plain
 * form. Network plugins disagree about host bits (`10.0.0.1/8`), leading zeros and IPv4 written as
 * IPv6 (`::ffff:10.0.0.1`), so none of these is taken.
 * See https://github.com/antrea-io/antrea/issues/1764
 */
export function parseCidr(text: string): AddressRange | undefined {
  const [address = "", prefix = "", ...rest] = text.split("/");
  const family = familyOf(address);
  if (family === undefined || rest.length > 0 || !/^(0|[1-9]\d{0,2})$/.test(prefix)) {
    return undefined;
  }
  const hostBits = bitsOf[family] - Number(prefix);
  return hostBits < 0 ? undefined : plainRange(family, valueOf(address), BigInt(hostBits));
}

/** Reads one address, as a range of one; `undefined` when the text is none in its plain form. */
export function parseAddress(text: string): AddressRange | undefined {
  const family = familyOf(text);
  return family === undefined ? undefined : plainRange(family, valueOf(text), 0n);
}

/** Every address of a family. */
export function everyAddress(family: AddressFamily): AddressRange {
  return { family, first: 0n, last: (1n << BigInt(bitsOf[family])) - 1n };
}

/** The addresses that both ranges hold, or `undefined` when there are none. */
export function intersection(one: AddressRange, other: AddressRange): AddressRange | undefined {
  const first = one.first > other.first ? one.first : other.first;
  const last = one.last < other.last ? one.last : other.last;
  return one.family === other.family && first <= last
    ? { family: one.family, first, last }
    : undefined;
}

/** Whether every address of the first range is in the second. */
export function isWithin(inner: AddressRange, outer: AddressRange): boolean {
  return inner.family === outer.family && inner.first >= outer.first && inner.last <= outer.last;
}

/** The same addresses in as few ranges as possible, in order, IPv4 first. */
export function merge(ranges: readonly AddressRange[]): AddressRange[] {
  const merged: AddressRange[] = [];
  for (const range of [...ranges].sort(compareRanges)) {
    const previous = merged.at(-1);
    if (previous?.family === range.family && range.first <= previous.last + 1n) {
      const last = range.last > previous.last ? range.last : previous.last;
      merged[merged.length - 1] = { ...previous, last };
    } else {
      merged.push(range);
    }
  }
  return merged;
}

/** The addresses of the first ranges that are in none of the second, in as few ranges as possible. */
export function subtract(
  ranges: readonly AddressRange[],
  excluded: readonly AddressRange[],
): AddressRange[] {
  return merge(ranges).flatMap((range) => {
    const rest: AddressRange[] = [];
    let first = range.first;
    for (const hole of merge(excluded)) {
      const common = intersection(hole, { ...range, first });
      if (first <= range.last && common !== undefined) {
        if (first < common.first) {
          rest.push({ ...range, first, last: common.first - 1n });
        }
        first = common.last + 1n;
      }
    }
    return first <= range.last ? [...rest, { ...range, first }] : rest;
  });
}

/** The same addresses as the fewest CIDRs, in order, IPv4 first. */
export function toCidrs(ranges: readonly AddressRange[]): string[] {
  return merge(ranges).flatMap(cidrsOf);
}

function familyOf(address: string): AddressFamily | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(address)) {
    return "IPv4";
  }
  return ipaddr.IPv6.isValid(address) && !address.includes("%") ? "IPv6" : undefined;
}

function valueOf(address: string): bigint {
  const bytes = ipaddr.parse(address).toByteArray();
  return bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

function plainRange(
  family: AddressFamily,
  first: bigint,
  hostBits: bigint,
): AddressRange | undefined {
  const last = first + (1n << hostBits) - 1n;
  const isMapped = family === "IPv6" && first >= mappedIpv4.first && last <= mappedIpv4.last;
  return first % (1n << hostBits) === 0n && !isMapped ? { family, first, last } : undefined;
}

function compareRanges(one: AddressRange, other: AddressRange): number {
  if (one.family !== other.family) {
    return one.family < other.family ? -1 : 1;
  }
  return one.first < other.first ? -1 : Number(one.first > other.first);
}

function cidrsOf({ family, first, last }: AddressRange): string[] {
  const cidrs: string[] = [];
  for (let start = first; start <= last;) {
    let hostBits = 0n;
    while (isBlock(start, hostBits + 1n, last) && hostBits < BigInt(bitsOf[family])) {
      hostBits += 1n;
    }
    cidrs.push(`${addressOf(family, start)}/${bitsOf[family] - Number(hostBits)}`);
    start += 1n << hostBits;
  }
  return cidrs;
}

/** Whether the addresses from the start that share all but the host bits end by the last one. */
function isBlock(start: bigint, hostBits: bigint, last: bigint): boolean {
  return start % (1n << hostBits) === 0n && start + (1n << hostBits) - 1n <= last;
}

function addressOf(family: AddressFamily, value: bigint): string {
  const bytes = Array.from({ length: bitsOf[family] / 8 }, (_, index) =>
    Number((value >> BigInt(bitsOf[family] - 8 * (index + 1))) & 0xffn),
  );
  return ipaddr.fromByteArray(bytes).toString();
}

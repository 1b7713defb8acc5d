import { isIP } from "node:net";
import { expect } from "chai";
import fc from "fast-check";
import {
  type AddressRange,
  everyAddress,
  intersection,
  isWithin,
  merge,
  parseAddress,
  parseCidr,
  subtract,
  toCidrs,
} from "#components/core/addresses";

describe("a range of addresses", () => {
  it("is read from its plain form", () => {
    expect(parseCidr("10.1.0.0/16")).to.deep.equal({
      family: "IPv4",
      first: 0x0a010000n,
      last: 0x0a01ffffn,
    });
    expect(parseCidr("::/0")).to.deep.equal(everyAddress("IPv6"));
    expect(parseAddress("::2")).to.deep.equal({ family: "IPv6", first: 2n, last: 2n });
  });

  for (const text of [
    "10.0.0.1/8",
    "10.0.0.0",
    "10.0.0.0/33",
    "10.0.0.0/08",
    "10.0.0.0/8/8",
    "010.0.0.0/8",
    "10.0/8",
    "0x0a000000/8",
    "::ffff:10.0.0.1/128",
    "fe80::%eth0/64",
    "fd00::1/8",
    " 10.0.0.0/8",
    "",
    "/",
  ]) {
    it(`is not read from ${JSON.stringify(text)}, which network plugins read differently`, () => {
      expect(parseCidr(text)).to.equal(undefined);
    });
  }

  it("is read for every address of IPv4, and for nothing that is no address", () => {
    fc.assert(fc.property(fc.ipV4(), (text) => parseAddress(text)?.family === "IPv4"));
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.ipV6()),
        (text) => parseAddress(text) === undefined || isIP(text) > 0,
      ),
    );
  });
});

describe("arithmetic on addresses", () => {
  it("agrees with sets of single addresses on what both hold", () => {
    fc.assert(
      fc.property(smallRange, smallRange, (one, other) => {
        const common = intersection(one, other);
        expect(members(common === undefined ? [] : [common])).to.deep.equal(
          members([one]).filter((address) => members([other]).includes(address)),
        );
        expect(isWithin(one, other)).to.equal(
          members([one]).every((address) => members([other]).includes(address)),
        );
      }),
    );
  });

  it("agrees with sets of single addresses on unions, in as few ranges as possible", () => {
    fc.assert(
      fc.property(smallRanges, (ranges) => {
        const merged = merge(ranges);
        expect(members(merged)).to.deep.equal(members(ranges));
        expect(merged).to.have.length(runs(members(ranges)));
      }),
    );
  });

  it("agrees with sets of single addresses on differences, in as few ranges as possible", () => {
    fc.assert(
      fc.property(smallRanges, smallRanges, (ranges, excluded) => {
        const rest = members(ranges).filter((address) => !members(excluded).includes(address));
        expect(members(subtract(ranges, excluded))).to.deep.equal(rest);
        expect(subtract(ranges, excluded)).to.have.length(runs(rest));
      }),
    );
  });

  it("writes the same addresses as CIDRs that can be read, none of which fit together", () => {
    fc.assert(
      fc.property(smallRanges, (ranges) => {
        const cidrs = toCidrs(ranges);
        expect(members(cidrs.map(read))).to.deep.equal(members(ranges));
        for (const cidr of cidrs) {
          const [sibling, parent] = relatives(cidr);
          expect(cidrs).not.to.include(sibling);
          expect(cidrs).not.to.include(parent);
        }
      }),
    );
  });

  it("writes whole families as one CIDR each", () => {
    expect(toCidrs([everyAddress("IPv6"), everyAddress("IPv4")])).to.deep.equal([
      "0.0.0.0/0",
      "::/0",
    ]);
  });
});

const smallRange: fc.Arbitrary<AddressRange> = fc
  .tuple(fc.constantFrom("IPv4" as const, "IPv6" as const), fc.nat(40), fc.nat(40))
  .map(([family, one, other]) => ({
    family,
    first: BigInt(Math.min(one, other)),
    last: BigInt(Math.max(one, other)),
  }));
const smallRanges = fc.array(smallRange, { maxLength: 5 });

/** The naive model: every address by itself, IPv4 first, in order. */
function members(ranges: readonly AddressRange[]): string[] {
  return (["IPv4", "IPv6"] as const).flatMap((family) =>
    Array.from({ length: 41 }, (_, value) => BigInt(value))
      .filter((value) =>
        ranges.some(
          (range) => range.family === family && range.first <= value && value <= range.last,
        ),
      )
      .map((value) => `${family} ${value}`),
  );
}

function runs(addresses: readonly string[]): number {
  return addresses.filter((address) => {
    const [family, value] = address.split(" ");
    return !addresses.includes(`${family} ${Number(value) - 1}`);
  }).length;
}

function read(cidr: string): AddressRange {
  const range = parseCidr(cidr);
  if (range === undefined) {
    throw new Error(`${cidr} cannot be read.`);
  }
  return range;
}

/** The block that together with this one makes a larger block, and the larger one. */
function relatives(cidr: string): string[] {
  const range = read(cidr);
  const size = range.last - range.first + 1n;
  const first = range.first % (2n * size) === 0n ? range.first + size : range.first - size;
  const start = range.first < first ? range.first : first;
  return [
    toCidrs([{ ...range, first, last: first + size - 1n }]),
    toCidrs([{ ...range, first: start, last: start + 2n * size - 1n }]),
  ].map((cidrs) => cidrs.join());
}

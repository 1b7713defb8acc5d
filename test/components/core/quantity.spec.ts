import { expect } from "chai";
import fc from "fast-check";
import { one, parseQuantity } from "#components/core/quantity";

const runs = { numRuns: 10_000, seed: 20_260_117 };

describe("a quantity", () => {
  const nano = 1n;
  const micro = 1_000n * nano;
  const milli = 1_000n * micro;
  const kibi = 1_024n * one;
  const mebi = 1_024n * kibi;
  const gibi = 1_024n * mebi;

  // Values of Kubernetes' own tests: apimachinery, pkg/api/resource/quantity_test.go.
  const valid: Readonly<Record<string, bigint>> = {
    "0": 0n,
    "0n": 0n,
    "0Ti": 0n,
    "1": one,
    "+1": one,
    "-1": -one,
    "-0": 0n,
    "1Ki": kibi,
    "8Ki": 8n * kibi,
    "7Mi": 7n * mebi,
    "6Gi": 6n * gibi,
    "5Ti": 5n * 1_024n * gibi,
    "4Pi": 4n * 1_024n ** 2n * gibi,
    "3Ei": 3n * 1_024n ** 3n * gibi,
    "5n": 5n * nano,
    "4u": 4n * micro,
    "3m": 3n * milli,
    "500m": 500n * milli,
    "50k": 50_000n * one,
    "7M": 7n * 10n ** 6n * one,
    "6G": 6n * 10n ** 9n * one,
    "5T": 5n * 10n ** 12n * one,
    "2P": 2n * 10n ** 15n * one,
    "1E": 10n ** 18n * one,
    "12E": 12n * 10n ** 18n * one,
    "1E-3": milli,
    "1e3": 1_000n * one,
    "1e+3": 1_000n * one,
    "1E6": 10n ** 6n * one,
    "1.3E+6": 1_300_000n * one,
    "0.5e-2": 5n * milli,
    "0.5": 500n * milli,
    ".5": 500n * milli,
    "5.": 5n * one,
    "1.G": 10n ** 9n * one,
    ".0001k": 100n * milli,
    "0.00500": 5n * milli,
    "100.035k": 100_035n * one,
    "1.5Gi": 1_536n * mebi,
    "0.5Mi": 512n * kibi,
    "0.05Gi": 53_687_091_200_000_000n,
    "100.035Ki": 102_435_840_000_000n,
    "3.001n": 4n,
    "1.1E-9": 2n,
    "0.9n": 1n,
    "0.0000000001": 1n,
    "0.00000012345": 124n,
    "0.000000000001Ki": 2n,
    "-0.1n": -1n,
    "-3.001n": -4n,
  };
  for (const [text, amount] of Object.entries(valid)) {
    it(`written ${text} is ${amount} billionths`, () => {
      expect(parseQuantity(text)).to.equal(amount);
    });
  }

  const refusedByKubernetes =
    "|1.1.M|1+1.0M|0.1mi|0.1am|aoeu|.5i|1i|-3.01i|-3.01e-| 1|1 |2 cpus|1 Gi|1K|1Kii|1ki|1KI|1gi|1GB|1e|1e+|1e1.5|1eE|1E3Ki|--1|1-|1,000|1_000|0x1|NaN|Infinity|１|1µ|1Gi\n|two";
  for (const text of refusedByKubernetes.split("|")) {
    it(`cannot be written ${JSON.stringify(text)}`, () => {
      expect(parseQuantity(text)).to.equal(undefined);
    });
  }

  const readAsZeroByKubernetes = [".", "+", "-", "k", ".Ki", "e3"];
  for (const text of readAsZeroByKubernetes) {
    it(`needs a digit, so it cannot be written ${text}`, () => {
      expect(parseQuantity(text)).to.equal(undefined);
    });
  }

  it("is ordered as its number is, whatever the unit", () => {
    const units = fc.constantFrom("n", "u", "m", "", "k", "M", "G", "Ki", "Mi", "Gi", "e2", "E-2");
    const integers = fc.integer({ min: -1_000_000, max: 1_000_000 });
    holds(fc.tuple(integers, integers, units), ([left, right, unit]) => {
      expect(compare(parsed(`${left}${unit}`), parsed(`${right}${unit}`))).to.equal(
        Math.sign(left - right),
      );
    });
  });

  it("is ordered as its unit is, whatever the number", () => {
    const units = "n u m  k Ki M Mi G Gi T Ti P Pi E Ei".split(" ");
    const unitPair = fc.tuple(fc.nat(units.length - 1), fc.nat(units.length - 1));
    holds(fc.tuple(fc.integer({ min: 1, max: 999_999 }), unitPair), ([number, [left, right]]) => {
      const [small, large] = [left, right].map((unit) => parsed(`${number}${units[unit]}`));
      expect(compare(small ?? 0n, large ?? 0n)).to.equal(Math.sign(left - right));
    });
  });

  it("means the same in every way to write it", () => {
    holds(fc.integer({ min: 0, max: 1_000_000 }), (number) => {
      const same = [`${number}`, `+${number}`, `${number}.`, `0${number}.000`, `${number}e0`];
      const scaled = [`${number}000m`, `${number}000000u`, `${number / 1000}k`, `${number}00E-2`];
      for (const text of [...same, ...scaled]) {
        expect(parsed(text), text).to.equal(BigInt(number) * one);
      }
    });
  });

  it("is the opposite of its negative", () => {
    holds(fc.tuple(fc.nat(), fc.nat(999), fc.constantFrom("n", "m", "", "Ki", "E")), (parts) => {
      const [whole, fraction, unit] = parts;
      const text = `${whole}.${fraction}${unit}`;
      expect(parsed(`-${text}`)).to.equal(-parsed(text));
    });
  });

  it("or nothing comes out of any text, and never an error", () => {
    const unit = fc.constantFrom(..."0123456789.+-eEinumkKMGTP ");
    holds(fc.oneof(fc.string({ unit, maxLength: 8 }), fc.string()), (text) => {
      const amount = parseQuantity(text);
      expect(amount === undefined || /^[+-]?(\d|\.\d)/.test(text), text).to.equal(true);
    });
  });
});

function holds<T>(arbitrary: fc.Arbitrary<T>, predicate: (value: T) => void): void {
  fc.assert(fc.property(arbitrary, predicate), runs);
}

function parsed(text: string): bigint {
  const amount = parseQuantity(text);
  expect(amount, text).to.be.a("bigint");
  return amount ?? 0n;
}

function compare(left: bigint, right: bigint): number {
  return Number(left > right) - Number(left < right);
}

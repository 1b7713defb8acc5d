/**
 * Kubernetes quantities, exactly: `500m`, `1.5Gi`, `2e3`.
 * See https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */

/** An amount in billionths, the finest step that Kubernetes stores. */
export type Quantity = bigint;

/** The quantity `1`. */
export const one: Quantity = 1_000_000_000n;

const binarySuffixes = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
const decimalExponents: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  "": 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const storedDigits = 9;
const syntax = /^([+-]?)(\d*)(?:\.(\d*))?(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE]|[eE][+-]?\d{1,2})?$/;

/**
 * Reads a quantity; `undefined` when the API server would refuse the text, and also when the text
 * has no digit (`k`, which Kubernetes reads as 0) or an exponent of three digits: both are
 * mistakes. Fractions finer than a billionth are rounded up, as Kubernetes does.
 */
export function parseQuantity(text: string): Quantity | undefined {
  const parts = syntax.exec(text);
  const [sign, whole = "", fraction = "", suffix = ""] = parts?.slice(1) ?? [];
  if (parts === null || whole + fraction === "") {
    return undefined;
  }
  const digits = BigInt(whole + fraction);
  const magnitude = scale(digits, suffix, storedDigits - fraction.length);
  return sign === "-" ? -magnitude : magnitude;
}

/** The amount of a resource as Kubernetes writes it: CPU in whole ones or thousandths, bytes in powers of two. */
export function formatAmount(amount: Quantity, resource: string): string {
  const units = resource === "cpu" || amount === 0n ? cpuUnits : byteUnits;
  const [suffix, size] = units.find(([, unit]) => amount % unit === 0n) ?? ["n", 1n];
  return `${amount / size}${suffix}`;
}

const cpuUnits: readonly (readonly [string, Quantity])[] = [
  ["", one],
  ["m", one / 1000n],
];
const byteUnits: readonly (readonly [string, Quantity])[] = [
  ...[...binarySuffixes.keys()]
    .reverse()
    .map((power) => [binarySuffixes[power] ?? "", one * 1024n ** BigInt(power + 1)] as const),
  ["", one],
  ["m", one / 1000n],
];

function scale(digits: bigint, suffix: string, exponent: number): bigint {
  const binary = binarySuffixes.indexOf(suffix);
  if (binary >= 0) {
    return shift(digits * 1024n ** BigInt(binary + 1), exponent);
  }
  return shift(digits, exponent + (decimalExponents[suffix] ?? Number(suffix.slice(1))));
}

function shift(value: bigint, exponent: number): bigint {
  if (exponent >= 0) {
    return value * 10n ** BigInt(exponent);
  }
  const divisor = 10n ** BigInt(-exponent);
  return (value + divisor - 1n) / divisor;
}

/** Sets of small numbers, a bit each. */
export type Bits = Uint32Array;

export function emptyBits(size: number): Bits {
  return new Uint32Array(Math.ceil(size / 32));
}

export function fullBits(size: number): Bits {
  const bits = emptyBits(size).fill(0xffffffff);
  const rest = size % 32;
  if (rest > 0) {
    bits[bits.length - 1] = 2 ** rest - 1;
  }
  return bits;
}

export function setBit(bits: Bits, index: number): void {
  bits[index >>> 5]! |= 1 << (index & 31);
}

export function hasBit(bits: Bits, index: number): boolean {
  return ((bits[index >>> 5] ?? 0) & (1 << (index & 31))) !== 0;
}

/** Adds the numbers that are in both others. */
export function addCommon(bits: Bits, one: Bits, other: Bits): void {
  for (let word = 0; word < bits.length; word++) {
    bits[word]! |= (one[word] ?? 0) & (other[word] ?? 0);
  }
}

/** Adds the numbers of the other. */
export function addBits(bits: Bits, other: Bits): void {
  for (let word = 0; word < bits.length; word++) {
    bits[word]! |= other[word] ?? 0;
  }
}

/** Takes out the numbers that are not in the other. */
export function keepBits(bits: Bits, other: Bits): void {
  for (let word = 0; word < bits.length; word++) {
    bits[word]! &= other[word] ?? 0;
  }
}

/** The numbers in order. */
export function* numbersOf(bits: Bits): Generator<number> {
  for (let word = 0; word < bits.length; word++) {
    for (let rest = bits[word] ?? 0; rest !== 0; rest &= rest - 1) {
      yield word * 32 + 31 - Math.clz32(rest & -rest);
    }
  }
}

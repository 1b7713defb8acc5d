import { randomBytes, randomInt } from "node:crypto";
import type { PlainObject, PlainValue } from "../properties";

const lower = "abcdefghijklmnopqrstuvwxyz";
const upper = lower.toUpperCase();
const digits = "0123456789";
const specials = "!@#$%&*()-_=+[]{}<>:?";

/** One type of random value. */
export interface RandomType {
  defaults: PlainObject;
  required: readonly string[];
  /** Makes a new value, as the outputs of a resource, with its id. */
  generate(inputs: PlainObject): { id: string; outputs: PlainObject };
}

/** The types that this provider has, by type token. */
export const randomTypes: { [token: string]: RandomType } = {
  "random:index/randomId:RandomId": {
    defaults: {},
    required: ["byteLength"],
    generate: generateId,
  },
  "random:index/randomString:RandomString": {
    defaults: {
      lower: true,
      minLower: 0,
      minNumeric: 0,
      minSpecial: 0,
      minUpper: 0,
      number: true,
      numeric: true,
      special: true,
      upper: true,
    },
    required: ["length"],
    generate: generateString,
  },
};

function generateId(inputs: PlainObject): { id: string; outputs: PlainObject } {
  const bytes = randomBytes(numberOf(inputs["byteLength"]));
  const prefix = typeof inputs["prefix"] === "string" ? inputs["prefix"] : "";
  const hex = bytes.toString("hex");
  const url = bytes.toString("base64url");
  return {
    id: url,
    outputs: {
      ...inputs,
      b64Std: prefix + bytes.toString("base64"),
      b64Url: prefix + url,
      dec: prefix + BigInt(hex === "" ? 0 : `0x${hex}`).toString(),
      hex: prefix + hex,
    },
  };
}

function generateString(inputs: PlainObject): { id: string; outputs: PlainObject } {
  const groups = [
    { use: inputs["lower"], atLeast: inputs["minLower"], characters: lower },
    { use: inputs["upper"], atLeast: inputs["minUpper"], characters: upper },
    { use: inputs["numeric"], atLeast: inputs["minNumeric"], characters: digits },
    { use: inputs["special"], atLeast: inputs["minSpecial"], characters: specialsOf(inputs) },
  ].filter(({ use }) => use === true);
  const wanted = groups.flatMap(({ atLeast, characters }) => pick(characters, numberOf(atLeast)));
  const all = groups.map(({ characters }) => characters).join("");
  const missing = numberOf(inputs["length"]) - wanted.length;
  if (missing < 0 || all === "") {
    throw new Error("length must be at least the sum of the minimums, of at least one group");
  }
  const result = shuffle([...wanted, ...pick(all, missing)]).join("");
  return { id: result, outputs: { ...inputs, result } };
}

function specialsOf(inputs: PlainObject): string {
  const override = inputs["overrideSpecial"];
  return typeof override === "string" && override !== "" ? override : specials;
}

function pick(characters: string, count: number): string[] {
  return Array.from({ length: count }, () => characters.charAt(randomInt(characters.length)));
}

function shuffle(characters: string[]): string[] {
  const shuffled = [...characters];
  for (let index = shuffled.length - 1; index > 0; index--) {
    const other = randomInt(index + 1);
    [shuffled[index], shuffled[other]] = [shuffled[other] ?? "", shuffled[index] ?? ""];
  }
  return shuffled;
}

function numberOf(value: PlainValue | undefined): number {
  return typeof value === "number" ? value : 0;
}

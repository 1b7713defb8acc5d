import fc from "fast-check";
import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";

/** Something with parts that are switched off or taken out, each by itself. */
export interface Unit<Part> {
  readonly name: string;
  readonly parts: readonly Part[];
  /** Whether it was checked without a survivor, as it is now. */
  readonly isChecked: boolean;
}

/** What is tried of a unit. */
export interface Selected<Part> {
  readonly name: string;
  readonly parts: readonly Part[];
  /** Whether these are all parts of the unit. */
  readonly isWhole: boolean;
}

/** What a run of a mutation check is told by its arguments. */
export interface Selection {
  /** Units to keep to, each as a whole. None: the run selects by itself. */
  readonly names: readonly string[];
  /** Whether everything is tried. */
  readonly all: boolean;
  /** Whether what was tried without a survivor is written to the list of what is checked. */
  readonly update: boolean;
  /** Makes the random part of the selection the same again. */
  readonly seed: number;
}

/** Of what is checked already, one part in so many is tried again. */
const sampledShare = 20;

/**
 * Runs a check with what the command line selects. It ends with what the check says, with 2 for an
 * option that is not known, and with 1 when the check breaks off.
 */
export function runCheck(check: (selection: Selection) => Promise<number>): void {
  Promise.resolve(process.argv.slice(2))
    .then(readSelection)
    .then(check)
    .then(
      (exitCode) => (process.exitCode = exitCode),
      (error: unknown) => {
        const isUsage = error instanceof TypeError && "code" in error;
        console.error(isUsage ? error.message : error);
        process.exitCode = isUsage ? 2 : 1;
      },
    );
}

/**
 * Reads `--all`, `--update`, `--seed <number>` and names of units.
 *
 * @throws TypeError for another option.
 */
export function readSelection(args: readonly string[]): Selection {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      all: { type: "boolean", default: false },
      update: { type: "boolean", default: false },
      seed: { type: "string", default: `${randomInt(2 ** 31)}` },
    },
  });
  const { all, update, seed } = values;
  return { names: positionals, all, update, seed: Number(seed) };
}

/**
 * The units to try: those that are named, or all of them, or else those that are not checked as they
 * are now, and a random twentieth of the parts of the others.
 */
export function select<Part>(
  units: readonly Unit<Part>[],
  { names, all, seed }: Selection,
): Selected<Part>[] {
  if (names.length > 0 || all) {
    return units.filter(({ name }) => all || names.includes(name)).map(whole);
  }
  const checked = units.filter(({ isChecked }) => isChecked);
  const unchecked = units.filter(({ isChecked }) => !isChecked);
  return [...unchecked.map(whole), ...sampleOf(checked, seed)];
}

/** What is tried, and how it can be tried again. */
export function description(
  selected: readonly Selected<unknown>[],
  { names, all, seed }: Selection,
): string {
  const wholes = selected.filter(({ isWhole }) => isWhole);
  const sampled = selected.filter(({ isWhole }) => !isWhole).flatMap(({ parts }) => parts);
  return names.length > 0 || all
    ? `${wholes.length} are tried`
    : `${wholes.length} are tried that are not checked as they are now, and ${sampled.length} ` +
        `parts of the others (--seed ${seed})`;
}

function whole<Part>({ name, parts }: Unit<Part>): Selected<Part> {
  return { name, parts, isWhole: true };
}

function sampleOf<Part>(units: readonly Unit<Part>[], seed: number): Selected<Part>[] {
  const parts = units.flatMap((unit) => unit.parts);
  const count = Math.ceil(parts.length / sampledShare);
  const choice = fc.shuffledSubarray(parts, { minLength: count, maxLength: count });
  const chosen = new Set(fc.sample(choice, { seed, numRuns: 1 }).flat());
  return units
    .map(({ name, parts }) => ({
      name,
      parts: parts.filter((part) => chosen.has(part)),
      isWhole: false,
    }))
    .filter((unit) => unit.parts.length > 0);
}

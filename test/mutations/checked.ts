import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";

/** What a unit was when it was checked without a survivor. */
export interface Checked {
  /** Of the unit, its parts and what judged them. */
  readonly sha256: string;
  /** The specs that missed a part, where the hash needs their names. */
  readonly judges?: readonly string[];
}

type CheckedUnits = Readonly<Record<string, Checked>>;

const listFile = resolve(__dirname, "../../../test/mutations/checked.json");

/** The committed list of what is checked, of one of the mutation checks. */
export function checkedUnits(check: string): CheckedUnits {
  return wholeList()[check] ?? {};
}

/** Writes the list of one of the mutation checks anew: what was known of units that are still there, and what is known now. */
export function writeCheckedUnits(
  check: string,
  names: readonly string[],
  found: CheckedUnits,
): void {
  const known = { ...checkedUnits(check), ...found };
  const kept = names.toSorted().flatMap((name) => (known[name] ? [[name, known[name]]] : []));
  const list = { ...wholeList(), [check]: Object.fromEntries(kept) as CheckedUnits };
  writeFileSync(listFile, `${JSON.stringify(list, undefined, 2)}\n`);
}

/** A hash of plain data and regular expressions. */
export function hashOf(data: unknown): string {
  const text = JSON.stringify(data, (_key, value: unknown) =>
    value instanceof RegExp ? String(value) : value,
  );
  return createHash("sha256").update(text).digest("hex");
}

function wholeList(): Readonly<Record<string, CheckedUnits>> {
  return existsSync(listFile)
    ? (JSON.parse(readFileSync(listFile, "utf8")) as Record<string, CheckedUnits>)
    : {};
}

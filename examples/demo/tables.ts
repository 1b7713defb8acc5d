import Table from "cli-table3";
import colors from "picocolors";
import { type Proof } from "./proofs";

const width = { first: 34, second: 62 };

/** A table of two columns that a terminal of 100 characters holds. */
export function renderTable(head: readonly [string, string], rows: readonly string[][]): string {
  const table = new Table({
    head: [...head],
    colWidths: [width.first, width.second],
    wordWrap: true,
    style: { head: [], border: [] },
  });
  table.push(...rows.map((row) => [...row]));
  return table.toString();
}

/** Proofs, and whose answers they show. */
export function renderProofs(answer: string, proofs: readonly Proof[]): string {
  const rows = proofs.map((proof) => [mark(proof.holds) + proof.attempt, proof.answer]);
  return renderTable(["attempt", answer], rows);
}

function mark(holds: boolean): string {
  return holds ? colors.green("✓ ") : colors.red("✗ ");
}

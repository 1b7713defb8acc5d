import { styleText } from "node:util";
import { parseQuantity } from "secure-environment/core";
import { printable } from "../console";
import { type EnvironmentRow, type EnvironmentState } from "./environmentRows";

/** Where a table is printed. */
export interface Paper {
  /** In characters; without one there is room for everything. */
  readonly width?: number;
  readonly hasColours: boolean;
}

interface Column {
  readonly title: string;
  readonly cell: (row: EnvironmentRow, now: string) => string;
  /** Whether it may be shortened, and so is never left out. */
  readonly isShortened?: boolean;
}

const gap = "  ";
const leastShortened = 12;

const costTitle = "PER DAY";

const allColumns: readonly Column[] = [
  { title: "STATE", cell: ({ state }) => state.replace("-", " ") },
  {
    title: "BRANCH",
    cell: ({ branch, stack }) => shown(branch ?? stack),
    isShortened: true,
  },
  { title: "OWNER", cell: ({ owner }) => shown(owner), isShortened: true },
  { title: "AGE", cell: ({ createdAt }, now) => timeBetween(createdAt, now) },
  {
    title: "EXPIRES",
    cell: ({ kind, expiresAt }, now) =>
      kind === "permanent"
        ? "permanent"
        : expiresAt !== undefined && expiresAt <= now
          ? "now"
          : timeBetween(now, expiresAt),
  },
  { title: "PODS", cell: (row) => useOf(row, "pods", 1, "") },
  { title: "CPU", cell: (row) => useOf(row, "requests.cpu", 1, "") },
  { title: "MEMORY", cell: (row) => useOf(row, "requests.memory", 1024 ** 3, "Gi") },
  { title: costTitle, cell: costOf },
  { title: "NAMESPACE", cell: ({ namespace }) => shown(namespace) },
  { title: "STACK", cell: ({ stack, fullStack }) => shown(fullStack ?? stack) },
];

/**
 * The rows as an aligned table. On narrow paper columns from the right are left out, and then texts
 * shortened, so that no line is broken.
 */
export function tableOf(rows: readonly EnvironmentRow[], now: string, paper: Paper): string {
  // Without prices there is no cost, and no word of it.
  const hasCosts = rows.some(({ costPerDay }) => costPerDay !== undefined);
  const columns = allColumns.filter(({ title }) => hasCosts || title !== costTitle);
  const cells = columns.map((column) => rows.map((row) => column.cell(row, now)));
  const widths = columns.map(({ title }, index) =>
    Math.max(title.length, ...(cells[index] ?? []).map(lengthOf)),
  );
  const fitted = fitting(columns, widths, paper.width ?? Infinity);
  const lines = rows.map((row, index) => {
    const line = fitted.map((width, column) => padded(cells[column]?.[index] ?? "", width));
    const [state = "", ...others] = line;
    return [coloured(state, row.state, paper), ...others].join(gap).trimEnd();
  });
  const titles = fitted.map((width, column) => padded(columns[column]?.title ?? "", width));
  return [titles.join(gap).trimEnd(), ...lines].join("\n");
}

/** The widths of the columns that are left, from the left. */
function fitting(
  columns: readonly Column[],
  widths: readonly number[],
  width: number,
): readonly number[] {
  const least = (column: number) =>
    columns[column]?.isShortened ? Math.min(leastShortened, widths[column] ?? 0) : widths[column];
  const sum = (parts: readonly number[]) =>
    parts.reduce((total, part) => total + part + gap.length, -gap.length);
  let kept = widths.length;
  while (kept > 1 && sum(widths.slice(0, kept).map((_, column) => least(column) ?? 0)) > width) {
    kept--;
  }
  let excess = Math.max(0, sum(widths.slice(0, kept)) - width);
  return widths.slice(0, kept).map((wide, column) => {
    const shortened = Math.max(least(column) ?? 0, wide - excess);
    excess -= wide - shortened;
    return shortened;
  });
}

function padded(text: string, width: number): string {
  const characters = [...text];
  return characters.length > width
    ? `${characters.slice(0, width - 1).join("")}…`
    : text + " ".repeat(width - characters.length);
}

function lengthOf(text: string): number {
  return [...text].length;
}

const colours: Readonly<Record<EnvironmentState, "red" | "yellow" | "green">> = {
  stuck: "red",
  "orphan-namespace": "red",
  "orphan-stack": "red",
  unclear: "yellow",
  expired: "yellow",
  deleting: "yellow",
  busy: "yellow",
  up: "green",
};

function coloured(text: string, state: EnvironmentState, { hasColours }: Paper): string {
  return hasColours ? styleText(colours[state], text, { validateStream: false }) : text;
}

function shown(text = "-"): string {
  return printable(text).replaceAll("\n", "?");
}

const minute = 60_000;
const units = [
  ["d", 1_440 * minute],
  ["h", 60 * minute],
  ["m", minute],
] as const;

/** In the largest unit of which there are two; `-` where one of the two is not known. */
function timeBetween(from: string | undefined, to: string | undefined): string {
  const milliseconds = Date.parse(to ?? "") - Date.parse(from ?? "");
  if (Number.isNaN(milliseconds)) {
    return "-";
  }
  const [unit, length] = units.find(([, size]) => milliseconds >= 2 * size) ?? ["m", minute];
  return `${Math.max(0, Math.floor(milliseconds / length))}${unit}`;
}

/** What is used of what, in the same unit: `3/20`, `0.5/4`, `1.5/8Gi`. */
function useOf({ quota }: EnvironmentRow, resource: string, unit: number, suffix: string): string {
  const { used, hard } = quota?.[resource] ?? {};
  return used === undefined || hard === undefined
    ? "-"
    : `${inUnits(used, unit)}/${inUnits(hard, unit)}${suffix}`;
}

/** What it costs now, and at most: `0.40/3.12 EUR`. */
function costOf({ costPerDay: cost }: EnvironmentRow): string {
  return cost === undefined
    ? "-"
    : `${cost.now.toFixed(2)}/${cost.most.toFixed(2)} ${cost.currency}`;
}

function inUnits(text: string, unit: number): string {
  const amount = parseQuantity(text);
  return amount === undefined ? text : String(Math.round(Number(amount) / unit / 1e8) / 10);
}

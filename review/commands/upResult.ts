import { type CostPerDay, describeCost } from "../budget/cost";
import { describeSeconds } from "../duration";
import { type Target } from "../environment/target";

/** What came of it, for programs that read it. */
export interface UpResult {
  readonly stack: string;
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly changes: Readonly<Record<string, number>>;
  readonly warnings: readonly string[];
  /** The workloads that slept and were woken, as `Kind/name`; only where there were some. */
  readonly woken?: readonly string[];
  readonly seconds: Readonly<Record<string, number>>;
  /** What the environment costs; only where the settings have prices. */
  readonly costPerDay?: CostPerDay;
}

/** In words, what stands, and how to get in. */
export function describeUp(
  { outputs, changes, warnings, woken, seconds, costPerDay: cost }: UpResult,
  target: Target,
): string {
  const made = Object.entries(changes)
    .filter(([operation]) => operation !== "same")
    .map(([operation, count]) => `${count} ${operation}`);
  const text = (key: string): string | undefined => {
    const value = outputs[key];
    return typeof value === "string" ? value : undefined;
  };
  const facts: readonly (readonly [string, string | undefined])[] = [
    ["namespace", text("namespaceName")],
    ["url", text("url")],
    ["expires", text("expiresAt")],
    ["openings", openingsIn(outputs["holes"])],
    ["costs", cost && describeCost(cost)],
    ["woken", woken?.join(", ")],
    ["get in", `review kubeconfig ${JSON.stringify(target.branch)}`],
    [
      "seconds",
      Object.entries(seconds)
        .map(([part, taken]) => `${part} ${describeSeconds(taken)}`)
        .join(", "),
    ],
  ];
  return [
    ...warnings.map((warning) => `warning: ${warning}`),
    `${target.stack} is up (${made.join(", ") || "nothing changed"}).`,
    ...facts.flatMap(([name, value]) =>
      value === undefined ? [] : [`  ${name.padEnd(10)}${value}`],
    ),
  ].join("\n");
}

function openingsIn(holes: unknown): string | undefined {
  const named = Array.isArray(holes) ? (holes as { readonly name?: string }[]) : [];
  return named.length === 0 ? undefined : named.map(({ name }) => name).join(", ");
}

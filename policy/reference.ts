import { type AnyGuarantee } from "./policyPack";

/** All policies for people, as Markdown: what each guarantees, stops and takes. */
export function referenceOf(guarantees: readonly AnyGuarantee[]): string {
  return [tableOf(guarantees), ...guarantees.map(sectionOf)].join("\n\n");
}

function tableOf(guarantees: readonly AnyGuarantee[]): string {
  const rows = guarantees.map(
    (guarantee) =>
      `| [${guarantee.name}](#${guarantee.name}) | ${guarantee.description} | ${guarantee.threat} | ${levelOf(guarantee)} | ${guarantee.severity} |`,
  );
  return [
    "| policy | what holds | what happens without it | level | severity |",
    "| --- | --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}

function sectionOf(guarantee: AnyGuarantee): string {
  const { name, description, threat, remediation, severity, url, example } = guarantee;
  return [
    `### ${name}`,
    `${description} Without it: ${threat}`,
    `_${levelOf(guarantee)}, severity ${severity}._ ${remediation} [Why](${url}).`,
    ["```text", `bad:   ${example.bad}`, `good:  ${example.good}`, "```"].join("\n"),
    ...settingsOf(guarantee),
  ].join("\n\n");
}

function levelOf({ isAdvisory = false }: AnyGuarantee): string {
  return isAdvisory ? "Advisory" : "Mandatory";
}

/** A setting, as far as people read it. */
interface Setting {
  readonly description?: string;
  readonly default: unknown;
}

function settingsOf({ settings }: AnyGuarantee): string[] {
  const rows = Object.entries<Setting>(settings as Readonly<Record<string, Setting>>);
  return rows.length === 0
    ? []
    : [
        rows
          .map(
            ([key, { description = "", default: value }]) =>
              `- \`${key}\`: ${description} Default: ${describeDefault(value)}.`,
          )
          .join("\n"),
      ];
}

function describeDefault(value: unknown): string {
  return `\`${JSON.stringify(value)}\``;
}

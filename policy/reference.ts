import { type AnyPolicy } from "./policy";

/** All policies for people, as Markdown: what each guarantees, stops and takes. */
export function referenceOf(policies: readonly AnyPolicy[]): string {
  return [tableOf(policies), ...policies.map(sectionOf)].join("\n\n");
}

function tableOf(policies: readonly AnyPolicy[]): string {
  const rows = policies.map(
    (policy) =>
      `| [${policy.name}](#${policy.name}) | ${policy.description} | ${policy.threat} | ${levelOf(policy)} | ${policy.severity} |`,
  );
  return [
    "| policy | what holds | what happens without it | level | severity |",
    "| --- | --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}

function sectionOf(policy: AnyPolicy): string {
  const { name, description, threat, remediation, severity, url, example } = policy;
  return [
    `### ${name}`,
    `${description} Without it: ${threat}`,
    `_${levelOf(policy)}, severity ${severity}._ ${remediation} [Why](${url}).`,
    ["```text", `bad:   ${example.bad}`, `good:  ${example.good}`, "```"].join("\n"),
    ...settingsOf(policy),
  ].join("\n\n");
}

function levelOf({ isAdvisory = false }: AnyPolicy): string {
  return isAdvisory ? "Advisory" : "Mandatory";
}

/** A setting, as far as people read it. */
interface Setting {
  readonly description?: string;
  readonly default: unknown;
}

function settingsOf({ settings }: AnyPolicy): string[] {
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

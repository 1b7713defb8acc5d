import Table from "cli-table3";
import colors from "picocolors";

import type { PartStatus, SandboxStatus } from "../sandbox";
import type { ToolDescription } from "../state";

/** Everything that `status` says about a sandbox. */
export function statusText(status: SandboxStatus): string {
  const crashes = status.parts.filter((part) => !part.running).map(crashText);
  return [
    `Sandbox in ${status.stateDirectory}, API server ${status.servers.join(", ") || "not ready"}`,
    ...(status.nodes.length === 0 ? [] : [`Nodes: ${status.nodes.join(", ")}`]),
    partTable(status.parts),
    toolTable(status.tools),
    ...crashes,
  ].join("\n\n");
}

/** The programs of a sandbox and where each came from. */
export function toolTable(tools: readonly ToolDescription[]): string {
  const rows = tools.map(({ name, version, source }) => [name, version, source]);
  return table(["program", "version", "source"], rows);
}

function partTable(parts: readonly PartStatus[]): string {
  const rows = parts.map(({ name, pid, running, logFile }) => [
    name,
    running ? colors.green("runs") : colors.red("has ended"),
    String(pid),
    logFile,
  ]);
  return table(["part", "state", "process", "log"], rows);
}

function crashText({ name, lastLines }: PartStatus): string {
  return `${name} has ended. Its last lines:\n${lastLines ?? ""}`;
}

function table(head: readonly string[], rows: readonly string[][]): string {
  const plainStyle = { head: [], border: [], compact: true, "padding-left": 0, "padding-right": 0 };
  const result = new Table({ head: head.map(colors.bold), style: plainStyle, chars: noLines });
  result.push(...rows);
  return result.toString();
}

const lineCharacters = [
  ["top", "top-mid", "top-left", "top-right"],
  ["bottom", "bottom-mid", "bottom-left", "bottom-right"],
  ["left", "left-mid", "mid", "mid-mid", "right", "right-mid"],
].flat();

const noLines = { ...Object.fromEntries(lineCharacters.map((name) => [name, ""])), middle: "  " };

import { type Direction } from "#isolation/index";
import { type OpenPorts, type PortProbe } from "./openPorts";
import { type Actor } from "./scene";

interface Column {
  readonly own: Actor;
  readonly direction: Direction;
}

const directions = ["Ingress", "Egress"] as const;
const everyPort = "1-65535/TCP 1-65535/UDP 1-65535/SCTP";

/**
 * Who reaches the pods of an environment, and whom they reach: a row for everybody, a column for
 * each pod and direction, and in each cell the open ports with the policy that opens them.
 * Pairs without an environment are not in it: no policy is about them, and all is open.
 */
export function reachabilityTable(
  namespace: string,
  actors: readonly Actor[],
  probe: PortProbe,
): string {
  const inside = actors.filter(({ name }) => name.startsWith(`${namespace}/`));
  const columns = directions.flatMap((direction) => inside.map((own) => ({ own, direction })));
  return alignColumns([
    ["", ...columns.map(columnTitle)],
    ...actors.map((actor) => [
      actor.name,
      ...columns.map((column) => cellText(probe, column, actor)),
    ]),
  ]);
}

function columnTitle({ own, direction }: Column): string {
  const name = own.name.split("/")[1];
  return direction === "Ingress" ? `-> ${name}` : `${name} ->`;
}

function cellText(probe: PortProbe, { own, direction }: Column, actor: Actor): string {
  if (own === actor) {
    return "itself";
  }
  const open = probe.openPorts(own, direction, actor);
  const policies = [...new Set(open.map(({ by }) => by))];
  const texts = policies.map((policy) => {
    const ports = open.filter(({ by }) => by === policy).map(portText);
    return `${ports.join(" ").replace(everyPort, "all")} (${policy})`;
  });
  return texts.join(", ") || "-";
}

function portText({ protocol, first, last }: OpenPorts): string {
  return first === last ? `${first}/${protocol}` : `${first}-${last}/${protocol}`;
}

function alignColumns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const lines = rows.map((row) =>
    row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "),
  );
  return lines.map((line) => `${line.trimEnd()}\n`).join("");
}

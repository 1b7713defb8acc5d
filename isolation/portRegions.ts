import type { PortRange } from "./ports";

/** Something that holds on some ports. */
export interface OnPorts<Value> {
  readonly value: Value;
  readonly ports: readonly PortRange[];
}

/** All that holds on some ports, which are in no other region. */
export interface PortRegion<Value> {
  readonly values: readonly Value[];
  readonly ports: readonly PortRange[];
}

/** Divides the ports into as few regions as possible, so that within each all the same holds. */
export function regionsOf<Value>(entries: readonly OnPorts<Value>[]): PortRegion<Value>[] {
  const regions = new Map<string, { values: readonly Value[]; ports: PortRange[] }>();
  for (const piece of piecesOf(entries.flatMap(({ ports }) => ports))) {
    const present = entries.filter(({ ports }) => ports.some((range) => isPart(piece, range)));
    const key = present.map((entry) => entries.indexOf(entry)).join();
    const region = regions.get(key) ?? { values: present.map(({ value }) => value), ports: [] };
    addPiece(region.ports, piece);
    regions.set(key, region);
  }
  return [...regions.values()];
}

/** Cuts the ranges where one of them begins or ends; what is in none of them is left out. */
function piecesOf(ranges: readonly PortRange[]): PortRange[] {
  const protocols = new Set(ranges.map(({ protocol }) => protocol));
  return [...protocols].flatMap((protocol) => {
    const sameProtocol = ranges.filter((range) => range.protocol === protocol);
    const starts = new Set(sameProtocol.flatMap(({ port, endPort }) => [port, endPort + 1]));
    const ordered = [...starts].sort((one, other) => one - other);
    return ordered
      .map((port, index) => ({ protocol, port, endPort: (ordered[index + 1] ?? 0) - 1 }))
      .filter((piece) => sameProtocol.some((range) => isPart(piece, range)));
  });
}

function isPart(piece: PortRange, range: PortRange): boolean {
  return (
    piece.protocol === range.protocol &&
    range.port <= piece.port &&
    piece.port <= piece.endPort &&
    piece.endPort <= range.endPort
  );
}

/** Pieces come in order, so a piece can only continue the last range. */
function addPiece(ports: PortRange[], piece: PortRange): void {
  const last = ports.at(-1);
  if (last?.protocol === piece.protocol && last.endPort + 1 === piece.port) {
    ports[ports.length - 1] = { ...last, endPort: piece.endPort };
  } else {
    ports.push(piece);
  }
}

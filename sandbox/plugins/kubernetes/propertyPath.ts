/** The steps from an object to one of its values. */
export type Path = readonly (string | number)[];

/** Writes a path the way the engine does: `spec.ports[0]`, `metadata.labels["a.b/c"]`. */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") {
      return `${text}[${step}]`;
    }
    if (/[."[\]]/.test(step)) {
      return `${text}["${step.replaceAll('"', '\\"')}"]`;
    }
    return text === "" ? step : `${text}.${step}`;
  }, "");
}

/** Reads a path; `*` stands for any step. */
export function parsePath(text: string): Path {
  const steps = text.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+|\*)\]|([^.[\]]+)/g);
  return [...steps].map(([, quoted, index, name]) => {
    if (index !== undefined) {
      return index === "*" ? index : Number(index);
    }
    return quoted?.replaceAll('\\"', '"') ?? name ?? "";
  });
}

/** Whether a path leads to the other or to something that the other is a part of. */
export function contains(outer: Path, inner: Path): boolean {
  return (
    outer.length <= inner.length &&
    outer.every((step, index) => step === "*" || step === inner[index])
  );
}

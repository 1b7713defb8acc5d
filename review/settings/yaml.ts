import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Scalar } from "yaml";
import { shownWords } from "secure-environment/core";

/** A YAML file as data, or every line of it that cannot be taken as it is written. */
export type YamlContent = { readonly data: unknown } | { readonly faults: readonly string[] };

/**
 * Reads YAML, and takes each value as it is written: what YAML would make another of, such as the digits
 * of 0012345 or 1e3, is a fault, as are two values for one key.
 */
export function readYaml(text: string): YamlContent {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const lineAt = (position = 0) => lines.linePos(position).line;
  const faults = document.errors.map(({ code, pos }) => `line ${lineAt(pos[0])}: ${faultOf(code)}`);
  const changed = scalarsOf(document.contents)
    .filter(isChanged)
    .map(
      (scalar) =>
        `line ${lineAt(scalar.range?.[0])}: ${shownWords(scalar.source ?? "")} is read as ` +
        `${String(scalar.value)}. Write it in quotes, or as the number that is meant`,
    );
  const all = [...faults, ...changed];
  return all.length > 0 ? { faults: all } : { data: document.toJS() as unknown };
}

function faultOf(code: string): string {
  return code === "DUPLICATE_KEY" ? "the key was given before" : "this is no YAML";
}

function scalarsOf(node: unknown): Scalar[] {
  if (isScalar(node)) {
    return [node];
  }
  if (isSeq(node)) {
    return node.items.flatMap(scalarsOf);
  }
  return isMap(node) ? node.items.flatMap(({ key, value }) => [key, value].flatMap(scalarsOf)) : [];
}

/** Quoted texts are as they are written; of plain ones only numbers may lose something. */
function isChanged({ value, source }: Scalar): boolean {
  return typeof value === "number" && String(value) !== source;
}

import { delimiter } from "node:path";

/** Quotes a text so that a POSIX shell takes it as one word, whatever it holds. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/**
 * Writes the lines that a POSIX shell evaluates to take over an environment, except its search
 * path: `searchFolder` goes in front of the search path that the shell has.
 */
export function exportLines(
  searchFolder: string,
  environment: Readonly<Record<string, string>>,
): string {
  return [
    `export PATH=${quote(searchFolder)}"\${PATH:+${delimiter}$PATH}"`,
    ...Object.entries(environment)
      .filter(([name]) => name !== "PATH")
      .map(([name, value]) => `export ${name}=${quote(value)}`),
  ].join("\n");
}

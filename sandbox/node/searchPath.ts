import { delimiter } from "node:path";

/** The folders that programs of a node are looked for in: root's, whatever this shell has. */
export function searchPath(): string {
  return [process.env.PATH, "/usr/local/sbin", "/usr/sbin", "/sbin"]
    .filter(Boolean)
    .join(delimiter);
}

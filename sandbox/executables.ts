import { accessSync, constants, existsSync, statSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

import { isStateFolder } from "./state";

/** Whether `path` is a file that this user may run. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * Finds an executable on the search path. Folders of a sandbox do not count: what lies there is
 * what a sandbox made up for its own use, not something that this machine has installed.
 */
export function findOnPath(name: string, searchPath = process.env.PATH ?? ""): string | undefined {
  return searchPath
    .split(delimiter)
    .filter((folder) => folder !== "" && existsSync(folder) && !isStateFolder(dirname(folder)))
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

import { readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

interface PackageFile {
  version?: string;
  dependencies?: { [name: string]: string };
  devDependencies?: { [name: string]: string };
}

/** Finds a module the way a program in the folder would. */
export function locateModule(module: string, folder: string, installCommand: string): string {
  try {
    // The host looks from inside the folder, where a link to it is not seen.
    return createRequire(join(realpathSync(folder), "package.json")).resolve(module);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND") {
      throw new Error(
        `It looks like the Pulumi SDK has not been installed. Have you run ${installCommand}?`,
        { cause: error },
      );
    }
    throw error;
  }
}

/** Whether a program in the folder finds everything its package file asks for. */
export function dependenciesInstalled(folder: string): boolean {
  return declaredDependencies(folder).every((name) => findPackage(name, folder) !== undefined);
}

/** The packages a program in the folder gets, by name; with or without what they need in turn. */
export function installedPackages(folder: string, transitive: boolean): Map<string, string> {
  const found = new Map<string, string>();
  const visit = (names: readonly string[], from: string) => {
    for (const name of names) {
      const location = found.has(name) ? undefined : findPackage(name, from);
      if (location !== undefined) {
        const file = readPackageFile(location);
        found.set(name, file.version ?? "");
        visit(transitive ? Object.keys(file.dependencies ?? {}) : [], location);
      }
    }
  };
  visit(declaredDependencies(folder), folder);
  return found;
}

function declaredDependencies(folder: string): string[] {
  const file = readPackageFile(folder);
  return Object.keys({ ...file.dependencies, ...file.devDependencies });
}

function findPackage(name: string, from: string): string | undefined {
  const folders = createRequire(join(from, "package.json")).resolve.paths(name) ?? [];
  return folders.map((folder) => join(folder, name)).find((location) => isPackage(location));
}

function isPackage(folder: string): boolean {
  return readPackageFile(folder).version !== undefined;
}

function readPackageFile(folder: string): PackageFile {
  try {
    return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as PackageFile;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      return {};
    }
    throw error;
  }
}

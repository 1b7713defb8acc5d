import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageFolder } from "../packageFolder";

interface PackageFile {
  readonly version: string;
  readonly engines: { readonly node: string };
}

const { version, engines } = JSON.parse(
  readFileSync(join(packageFolder, "package.json"), "utf8"),
) as PackageFile;

/** What the package of this command says of itself. */
export const ownPackage = { version, neededNode: engines.node } as const;

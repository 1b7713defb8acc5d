import { cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const repository = resolve(__dirname, "../..");

/** The policy pack, as it stands in a checkout. */
export const policyFolder = join(repository, "policy");

/**
 * Lays out the built program in a folder of its own, as a checkout that somebody has installed:
 * `pulumi` writes stack settings beside Pulumi.yaml.
 */
export function placeEnvironmentProgram(folder: string): string {
  return placeProgram(repository, folder);
}

/** Lays out the platform's built program in the same way. */
export function placePlatformProgram(folder: string): string {
  return placeProgram(join(repository, "platform"), folder);
}

/** Lays out a program with the same dependencies and options that makes nothing. */
export function placeEmptyProgram(folder: string): string {
  mkdirSync(folder);
  cpSync(join(repository, "package.json"), join(folder, "package.json"));
  symlinkSync(join(repository, "node_modules"), join(folder, "node_modules"));
  const runtime = { name: "nodejs", options: { typescript: false } };
  // JSON is YAML.
  writeFileSync(
    join(folder, "Pulumi.yaml"),
    JSON.stringify({ name: "empty", main: "empty.js", runtime }),
  );
  writeFileSync(join(folder, "empty.js"), 'require("@pulumi/pulumi");\n');
  return folder;
}

/** Lays out a policy pack with the same SDK and options that judges nothing. */
export function placeEmptyPolicyPack(folder: string): string {
  mkdirSync(folder);
  symlinkSync(join(repository, "node_modules"), join(folder, "node_modules"));
  const runtime = { name: "nodejs", options: { typescript: false } };
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ name: "empty", version: "0.1.0", main: "empty.js" }),
  );
  writeFileSync(join(folder, "PulumiPolicy.yaml"), JSON.stringify({ main: "empty.js", runtime }));
  writeFileSync(
    join(folder, "empty.js"),
    'new (require("@pulumi/policy").PolicyPack)("empty", { policies: [] });\n',
  );
  return folder;
}

function placeProgram(source: string, folder: string): string {
  mkdirSync(folder);
  for (const file of ["Pulumi.yaml", "package.json"]) {
    cpSync(join(source, file), join(folder, file));
  }
  symlinkSync(join(source, "bin"), join(folder, "bin"));
  symlinkSync(join(repository, "node_modules"), join(folder, "node_modules"));
  return folder;
}

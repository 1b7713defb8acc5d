import { existsSync } from "node:fs";
import { programSettings } from "secure-environment";
import { environmentProgram } from "secure-environment-cluster/environmentProgram";
import { type Program } from "./languageServer";

/** The program of the package, for a repository that has none of its own. */
export const standardProgram: Program = async (secretKeys) => {
  const environment = { ...process.env, PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(secretKeys) };
  return environmentProgram(programSettings(environment, existsSync, new Date()))();
};

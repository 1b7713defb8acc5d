import { existsSync } from "node:fs";
import { programSettings } from "secure-environment";
import { environmentProgram } from "secure-environment-cluster/environmentProgram";
import { type Program } from "./languageServer";

/** The program of the package, for a repository that has none of its own, with these variables. */
export function standardProgram(variables: NodeJS.ProcessEnv): Program {
  return async (secretKeys) => {
    const environment = { ...variables, PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(secretKeys) };
    return environmentProgram(programSettings(environment, existsSync, new Date()))();
  };
}

import { reservedNameOf, reservedNames, stackName } from "secure-environment/core";
import { exitCodes, ReviewError } from "../exitCodes";
import { configuredReservedNames } from "../settings/reservedNames";

/**
 * The name of a branch's stack. Of a configuration file, if one is given, the branches are refused that
 * get no environment.
 *
 * @throws ReviewError when the branch is empty or reserved, or the file cannot be read.
 */
export function nameOf(branch: string, configFile?: string): string {
  if (branch.trim() === "") {
    const message = "The branch is empty; give the name of a branch, such as feature/login.";
    throw new ReviewError(message, exitCodes.usage);
  }
  const further = configFile === undefined ? [] : configuredReservedNames(configFile);
  const reserved = reservedNameOf(branch, [...reservedNames, ...further]);
  if (reserved !== undefined) {
    throw new ReviewError(
      `The branch ${JSON.stringify(branch)} gets no environment: ${reserved} is reserved. Use another branch.`,
      exitCodes.refused,
    );
  }
  return stackName(branch);
}

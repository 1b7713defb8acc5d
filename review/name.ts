import { reservedNameOf, stackName } from "secure-environment/core";
import { exitCodes, ReviewError } from "./exitCodes";

/**
 * The name of a branch's stack.
 *
 * @throws ReviewError when the branch is empty or reserved.
 */
export function nameOf(branch: string): string {
  if (branch.trim() === "") {
    const message = "The branch is empty; give the name of a branch, such as feature/login.";
    throw new ReviewError(message, exitCodes.usage);
  }
  const reserved = reservedNameOf(branch);
  if (reserved !== undefined) {
    throw new ReviewError(
      `The branch ${JSON.stringify(branch)} gets no environment: ${reserved} is reserved. Use another branch.`,
      exitCodes.refused,
    );
  }
  return stackName(branch);
}

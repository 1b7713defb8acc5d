import { providerProblems, providerVariables } from "secure-environment/core";
import { exitCodes, ReviewError } from "../exitCodes";

/**
 * Makes sure that no environment variable tells Pulumi's provider to take over, overwrite or forget.
 *
 * @throws ReviewError that names each that does.
 */
export function requireHarmlessProvider(): void {
  const told = { configuration: {}, providerVariables: providerVariables(process.env) };
  const lines = providerProblems(told).map(
    ({ property, fault, remedy }) => `${property} ${fault}. ${remedy}`,
  );
  if (lines.length > 0) {
    throw new ReviewError(lines.join("\n"), exitCodes.usage);
  }
}

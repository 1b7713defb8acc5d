import { type Output } from "@pulumi/pulumi";
import { type SecureEnvironment } from "./secureEnvironment";
import { type SecureEnvironmentArgs } from "./secureEnvironmentArgs";

/**
 * The outputs of a stack that is one environment. What was not given has no output, rather than one
 * without a value, of which Pulumi would warn in every run.
 */
export function stackOutputs(
  environment: SecureEnvironment,
  args: SecureEnvironmentArgs,
): Record<string, Output<unknown>> {
  const { namespaceName, stackName, branch, url, hostSuffix, expiresAt } = environment;
  const { developerRoleName, deployerServiceAccountName, holes, quota } = environment;
  return {
    namespaceName,
    stackName,
    ...(args.branch !== undefined && { branch }),
    ...(args.url !== undefined && { url }),
    ...(args.domain !== undefined && { hostSuffix }),
    ...(args.expiresAt !== undefined && { expiresAt }),
    developerRoleName,
    deployerServiceAccountName,
    holes,
    quota,
  };
}

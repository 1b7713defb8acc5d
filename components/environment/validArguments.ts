import * as pulumi from "@pulumi/pulumi";
import { environmentProblems } from "./environmentProblems";
import { describeProblems } from "../core/problems";
import { type SecureEnvironmentArgs } from "./secureEnvironmentArgs";

/**
 * The arguments, if nothing is wrong with them.
 *
 * @throws RunError with every fault: a user's mistake is told without a stack trace.
 */
export function assertValid(args: SecureEnvironmentArgs, stack: string): SecureEnvironmentArgs {
  const problems = environmentProblems(args, { pulumiProject: pulumi.getProject(), stack });
  if (problems.length > 0) {
    throw new pulumi.RunError(describeProblems(problems));
  }
  return args;
}

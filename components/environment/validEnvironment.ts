import * as pulumi from "@pulumi/pulumi";
import { describeProblems } from "../core/problems";
import { judgeEnvironment, type ResolvedEnvironment } from "./resolvedEnvironment";
import { type SecureEnvironmentArgs } from "./secureEnvironmentArgs";

/**
 * What the arguments ask for, if nothing is wrong with them.
 *
 * @throws RunError with every problem: a user's mistake is told without a stack trace.
 */
export function validEnvironment(args: SecureEnvironmentArgs): ResolvedEnvironment {
  const origin = { pulumiProject: pulumi.getProject(), stack: pulumi.getStack() };
  const { environment, problems } = judgeEnvironment(args, origin);
  if (environment === undefined) {
    throw new pulumi.RunError(describeProblems(problems));
  }
  return environment;
}

import * as pulumi from "@pulumi/pulumi";
import { describeProblems } from "../core/problems";
import { type ReviewPlatformArgs } from "./platformArgs";
import { platformProblems } from "./platformProblems";

/**
 * The arguments, if nothing is wrong with them.
 *
 * @throws RunError with every fault: a user's mistake is told without a stack trace.
 */
export function assertValidPlatform(args: ReviewPlatformArgs): ReviewPlatformArgs {
  const problems = platformProblems(args);
  if (problems.length > 0) {
    throw new pulumi.RunError(describeProblems(problems, "platform"));
  }
  return args;
}

import * as pulumi from "@pulumi/pulumi";
import { describeProblems } from "../core/problems";
import { type ReviewPlatformArgs } from "./platformArgs";
import { platformProblems } from "./platformProblems";
import { platformShape } from "./platformShapes";
import { withTexts } from "../core/shape";

/**
 * The arguments, if nothing is wrong with them.
 *
 * @throws RunError with every fault: a user's mistake is told without a stack trace.
 */
export function assertValidPlatform(given: ReviewPlatformArgs): ReviewPlatformArgs {
  const args = withTexts(given, platformShape) as ReviewPlatformArgs;
  const problems = platformProblems(args);
  if (problems.length > 0) {
    throw new pulumi.RunError(describeProblems(problems, "platform"));
  }
  return args;
}

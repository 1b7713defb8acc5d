import * as pulumi from "@pulumi/pulumi";
import { describeProblems } from "../core/problems";
import { judgePlatform, type PlatformJudgement } from "./judgePlatform";
import { type ReviewPlatformArgs } from "./platformArgs";
import { type PlatformSettings } from "./platformSettings";

/**
 * What the arguments ask for, if nothing is wrong with them.
 *
 * @throws RunError with every problem: a user's mistake is told without a stack trace.
 */
export function validPlatform(args: ReviewPlatformArgs): PlatformSettings {
  return requireSettings(judgePlatform(args));
}

/**
 * What arguments that were judged ask for.
 *
 * @throws RunError with every problem, if something is wrong with them.
 */
export function requireSettings({ settings, problems }: PlatformJudgement): PlatformSettings {
  if (settings === undefined) {
    throw new pulumi.RunError(describeProblems(problems, "platform"));
  }
  return settings;
}

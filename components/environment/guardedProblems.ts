import { isUnderPlatform, type PlatformWishes } from "./rbac/boundClusterRoles";
import { problemIf, type Problem } from "../core/problems";

/** The arguments that a platform has a say in. */
export interface GuardedArguments extends PlatformWishes {
  readonly project?: string;
  readonly imageRegistries?: readonly unknown[];
}

/** What the platform would refuse of an environment that it guards. */
export function guardedProblems(args: GuardedArguments): Problem[] {
  return isUnderPlatform(args) ? [...missingProjectProblems(args), ...secretProblems(args)] : [];
}

/** A platform fences the pipeline of each project by the names of its namespaces. */
function missingProjectProblems({ project }: GuardedArguments): Problem[] {
  const fault = "is missing, and a platform tells by it whose the environment is";
  const remedy = "Set the project whose pipeline makes the environment, such as shop.";
  return problemIf(project === undefined, "project", fault, remedy);
}

/** A pipeline that wrote secrets could ask for lasting tokens with them, so pipelines write none. */
function secretProblems({ imageRegistries = [] }: GuardedArguments): Problem[] {
  const fault = "take a Secret, and a platform lets pipelines write none";
  const remedy =
    "Leave them out; the deployer may make the Secret, and pods name it in `imagePullSecrets`.";
  return problemIf(imageRegistries.length > 0, "imageRegistries", fault, remedy);
}

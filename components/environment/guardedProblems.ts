import { type HoleArgs, HolePeer } from "./network/networkArgs";
import { problemIf, type Problem } from "../core/problems";

/** The arguments that a platform has a say in. */
export interface GuardedArguments {
  readonly platform?: boolean;
  readonly project?: string;
  readonly permanent?: boolean;
  readonly holes?: readonly Pick<HoleArgs, "peer">[];
  readonly imageRegistries?: readonly unknown[];
}

/** What the platform would refuse of an environment that it guards. */
export function guardedProblems(args: GuardedArguments): Problem[] {
  return args.platform === true
    ? [...missingProjectProblems(args), ...secretProblems(args), ...apiServerProblems(args)]
    : [];
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

/** Pipelines make no permanent environments: an administrator, who does, may open the API server. */
function apiServerProblems({ holes = [], permanent }: GuardedArguments): Problem[] {
  const fault = "opens the API server, and a platform lets no pipeline do so";
  const remedy = "Leave the hole out; what needs the API server runs outside review environments.";
  return holes.flatMap(({ peer }, index) =>
    problemIf(
      peer === HolePeer.ApiServer && permanent !== true,
      `holes[${index}].peer`,
      fault,
      remedy,
      peer,
    ),
  );
}

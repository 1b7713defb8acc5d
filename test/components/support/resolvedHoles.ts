import { type ResolvedHole } from "#components/environment/network/holes/holes";
import { judgeNetwork } from "#components/environment/network/judgeNetwork";
import { type NetworkArguments } from "#components/environment/network/networkArguments";
import { describeProblems } from "#components/core/problems";

/**
 * The holes that the arguments ask for.
 *
 * @throws Error when something is wrong with the arguments.
 */
export function resolvedHoles(args: NetworkArguments): readonly ResolvedHole[] {
  const { holes, problems } = judgeNetwork(args);
  if (holes === undefined) {
    throw new Error(describeProblems(problems));
  }
  return holes;
}

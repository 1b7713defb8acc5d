import { accessProblems } from "./rbac/accessProblems";
import { type Capacity, capacityProblems } from "./capacity/capacityProblems";
import { descriptionProblems } from "./description";
import { domainProblems } from "../core/domain";
import { type EnvironmentKind } from "../core/labels";
import { openHoles } from "./network/holes/holes";
import { meshProblems } from "./mesh/meshProblems";
import { type NetworkJudgement } from "./network/judgeNetwork";
import { nodePoolProblems } from "./nodePool/nodePool";
import { guardedProblems } from "./guardedProblems";
import { type Problem } from "../core/problems";
import { type SecureEnvironmentArgs } from "./secureEnvironmentArgs";
import { type Origin, stackProblems } from "./stackProblems";

/** Kind of an environment. */
export function kindOf(args: SecureEnvironmentArgs): EnvironmentKind {
  return args.permanent === true ? "permanent" : "review";
}

/** Parts of the arguments that are judged or resolved already. */
interface JudgedParts {
  readonly network: NetworkJudgement;
  readonly capacity: Capacity;
}

/**
 * Everything wrong with arguments of an environment that look as they should, found before anything is
 * created.
 */
export function environmentProblems(
  args: SecureEnvironmentArgs,
  origin: Origin,
  { network, capacity }: JudgedParts,
): Problem[] {
  return [
    ...stackProblems(args, origin),
    ...accessProblems(args),
    ...guardedProblems(args),
    ...descriptionProblems(args),
    ...domainProblems(args.domain),
    ...trafficProblems(args, network),
    ...capacityProblems(args, capacity),
    ...nodePoolProblems(args.nodePool),
  ];
}

/** What a mesh cannot express is judged on the holes as they are made, so only if these are right. */
function trafficProblems(
  args: SecureEnvironmentArgs,
  { holes, problems }: NetworkJudgement,
): readonly Problem[] {
  return holes === undefined ? problems : meshProblems(args, openHoles(holes));
}

import { accessProblems } from "./rbac/accessProblems";
import { argumentShapes, environmentShape } from "./argumentShapes";
import { capacityProblems } from "./capacity/capacityProblems";
import { descriptionProblems } from "./description";
import { domainProblems } from "../core/domain";
import { type EnvironmentKind } from "../core/labels";
import { openHoles, resolveHoles } from "./network/holes/holes";
import { judgeableArguments } from "../core/judgeableArguments";
import { meshProblems } from "./mesh/meshProblems";
import { networkProblems } from "./network/networkProblems";
import { nodePoolProblems } from "./nodePool/nodePool";
import { guardedProblems } from "./guardedProblems";
import { type Problem } from "../core/problems";
import { type SecureEnvironmentArgs } from "./secureEnvironmentArgs";
import { shapeProblems } from "../core/shape";
import { type Origin, stackProblems } from "./stackProblems";

/** Kind of an environment. */
export function kindOf(args: SecureEnvironmentArgs): EnvironmentKind {
  return args.permanent === true ? "permanent" : "review";
}

/**
 * Everything wrong with the arguments of an environment, found before anything is created. What
 * does not look as it should is not judged any further, and everything else is.
 */
export function environmentProblems(given: SecureEnvironmentArgs, origin: Origin): Problem[] {
  const { args, told } = judgeableArguments(given, argumentShapes);
  return [
    ...argumentShapeProblems(given),
    ...told([
      ...stackProblems(args, origin),
      ...accessProblems(args),
      ...guardedProblems(args),
      ...descriptionProblems(args),
      ...domainProblems(args.domain),
      ...trafficProblems(args),
      ...capacityProblems(args),
      ...nodePoolProblems(args.nodePool),
    ]),
  ];
}

/** All arguments together have no name, but that of the component's parameter. */
function argumentShapeProblems(given: SecureEnvironmentArgs): Problem[] {
  return shapeProblems("", given, environmentShape).map((problem) =>
    problem.property === "" ? { ...problem, property: "args" } : problem,
  );
}

/** What a mesh cannot express is judged on the holes as they are made, so only if these are right. */
function trafficProblems(args: SecureEnvironmentArgs): Problem[] {
  const problems = networkProblems(args);
  return problems.length > 0 ? problems : meshProblems(args, openHoles(resolveHoles(args)));
}

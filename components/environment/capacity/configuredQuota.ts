import { type Amounts } from "../../core/amounts";
import { readArguments, type StackConfiguration } from "../../core/configuredArguments";
import { shapeProblems } from "../../core/shape";
import { argumentShapes } from "../argumentShapes";
import { type CapacityArguments, capacityProblems, resolveCapacity } from "./capacityProblems";

/** The arguments from which a quota results, and those that are judged together with it. */
const capacityArguments: readonly string[] = [
  "size",
  "deployerKinds",
  "quota",
  "containerDefaults",
  "podMaximum",
  "volumeMaximum",
  "priorityClass",
  "mesh",
] satisfies (keyof CapacityArguments)[];

const shapes = Object.fromEntries(
  Object.entries(argumentShapes).filter(([key]) => capacityArguments.includes(key)),
);

/**
 * The quota of the environment that the configuration of a program asks for, by Kubernetes' own keys;
 * `undefined` where that part of the configuration is wrong, which the program says itself.
 */
export function configuredQuota(settings: StackConfiguration): Amounts | undefined {
  const own = Object.fromEntries(
    Object.entries(settings.configuration).filter(([key]) =>
      capacityArguments.some((name) => key === `${settings.pulumiProject}:${name}`),
    ),
  );
  const read = readArguments(
    { ...settings, configuration: own },
    { shapes, owners: "environments" },
  );
  const misshapen = Object.entries(shapes).flatMap(([key, shape]) =>
    read.args[key] === undefined ? [] : shapeProblems(key, read.args[key], shape),
  );
  if (read.problems.length > 0 || misshapen.length > 0) {
    return undefined;
  }
  const args = read.args as CapacityArguments;
  const capacity = resolveCapacity(args);
  return capacityProblems(args, capacity).length > 0 ? undefined : capacity.quota;
}

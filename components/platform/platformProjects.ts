import { isProject, maximumProjectLength } from "../core/names";
import { problem, type Problem } from "../core/problems";
import { type ProjectArgs } from "./platformArgs";
import { groupProblems } from "./platformPeople";

/** Everything wrong with the projects of a platform. */
export function projectProblems(projects: readonly ProjectArgs[]): Problem[] {
  return projects.length === 0
    ? [
        problem(
          "projects",
          "names no project, so nobody could make an environment",
          "List the projects whose pipelines make environments.",
        ),
      ]
    : projects.flatMap((project, index) => [
        ...nameProblems(project, index, projects),
        ...pipelineGroupProblems(project, index, projects),
      ]);
}

function nameProblems(
  { name }: ProjectArgs,
  index: number,
  projects: readonly ProjectArgs[],
): Problem[] {
  const property = `projects[${index}].name`;
  if (!isProject(name)) {
    const fault = "cannot be part of a namespace";
    const remedy = `Use at most ${maximumProjectLength} characters of a-z and 0-9, such as shop.`;
    return [problem(property, fault, remedy, name)];
  }
  const first = projects.findIndex((other) => other.name === name);
  return first === index ? [] : [repetition(property, name, `projects[${first}].name`)];
}

/** A group that two projects share would let each touch the environments of the other. */
function pipelineGroupProblems(
  { pipelineGroup }: ProjectArgs,
  index: number,
  projects: readonly ProjectArgs[],
): Problem[] {
  if (pipelineGroup === undefined) {
    return [];
  }
  const property = `projects[${index}].pipelineGroup`;
  const first = projects.findIndex((other) => other.pipelineGroup === pipelineGroup);
  return first === index
    ? groupProblems(property, pipelineGroup)
    : [repetition(property, pipelineGroup, `projects[${first}].pipelineGroup`)];
}

function repetition(property: string, found: string, first: string): Problem {
  const remedy = "Give each project its own, or leave one out.";
  return problem(property, `repeats ${first}`, remedy, found);
}

import { boundProblems } from "../capacity/quota";
import { domainProblems } from "../domain";
import { isLabelKey, isLabelValue } from "../metadata";
import { networkProblems } from "../network/networkProblems";
import { type Problem } from "../problems";
import { object, shapeProblems, withoutMisshapen } from "../shape";
import { type ReviewPlatformArgs } from "./platformArgs";
import { peopleProblems } from "./platformPeople";
import { projectProblems } from "./platformProjects";
import { platformShapes } from "./platformShapes";

/** Highest priority that a PriorityClass of users may have. */
const highestPriority = 1_000_000_000;

/**
 * Everything wrong with the arguments of a platform, found before anything is created. What does
 * not look as it should is not judged any further.
 */
export function platformProblems(given: ReviewPlatformArgs): Problem[] {
  const shapely = withoutMisshapen(given, platformShapes);
  const args = { projects: [], ...shapely };
  return [
    ...shapeProblems("", given, object(platformShapes, ["projects"])),
    ...(shapely.projects === undefined ? [] : projectProblems(args)),
    ...peopleProblems(args),
    ...networkProblems(args),
    ...Object.entries(args.ceilings ?? {}).flatMap(([key, value]) =>
      boundProblems(`ceilings["${key}"]`, key, value),
    ),
    ...domainProblems(args.domain),
    ...annotationProblems(args),
    ...nodePoolProblems(args),
    ...priorityProblems(args),
  ];
}

function annotationProblems({ ingressAnnotations = [] }: ReviewPlatformArgs): Problem[] {
  return ingressAnnotations.flatMap((key, index) =>
    isLabelKey(key)
      ? []
      : [
          {
            property: `ingressAnnotations[${index}]`,
            found: key,
            fault: "cannot be the key of an annotation",
            remedy: "Write it in full, such as example.com/timeout.",
          },
        ],
  );
}

function nodePoolProblems({ nodePools = [], requireNodePool }: ReviewPlatformArgs): Problem[] {
  const names = nodePools.flatMap((name, index) =>
    isLabelValue(name)
      ? []
      : [
          {
            property: `nodePools[${index}]`,
            found: name,
            fault: "cannot be the value of a node's label",
            remedy: "Use at most 63 letters, digits, -, _ and ., such as review.",
          },
        ],
  );
  return requireNodePool === true && nodePools.length === 0
    ? [
        {
          property: "requireNodePool",
          found: true,
          fault: "asks for a pool, but there is none",
          remedy: "List the pools in `nodePools`, or leave it out.",
        },
      ]
    : names;
}

function priorityProblems({ maximumPodPriority }: ReviewPlatformArgs): Problem[] {
  const isPriority =
    maximumPodPriority === undefined ||
    (Number.isInteger(maximumPodPriority) && Math.abs(maximumPodPriority) <= highestPriority);
  return isPriority
    ? []
    : [
        {
          property: "maximumPodPriority",
          found: maximumPodPriority,
          fault: "is not the priority of a pod",
          remedy: `Use a whole number from -${highestPriority} to ${highestPriority}.`,
        },
      ];
}

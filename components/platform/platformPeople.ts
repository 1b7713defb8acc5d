import { type Problem } from "../problems";
import { type ReviewPlatformArgs } from "./platformArgs";
import { platformSettings } from "./platformSettings";

/** Everything wrong with who is who: what one group may do must not be what another may. */
export function peopleProblems(args: ReviewPlatformArgs): Problem[] {
  return [...developerProblems(args), ...administratorProblems(args), ...overlapProblems(args)];
}

/** What is wrong with a group of the identity provider. */
export function groupProblems(property: string, group: string): Problem[] {
  return nameProblems(property, "group", group);
}

function developerProblems({ developers }: ReviewPlatformArgs): Problem[] {
  return [
    ...(developers?.groups ?? []).flatMap((name, index) =>
      groupProblems(`developers.groups[${index}]`, name),
    ),
    ...(developers?.users ?? []).flatMap((name, index) =>
      nameProblems(`developers.users[${index}]`, "user", name),
    ),
  ];
}

/** Administrators may be the cluster's own, such as `system:masters`. */
function administratorProblems(args: ReviewPlatformArgs): Problem[] {
  const { groups, users } = platformSettings(args).administrators;
  const everybody = groups.filter((group) =>
    ["system:authenticated", "system:unauthenticated", "system:serviceaccounts"].includes(group),
  );
  if (groups.length + users.length === 0) {
    return [
      {
        property: "administrators",
        fault: "names nobody, so nobody could change what is protected",
        remedy: "Name groups or users, or leave it out for system:masters.",
      },
    ];
  }
  return everybody.map((group) => ({
    property: "administrators.groups",
    found: group,
    fault: "stands for everybody, or for every pod",
    remedy: "Name a group of your identity provider.",
  }));
}

/** Pipelines are fenced by their groups: whoever shares one with them is fenced, or they are not. */
function overlapProblems(args: ReviewPlatformArgs): Problem[] {
  const { administrators, developers, pipelines } = platformSettings(args);
  const others = [...administrators.groups, ...developers.groups];
  return pipelines
    .filter(({ group }) => others.includes(group))
    .map(({ group }) => ({
      property: "projects",
      found: group,
      fault: "is the group of a pipeline, and of developers or administrators as well",
      remedy: "Give pipelines groups of their own.",
    }));
}

function nameProblems(property: string, role: "group" | "user", name: string): Problem[] {
  const remedy = `Name a ${role} of your identity provider.`;
  if (name.trim() === "" || name.trim() !== name) {
    return [{ property, found: name, fault: `is not the name of a ${role}`, remedy }];
  }
  return name.startsWith("system:")
    ? [{ property, found: name, fault: `is a ${role} of the cluster itself`, remedy }]
    : [];
}

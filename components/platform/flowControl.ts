import { type types } from "@pulumi/kubernetes";
import { flowSchemaSpec, groupSubject } from "../core/flowSchema";
import {
  commonLevelName,
  developersLevelName,
  environmentLevelName,
  pipelineLevelName,
  platformPrefix,
} from "../core/platformNames";
import { type PlatformSettings } from "./platformSettings";

type FlowSchemaSpec = types.input.flowcontrol.v1.FlowSchemaSpec;
type PriorityLevelSpec = types.input.flowcontrol.v1.PriorityLevelConfigurationSpec;

type ShareSettings = Pick<PlatformSettings, "projects" | "pipelines" | "developers">;

/**
 * What pipelines have together, environments have together, and developers have together, in the
 * unit of the cluster's own levels, which have 245. Each kind divides it among its members: a member
 * with a share of its own cannot be starved by others.
 */
const sharesOfEachKind = 10;

/**
 * A share of the API server, below that of the cluster's own components. What is too much waits in
 * queues, one for each user by and large, and is refused when these are full or when it has waited for
 * a quarter of its time. Queues share out seats that become free; a request that takes long holds its
 * seat, also one whose body never comes, for a minute. So users that must not starve one another have
 * different priority levels, and no level borrows the seats of another.
 * See https://kubernetes.io/docs/concepts/cluster-administration/flow-control/
 */
function priorityLevelSpec(nominalConcurrencyShares: number): PriorityLevelSpec {
  return {
    type: "Limited",
    limited: {
      nominalConcurrencyShares,
      lendablePercent: 50,
      borrowingLimitPercent: 0,
      limitResponse: {
        type: "Queue",
        queuing: { queues: 64, handSize: 6, queueLengthLimit: 50 },
      },
    },
  };
}

/** The platform's shares of the API server, by the names of their priority levels. */
export function priorityLevels(settings: ShareSettings): Record<string, PriorityLevelSpec> {
  const projects = settings.projects.map(({ name }) => name);
  const kinds = [
    projects.map(pipelineLevelName),
    projects.map(environmentLevelName),
    [commonLevelName, ...developerGroups(settings).map(developersLevelName)],
  ];
  return Object.fromEntries(
    kinds.flatMap((names) => {
      const shares = Math.max(1, Math.floor(sharesOfEachKind / names.length));
      return names.map((name) => [name, priorityLevelSpec(shares)] as const);
    }),
  );
}

/** FlowSchemas that the platform itself has, by name. Those of environments come with them. */
export function platformFlowSchemas(settings: ShareSettings): Record<string, FlowSchemaSpec> {
  const { pipelines, developers } = settings;
  const listed = developers.users.map((name) => ({ kind: "User", user: { name } }));
  return {
    ...Object.fromEntries(
      settings.projects.map(({ name: project }) => {
        const groups = pipelines.filter((pipeline) => pipeline.project === project);
        const level = pipelineLevelName(project);
        return [
          level,
          flowSchemaSpec(
            level,
            groups.map(({ group }) => groupSubject(group)),
          ),
        ];
      }),
    ),
    ...Object.fromEntries(
      developerGroups(settings).map((group) => {
        const level = developersLevelName(group);
        return [level, flowSchemaSpec(level, [groupSubject(group)])];
      }),
    ),
    ...(listed.length === 0
      ? {}
      : { [`${platformPrefix}developers`]: flowSchemaSpec(commonLevelName, listed) }),
  };
}

function developerGroups({ developers }: ShareSettings): string[] {
  return [...new Set(developers.groups)];
}

/** Pods of environments that say so yield to all others, and displace none themselves. */
export const priorityClass = {
  value: -1000,
  preemptionPolicy: "Never",
  globalDefault: false,
  description: "Pods of review environments: they yield to all others, and displace none.",
} as const;

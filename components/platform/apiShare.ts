import { type types } from "@pulumi/kubernetes";
import { flowSchemaSpec, groupSubject } from "./flowSchemaSpec";
import { type PlatformSettings } from "./platformSettings";

type FlowSchemaSpec = types.input.flowcontrol.v1.FlowSchemaSpec;
type PriorityLevelSpec = types.input.flowcontrol.v1.PriorityLevelConfigurationSpec;

/**
 * The share of the API server that all environments have together, below that of the cluster's own
 * components. What is too much waits in queues, one for each user by and large, and is refused when
 * these are full: a flood of one environment is felt by itself.
 * See https://kubernetes.io/docs/concepts/cluster-administration/flow-control/
 */
export const priorityLevelSpec: PriorityLevelSpec = {
  type: "Limited",
  limited: {
    nominalConcurrencyShares: 10,
    lendablePercent: 50,
    borrowingLimitPercent: 0,
    limitResponse: {
      type: "Queue",
      queuing: { queues: 64, handSize: 6, queueLengthLimit: 50 },
    },
  },
};

/** FlowSchemas that the platform itself has, by what comes behind its prefix in their names. */
export function platformFlowSchemas({
  pipelines,
  developers,
}: PlatformSettings): Record<string, FlowSchemaSpec> {
  const people = [
    ...developers.groups.map(groupSubject),
    ...developers.users.map((name) => ({ kind: "User", user: { name } })),
  ];
  return {
    pipelines: flowSchemaSpec(pipelines.map(({ group: name }) => groupSubject(name))),
    ...(people.length === 0 ? {} : { developers: flowSchemaSpec(people) }),
  };
}

/** Pods of environments that say so yield to all others, and displace none themselves. */
export const priorityClass = {
  value: -1000,
  preemptionPolicy: "Never",
  globalDefault: false,
  description: "Pods of review environments: they yield to all others, and displace none.",
} as const;

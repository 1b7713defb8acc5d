import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { platformFlowSchemas, priorityClass, priorityLevelSpec } from "./apiShare";
import { type ReviewPlatformArgs } from "./platformArgs";
import { platformPrefix, priorityClassName, priorityLevelName } from "./platformNames";
import { platformSettings } from "./platformSettings";

/** What environments, their people and their pipelines get of the API server and of the scheduler. */
export function createShares(
  name: string,
  args: ReviewPlatformArgs,
  parent: pulumi.Resource,
): pulumi.Resource[] {
  const level = new k8s.flowcontrol.v1.PriorityLevelConfiguration(
    `${name}-priority-level`,
    { metadata: { name: priorityLevelName }, spec: priorityLevelSpec },
    { parent },
  );
  const flows = Object.entries(platformFlowSchemas(platformSettings(args))).map(
    ([who, spec]) =>
      new k8s.flowcontrol.v1.FlowSchema(
        `${name}-flow-of-${who}`,
        { metadata: { name: `${platformPrefix}${who}` }, spec },
        { parent, dependsOn: level },
      ),
  );
  const podPriority = new k8s.scheduling.v1.PriorityClass(
    `${name}-priority-class`,
    { metadata: { name: priorityClassName }, ...priorityClass },
    { parent },
  );
  return [level, ...flows, podPriority];
}

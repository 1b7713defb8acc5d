import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { platformFlowSchemas, priorityClass, priorityLevels } from "./flowControl";
import { type ReviewPlatformArgs } from "./platformArgs";
import { commonLevelName, platformPrefix, priorityClassName } from "../core/platformNames";
import { platformSettings } from "./platformSettings";

/** What environments, their people and their pipelines get of the API server and of the scheduler. */
export function createShares(
  name: string,
  args: ReviewPlatformArgs,
  parent: pulumi.Resource,
): pulumi.Resource[] {
  const settings = platformSettings(args);
  const levels = Object.entries(priorityLevels(settings)).map(
    ([level, spec]) =>
      new k8s.flowcontrol.v1.PriorityLevelConfiguration(
        level === commonLevelName ? `${name}-priority-level` : `${name}-share-of-${told(level)}`,
        { metadata: { name: level }, spec },
        { parent },
      ),
  );
  const flows = Object.entries(platformFlowSchemas(settings)).map(
    ([flowSchema, spec]) =>
      new k8s.flowcontrol.v1.FlowSchema(
        `${name}-flow-of-${told(flowSchema)}`,
        { metadata: { name: flowSchema }, spec },
        { parent, dependsOn: levels },
      ),
  );
  const podPriority = new k8s.scheduling.v1.PriorityClass(
    `${name}-priority-class`,
    { metadata: { name: priorityClassName }, ...priorityClass },
    { parent },
  );
  return [...levels, ...flows, podPriority];
}

/** What tells one name from the others. */
function told(objectName: string): string {
  return objectName.slice(platformPrefix.length);
}

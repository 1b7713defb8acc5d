import { type PlannedObject, planned } from "../core/plan";
import { commonLevelName, platformPrefix, priorityClassName } from "../core/platformNames";
import { platformFlowSchemas, priorityClass, priorityLevels } from "./flowControl";
import { type PlatformSettings } from "./platformSettings";

const apiVersion = "flowcontrol.apiserver.k8s.io/v1";

/** What environments, their people and their pipelines get of the API server and of the scheduler. */
export function shareObjects(name: string, settings: PlatformSettings): PlannedObject[] {
  const levels = Object.entries(priorityLevels(settings)).map(([level, spec]) =>
    planned(
      level === commonLevelName ? `${name}-priority-level` : `${name}-share-of-${told(level)}`,
      {
        apiVersion,
        kind: "PriorityLevelConfiguration",
        metadata: { name: level },
        spec,
      },
    ),
  );
  const flows = Object.entries(platformFlowSchemas(settings)).map(([flowSchema, spec]) =>
    planned(
      `${name}-flow-of-${told(flowSchema)}`,
      { apiVersion, kind: "FlowSchema", metadata: { name: flowSchema }, spec },
      { dependsOn: levels },
    ),
  );
  const podPriority = planned(`${name}-priority-class`, {
    apiVersion: "scheduling.k8s.io/v1",
    kind: "PriorityClass",
    metadata: { name: priorityClassName },
    ...priorityClass,
  });
  return [...levels, ...flows, podPriority];
}

/** What tells one name from the others. */
function told(objectName: string): string {
  return objectName.slice(platformPrefix.length);
}

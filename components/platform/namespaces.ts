import { labels } from "../core/labels";
import { podSecurityLabels } from "../core/metadata";
import { nameOf, type PlannedObject, planned } from "../core/plan";
import {
  pipelineAccount,
  pipelineNamespace,
  platformNamespace,
  verifierAccount,
} from "../core/platformNames";
import { childNameOf } from "./childNames";
import { type PlatformSettings } from "./platformSettings";
import { rehearsalBounds, rehearsalWalls } from "./rehearsal/bounds";
import { rehearsedEnvironment } from "./rehearsal/environment";
import { rehearsalNamespace, rehearsalNamespaceLabels } from "./rehearsal/namespace";

/** The namespace of the platform's own accounts, and the verifier in it. */
export function platformNamespaceObjects(
  name: string,
  dependsOn: readonly PlannedObject[],
): readonly [namespace: PlannedObject, verifier: PlannedObject] {
  const namespace = namespaceObject(`${name}-namespace`, platformNamespace, {}, dependsOn);
  return [namespace, accountObject(`${name}-verifier`, verifierAccount, namespace, dependsOn)];
}

/** For each project the namespace with its pipeline's account, and the one for rehearsals. */
export function projectNamespaceObjects(
  name: string,
  settings: PlatformSettings,
  dependsOn: readonly PlannedObject[],
): PlannedObject[] {
  return settings.projects.flatMap((project) => {
    const objectName = pipelineNamespace(project.name);
    const child = childNameOf(name, objectName);
    const namespace = namespaceObject(child, objectName, {}, dependsOn);
    return [
      namespace,
      accountObject(`${child}-account`, pipelineAccount, namespace, dependsOn),
      ...rehearsalObjects(`${name}-rehearsal-${project.name}`, project.name, settings, dependsOn),
    ];
  });
}

function rehearsalObjects(
  logicalName: string,
  project: string,
  settings: PlatformSettings,
  dependsOn: readonly PlannedObject[],
): PlannedObject[] {
  const ownLabels = rehearsalNamespaceLabels(project);
  const objectName = rehearsalNamespace(project);
  const namespace = namespaceObject(logicalName, objectName, ownLabels, dependsOn);
  return [
    namespace,
    ...rehearsalBounds(namespace, dependsOn),
    ...rehearsalWalls(namespace, rehearsedEnvironment(project, settings), dependsOn),
  ];
}

/** Only administrators delete or relabel it, and only restricted pods run there. */
function namespaceObject(
  logicalName: string,
  objectName: string,
  ownLabels: Readonly<Record<string, string>>,
  dependsOn: readonly PlannedObject[],
): PlannedObject {
  return planned(
    logicalName,
    {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: {
        name: objectName,
        labels: { ...ownLabels, ...podSecurityLabels, [labels.protect]: "true" },
      },
    },
    { dependsOn },
  );
}

/** An account for short-lived tokens that are asked for; no pod gets one by itself. */
function accountObject(
  logicalName: string,
  objectName: string,
  namespace: PlannedObject,
  dependsOn: readonly PlannedObject[],
): PlannedObject {
  return planned(
    logicalName,
    {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name: objectName, namespace: nameOf(namespace) },
      automountServiceAccountToken: false,
    },
    { dependsOn },
  );
}

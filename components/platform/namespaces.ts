import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { childNameOf } from "./childNames";
import { labels } from "../core/labels";
import { podSecurityLabels } from "../core/metadata";
import { createRehearsalBounds } from "./rehearsal/bounds";
import { rehearsalNamespace, rehearsalNamespaceLabels } from "./rehearsal/namespace";
import { type ReviewPlatformArgs } from "./platformArgs";
import {
  pipelineAccount,
  pipelineNamespace,
  platformNamespace,
  verifierAccount,
} from "../core/platformNames";

/** The namespace of the platform's own accounts, and the verifier in it. */
export function createPlatformNamespace(
  name: string,
  options: pulumi.CustomResourceOptions,
): k8s.core.v1.ServiceAccount {
  const namespace = createNamespace(`${name}-namespace`, platformNamespace, {}, options);
  return createAccount(`${name}-verifier`, verifierAccount, namespace, options);
}

/** For each project the namespace with its pipeline's account, and the one for rehearsals. */
export function createProjectNamespaces(
  name: string,
  { projects }: ReviewPlatformArgs,
  options: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  return projects.flatMap((project) => {
    const objectName = pipelineNamespace(project.name);
    const child = childNameOf(name, objectName);
    const namespace = createNamespace(child, objectName, {}, options);
    return [
      namespace,
      createAccount(`${child}-account`, pipelineAccount, namespace, options),
      ...createRehearsalNamespace(`${name}-rehearsal-${project.name}`, project.name, options),
    ];
  });
}

function createRehearsalNamespace(
  child: string,
  project: string,
  options: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const namespace = createNamespace(
    child,
    rehearsalNamespace(project),
    rehearsalNamespaceLabels(project),
    options,
  );
  return [namespace, ...createRehearsalBounds(child, namespace, options)];
}

/** Only administrators delete or relabel it, and only restricted pods run there. */
function createNamespace(
  child: string,
  objectName: string,
  ownLabels: Readonly<Record<string, string>>,
  options: pulumi.CustomResourceOptions,
): k8s.core.v1.Namespace {
  return new k8s.core.v1.Namespace(
    child,
    {
      metadata: {
        name: objectName,
        labels: { ...ownLabels, ...podSecurityLabels, [labels.protect]: "true" },
      },
    },
    options,
  );
}

/** An account for short-lived tokens that are asked for; no pod gets one by itself. */
function createAccount(
  child: string,
  objectName: string,
  namespace: k8s.core.v1.Namespace,
  options: pulumi.CustomResourceOptions,
): k8s.core.v1.ServiceAccount {
  return new k8s.core.v1.ServiceAccount(
    child,
    {
      metadata: { name: objectName, namespace: namespace.metadata.name },
      automountServiceAccountToken: false,
    },
    options,
  );
}

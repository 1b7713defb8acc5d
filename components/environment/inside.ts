import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { kindOf } from "./environmentProblems";
import { type Identity, identityLabels } from "../core/metadata";
import { type SecureEnvironmentArgs } from "./secureEnvironmentArgs";

/** How objects inside the namespace are made: where, with which labels, below which parent. */
export interface Inside {
  readonly namespace: pulumi.Input<string>;
  readonly metadata: (objectName: string) => k8s.types.input.meta.v1.ObjectMeta;
  readonly options: (dependsOn?: pulumi.Resource[]) => pulumi.CustomResourceOptions;
}

/** What every object of the environment says about it. */
export function identityOf(args: SecureEnvironmentArgs, stack: string): Identity {
  return { kind: kindOf(args), project: args.project ?? pulumi.getProject(), stack };
}

/** A permanent environment is protected by Pulumi: no `destroy` removes it by accident. */
export function isProtected(identity: Identity): boolean {
  return identity.kind === "permanent";
}

/**
 * Deleting the namespace deletes what is inside, pods first: no wall is removed on its own. Where
 * the namespace is protected its walls are too, or a refused `destroy` would forget them.
 */
export function insideOf(
  parent: pulumi.Resource,
  namespace: k8s.core.v1.Namespace,
  identity: Identity,
): Inside {
  const protect = isProtected(identity);
  return {
    namespace: namespace.metadata.name,
    metadata: (objectName) => ({
      name: objectName,
      namespace: namespace.metadata.name,
      labels: identityLabels(identity),
    }),
    options: (dependsOn = []) => ({ parent, deletedWith: namespace, dependsOn, protect }),
  };
}

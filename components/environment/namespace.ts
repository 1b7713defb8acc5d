import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { isUnderPlatform } from "./rbac/boundClusterRoles";
import { isProtected } from "./inside";
import { meshNamespaceAnnotations, meshNamespaceLabels } from "./mesh/mesh";
import {
  type Description,
  type Identity,
  namespaceAnnotations,
  namespaceLabels,
  protectionLabels,
} from "../core/metadata";
import { namespaceName, uniqueSuffixLength } from "../core/names";
import { createFlowSchemas } from "./flowSchema";
import { nodePoolAnnotations, nodePoolLabels } from "./nodePool/nodePool";
import { type SecureEnvironmentArgs } from "./secureEnvironmentArgs";
import { assertValid } from "./validArguments";

/**
 * The namespace, before any access to it is granted. Its share of the API server comes before it, and
 * so goes only when the last pod is gone.
 */
export function createNamespace(
  parent: pulumi.Resource,
  name: string,
  args: SecureEnvironmentArgs,
  identity: Identity,
): k8s.core.v1.Namespace {
  const description = describedBy(args);
  const namespace = namespaceNameOf(parent, name, args, identity.stack);
  return new k8s.core.v1.Namespace(
    name,
    {
      metadata: {
        name: namespace,
        labels: {
          ...namespaceLabels(identity, description),
          ...(isUnderPlatform(args) ? protectionLabels(identity) : {}),
          ...meshNamespaceLabels(args.mesh),
          ...withName(namespace, (known) => nodePoolLabels(args.nodePool, known)),
        },
        ...nonEmpty("annotations", {
          ...namespaceAnnotations(args.branch, description),
          ...meshNamespaceAnnotations(args.mesh),
          ...withName(namespace, (known) => nodePoolAnnotations(args.nodePool, known)),
        }),
      },
    },
    {
      parent,
      protect: isProtected(identity),
      dependsOn: createFlowSchemas(parent, name, args, namespace, identity),
    },
  );
}

/** The keys are known even where the name is not yet: only what depends on it waits for it. */
function withName(
  name: pulumi.Input<string>,
  build: (name: string) => Record<string, string>,
): Record<string, pulumi.Input<string>> {
  if (typeof name === "string") {
    return build(name);
  }
  const later = (key: string) => pulumi.output(name).apply((known) => build(known)[key] ?? "");
  return Object.fromEntries(Object.keys(build("")).map((key) => [key, later(key)]));
}

/** The API server stores no empty map: sending one would look like a change in every run. */
function nonEmpty<Value>(key: string, map: Record<string, Value>) {
  return Object.keys(map).length === 0 ? {} : { [key]: map };
}

/** The describing arguments; those that are known only later are judged then. */
function describedBy(args: SecureEnvironmentArgs): Description<pulumi.Input<string>> {
  return {
    owner: judgedLater(args, "owner"),
    url: judgedLater(args, "url"),
    expiresAt: judgedLater(args, "expiresAt"),
  };
}

function judgedLater(
  args: SecureEnvironmentArgs,
  property: "owner" | "url" | "expiresAt",
): pulumi.Input<string> | undefined {
  const value = args[property];
  return value === undefined || typeof value === "string"
    ? value
    : pulumi.output(value).apply((known) => {
        assertValid({ ...args, [property]: known }, pulumi.getStack());
        return known;
      });
}

function namespaceNameOf(
  parent: pulumi.Resource,
  name: string,
  args: SecureEnvironmentArgs,
  stack: string,
): pulumi.Input<string> {
  const plainName = namespaceName(stack, args.project);
  if (args.uniqueSuffix !== true) {
    return plainName;
  }
  const suffix = new random.RandomString(
    `${name}-suffix`,
    { length: uniqueSuffixLength, special: false, upper: false },
    { parent },
  );
  return pulumi.interpolate`${plainName}-${suffix.result}`;
}

import { recordOf, textOf, unreadable, type UnknownRecord } from "secure-environment/core";
import { type JudgedResource } from "./judgedResource";
import { rememberedOf } from "./remembered";

/** A text that may be known only after the update. */
export type MaybeKnown = string | typeof unreadable;

/** A Kubernetes object that a stack makes or changes. */
export interface KubernetesObject {
  readonly resource: JudgedResource;
  readonly apiVersion: string;
  readonly kind: string;
  /** Whether it changes an object that somebody else made. */
  readonly isPatch: boolean;
  /** `metadata.name`; left out when the provider makes one up. */
  readonly name?: MaybeKnown;
  /** The namespace it is in, also where only the provider says so. */
  readonly namespace: MaybeKnown;
  readonly metadata: UnknownRecord;
  readonly properties: UnknownRecord;
}

/** What a Pulumi type token says about an object. */
export interface KubernetesType {
  readonly apiVersion: string;
  readonly kind: string;
  readonly isPatch: boolean;
}

/**
 * The object, as the provider will make it: by the properties, and by the type token where these
 * say nothing. `undefined` for other resources, and for those without properties: components, and
 * what `--target` leaves out.
 */
export const kubernetesObject = rememberedOf(objectOf);

function objectOf(resource: JudgedResource): KubernetesObject | undefined {
  const type = kubernetesType(resource.type);
  if (
    type === undefined ||
    isComponent(resource) ||
    Object.keys(resource.properties).length === 0
  ) {
    return undefined;
  }
  const { properties } = resource;
  const metadata = recordOf(properties["metadata"]);
  const name = maybeKnown(metadata["name"]);
  return {
    resource,
    apiVersion: textOf(properties["apiVersion"]) ?? type.apiVersion,
    kind: textOf(properties["kind"]) ?? type.kind,
    isPatch: type.isPatch,
    ...(name === undefined ? {} : { name }),
    namespace: namespaceOf(resource, properties["metadata"]),
    metadata,
    properties,
  };
}

/** Whether the resource only holds others together, which are resources of their own. */
function isComponent({ type, provider }: JudgedResource): boolean {
  return (
    provider === undefined &&
    /^kubernetes:(helm\.sh\/v\d+:Chart|kustomize\/v\d+:Directory|yaml\/v\d+:Config(File|Group))$/.test(
      type,
    )
  );
}

/** What the type token says; `undefined` when it is none of an object of Kubernetes. */
export function kubernetesType(token: string): KubernetesType | undefined {
  const match = /^kubernetes:([^:]+\/[^:/]+):([^:]+)$/.exec(token);
  if (match === null) {
    return undefined;
  }
  const [, groupVersion = "", name = ""] = match;
  const isPatch = /.Patch$/.test(name);
  return {
    apiVersion: groupVersion.replace(/^core\//, ""),
    kind: isPatch ? name.slice(0, -"Patch".length) : name,
    isPatch,
  };
}

/** The provider puts an object without a namespace into its own default one. */
function namespaceOf({ provider }: JudgedResource, metadata: unknown): MaybeKnown {
  if (metadata === unreadable) {
    return unreadable;
  }
  const own = maybeKnown(recordOf(metadata)["namespace"]);
  return own ?? maybeKnown(provider?.properties["namespace"]) ?? "default";
}

/** `undefined` when there is nothing; what is no text is as good as not known. */
function maybeKnown(value: unknown): MaybeKnown | undefined {
  if (value === undefined || value === null || value === "") {
    return undefined;
  }
  return textOf(value) ?? unreadable;
}

import type { Metadata } from "./objects";
import { textOf } from "secure-environment/core";

/** The namespace of an object that names none, as for kubectl. */
const defaultNamespace = "default";

/** Where an object is; one that the engine or the API server will name has no name yet. */
export function identityOf({ metadata }: { readonly metadata?: Metadata }): {
  readonly namespace: string;
  readonly name: string;
} {
  return {
    namespace: textOf(metadata?.namespace) ?? defaultNamespace,
    name: textOf(metadata?.name) ?? "(unnamed)",
  };
}

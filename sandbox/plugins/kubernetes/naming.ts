import { createHash, randomBytes } from "node:crypto";
import { CheckRequest } from "@pulumi/pulumi/proto/provider_pb";
import { isObject } from "../properties";
import { annotation, child, type KubernetesObject, nameOf, withMetadata } from "./object";
import { resourceName } from "./urn";

const autonamed = "pulumi.com/autonamed";
const suffixLength = 8;

/** Whether a name is given, be it one that is not known yet. */
export function isNamed(object: KubernetesObject): boolean {
  const name = child(object, "metadata")["name"];
  return name !== undefined && name !== "";
}

/** Whether the name was made up here. */
export function isAutonamed(object: KubernetesObject): boolean {
  return annotation(object, autonamed) === "true";
}

/** Gives the name that the object had so far to inputs without a name. */
export function adoptName(inputs: KubernetesObject, old: KubernetesObject): KubernetesObject {
  return isNamed(inputs) || !isAutonamed(old) ? inputs : withAutoname(inputs, nameOf(old));
}

/** Makes up a name for inputs without a name. */
export function assignName(request: CheckRequest, inputs: KubernetesObject): KubernetesObject {
  if (isNamed(inputs)) {
    return inputs;
  }
  const autonaming = request.getAutonaming();
  const { DISABLE } = CheckRequest.AutonamingOptions.Mode;
  if (autonaming?.getMode() === DISABLE) {
    throw new Error("autonaming is disabled, resource requires the .metadata.name field to be set");
  }
  const proposed = autonaming?.getProposedName() ?? "";
  return withAutoname(
    inputs,
    proposed === ""
      ? uniqueName(`${resourceName(request.getUrn())}-`, request.getRandomseed_asU8())
      : proposed,
  );
}

/** A name that no other resource has. The same seed gives the same name, in preview and update. */
export function uniqueName(prefix: string, seed?: Uint8Array): string {
  const bytes =
    seed === undefined || seed.length === 0
      ? randomBytes(suffixLength)
      : createHash("sha256").update(seed).digest();
  return prefix + bytes.toString("hex").slice(0, suffixLength);
}

function withAutoname(inputs: KubernetesObject, name: string): KubernetesObject {
  const named = withMetadata(inputs, { name });
  const annotations = child(named, "metadata")["annotations"];
  // Nothing can be added to annotations that are not known yet.
  return annotations === undefined || isObject(annotations)
    ? withMetadata(named, { annotations: { ...annotations, [autonamed]: "true" } })
    : named;
}

import { hasUnknowns, isObject, mapValues, type PlainObject, type PlainValue } from "../properties";
import { type KubernetesObject, objectType, withoutMetadata } from "./object";

/** Fields of metadata that the API server alone decides on. */
const readOnlyMetadata = [
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "generation",
  "managedFields",
  "resourceVersion",
  "uid",
];

/** Puts inputs into the form in which the API server gives them back. */
export function normalize(object: KubernetesObject): KubernetesObject {
  return withoutMetadata(hasUnknowns(object) ? object : encodeStringData(object), readOnlyMetadata);
}

/** The content of a Secret may be given in clear text, and comes back encoded. */
function encodeStringData(object: KubernetesObject): KubernetesObject {
  const { stringData, ...others } = object;
  const { apiVersion, kind } = objectType(object);
  if (apiVersion !== "v1" || kind !== "Secret" || !isObject(stringData)) {
    return object;
  }
  const encoded = mapValues(stringData, encode);
  return { ...others, data: { ...(others["data"] as PlainObject | undefined), ...encoded } };
}

function encode(value: PlainValue): PlainValue {
  return typeof value === "string" ? Buffer.from(value).toString("base64") : value;
}

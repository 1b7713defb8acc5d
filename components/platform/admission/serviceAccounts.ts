import { type PlatformSettings } from "../platformSettings";
import { literal } from "./cel";

/** CEL about what a service account is for a cloud. */

/** Holds for service accounts, by which pods may be somebody in a cloud. */
export const isOfAccount = 'request.resource.resource == "serviceaccounts"';

/** Whether the annotation `key` of the object is one of those of a service account, with its value. */
export function isListedOfAccount({
  serviceAccountAnnotations,
}: Pick<PlatformSettings, "serviceAccountAnnotations">): string {
  const listed = serviceAccountAnnotations.map(({ key, value }) => [key, value]);
  return `(${isOfAccount} && ${literal(listed)}.exists(pair, pair[0] == key && pair[1] == object.metadata.annotations[key]))`;
}

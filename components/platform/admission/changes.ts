import { type NamedExpression } from "./validatingAdmissionPolicy";
import { literal } from "./cel";

/**
 * CEL that tells what an update changes. What was there before a rule may break it, and so may what
 * was right before its namespace changed. A policy that judged all of it again would keep operators
 * from taking their finalizers off it, and its namespace from going.
 */

/** Holds but for updates that leave all of the fields as they are. */
export function changesAny(...fields: readonly string[]): NamedExpression {
  const changes = fields.map((field) => `object.?${field} != oldObject.?${field}`);
  return {
    name: "changes-what-is-judged",
    expression: `request.operation != "UPDATE" || ${changes.join(" || ")}`,
  };
}

/** Metadata by which others go, beside finalizers. */
const describing = ["labels", "annotations", "ownerReferences"];

/** Holds but for updates of nothing but finalizers, which `objectsLetTheirNamespaceGo` judges. */
export const changesMoreThanFinalizers: NamedExpression = {
  name: "changes-more-than-finalizers",
  expression:
    'request.operation != "UPDATE" || ' +
    `${literal(describing)}.exists(field, object.metadata[?field] != oldObject.metadata[?field]) || ` +
    '[object, oldObject].exists(one, one.exists(field, field != "metadata" && object[?field] != oldObject[?field]))',
};

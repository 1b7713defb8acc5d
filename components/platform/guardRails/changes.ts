import { type NamedExpression } from "../admissionPolicy";
import { metadataMap } from "../cel";
import { notSentByOperator } from "../identities";

/**
 * What was there before the platform, or before a setting changed, may not be as policies want it.
 * Whoever takes a finalizer off it is not refused, so that it goes and its namespace with it.
 */

/** Holds for what is made, and for changes of its specification or its annotations. */
export const changesSpecification: NamedExpression = {
  name: "changes-the-specification",
  expression:
    "oldObject == null || object.spec != oldObject.spec || " +
    `${metadataMap("object", "annotations")} != ${metadataMap("oldObject", "annotations")}`,
};

/** The same for Roles. */
export const changesRights: NamedExpression = {
  name: "changes-the-rights",
  expression: "oldObject == null || object.?rules != oldObject.?rules",
};

/** Holds but for operators that change what is being deleted already. */
export const notReleasedByOperator: NamedExpression = {
  name: "not-released-by-an-operator",
  expression:
    'request.operation != "UPDATE" || !oldObject.metadata.?deletionTimestamp.hasValue() || ' +
    notSentByOperator.expression,
};

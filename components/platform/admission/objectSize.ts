import { one, parseQuantity } from "../../core/quantity";
import { type NamedExpression } from "./validatingAdmissionPolicy";

/**
 * A variable with the bytes that the object takes, written out with its metadata: fields, keys and
 * values alike, for objects of every kind. Characters that have to be written otherwise, such as the
 * end of a line, count as they are written, and a Secret's data as base64.
 */
export const sizeOfObject: NamedExpression = {
  name: "size",
  expression: 'bytes("%s".format([object])).size()',
};

/** Whether the object takes at most as much. It needs the variable `size`. */
export function takesAtMost(size: string): string {
  const bytes = (parseQuantity(size) ?? 0n) / one;
  return `variables.size <= ${bytes}`;
}

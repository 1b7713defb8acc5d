import * as deserialize from "@pulumi/policy/deserialize";
import { type Struct } from "google-protobuf/google/protobuf/struct_pb";
import { rememberedOf } from "./remembered";

/** How the policy SDK reads the properties in a message. Policies that only judge see secrets as they are. */
type Read = (message: Struct, marksSecrets: boolean) => object;

/**
 * Has the properties in each of the engine's messages read once. The policy SDK reads them anew for
 * every policy, which takes longer than to judge them. A message never changes, and what was read cannot
 * be written: every policy sees the same.
 */
export function readMessagesOnce(): void {
  const read = Reflect.get(deserialize, "deserializeProperties") as Read;
  const readOnce = rememberedOf((message: Struct) => unwritable(read(message, false)));
  const replaced: Read = (message, marksSecrets) =>
    marksSecrets ? read(message, marksSecrets) : readOnce(message);
  Reflect.set(deserialize, "deserializeProperties", replaced);
}

/**
 * Makes nothing of a value writable, however deep. It is not frozen: proxies as those of the policy SDK give what
 * is frozen as it is, and give nothing else in its place.
 */
export function unwritable<Value extends object>(value: Value): Value {
  for (const [key, below] of Object.entries(value) as [string, unknown][]) {
    if (typeof below === "object" && below !== null) {
      unwritable(below);
    }
    Object.defineProperty(value, key, { writable: false });
  }
  return Object.preventExtensions(value);
}

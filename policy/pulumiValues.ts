import { isRecord } from "secure-environment/core";

/**
 * What Pulumi's engine writes for a value that is known only when something has been created: for a
 * truth value, a number, a text, a list, an asset, an archive and an object.
 */
const unknownsOfPulumi: ReadonlySet<unknown> = new Set([
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** The key by which Pulumi's state and its wire format mark secrets and other special values. */
const pulumiSignature = "4dabf18193072939515e22adb298388d";

/** Whether the value only stands for another one: an output, a secret, an unknown of Pulumi. */
export function standsForAnother(value: unknown): boolean {
  return (
    unknownsOfPulumi.has(value) ||
    (isRecord(value) && (value["__pulumiOutput"] === true || pulumiSignature in value))
  );
}

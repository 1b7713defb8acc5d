import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";

/** A property whose value is not known before the update runs. */
export class Unknown {
  constructor(readonly sentinel: string) {}
}

/** A property whose value may appear nowhere in clear text. */
export class Secret {
  constructor(readonly value: PropertyValue) {}
}

/** A value of the engine's property system. */
export type PropertyValue =
  null | boolean | number | string | Unknown | Secret | PropertyValue[] | Properties;

/** The inputs or outputs of a resource. */
export interface Properties {
  [key: string]: PropertyValue;
}

/** A property value with the secret wrapping taken off. */
export type PlainValue = null | boolean | number | string | Unknown | PlainValue[] | PlainObject;

/** An object with the secret wrapping taken off. */
export interface PlainObject {
  [key: string]: PlainValue;
}

const unknownString = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const unknownSentinels = new Set([
  unknownString,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** Whether a value is a map of properties, and none of the special values. */
export function isObject(value: PlainValue | undefined): value is PlainObject;
export function isObject(value: PropertyValue | undefined): value is Properties;
export function isObject(value: PropertyValue | undefined): value is Properties {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Unknown) &&
    !(value instanceof Secret)
  );
}

/** Reads properties off the wire. */
export function fromStruct(struct: Struct | undefined): Properties {
  return struct === undefined ? {} : (decode(struct.toJavaScript()) as Properties);
}

function decode(value: JavaScriptValue): PropertyValue {
  if (typeof value === "string") {
    return unknownSentinels.has(value) ? new Unknown(value) : value;
  }
  if (Array.isArray(value)) {
    return value.map(decode);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const fields = value as { [key: string]: JavaScriptValue };
  if (fields[signatureKey] === secretSignature) {
    return new Secret(decode(fields["value"] ?? null));
  }
  return mapValues(fields, decode);
}

/** Writes properties to the wire. */
export function toStruct(properties: Properties): Struct {
  return Struct.fromJavaScript(encode(properties) as { [key: string]: JavaScriptValue });
}

function encode(value: PropertyValue): JavaScriptValue {
  if (value instanceof Unknown) {
    return value.sentinel;
  }
  if (value instanceof Secret) {
    return { [signatureKey]: secretSignature, value: encode(value.value) };
  }
  if (Array.isArray(value)) {
    return value.map(encode);
  }
  return isObject(value) ? mapValues(value, encode) : value;
}

/** Takes the secret wrapping off a value, at every depth. */
export function withoutSecrets(value: Properties): PlainObject;
export function withoutSecrets(value: PropertyValue): PlainValue;
export function withoutSecrets(value: PropertyValue): PlainValue {
  if (value instanceof Secret) {
    return withoutSecrets(value.value);
  }
  if (Array.isArray(value)) {
    return value.map((element) => withoutSecrets(element));
  }
  return isObject(value) ? mapValues(value, (element) => withoutSecrets(element)) : value;
}

/** Whether a value is or holds something that is not known yet. */
export function hasUnknowns(value: PropertyValue): boolean {
  return someValue(value, (candidate) => candidate instanceof Unknown);
}

/** Whether a value is or holds a secret. */
export function hasSecrets(value: PropertyValue): boolean {
  return someValue(value, (candidate) => candidate instanceof Secret);
}

function someValue(value: PropertyValue, test: (candidate: PropertyValue) => boolean): boolean {
  if (test(value)) {
    return true;
  }
  if (value instanceof Secret) {
    return someValue(value.value, test);
  }
  if (Array.isArray(value) || isObject(value)) {
    return Object.values<PropertyValue>(value).some((element) => someValue(element, test));
  }
  return false;
}

/** The texts inside secrets, so that messages can be cleared of them. */
export function secretTexts(value: PropertyValue, insideSecret = false): string[] {
  if (value instanceof Secret) {
    return secretTexts(value.value, true);
  }
  if (Array.isArray(value) || isObject(value)) {
    return Object.values<PropertyValue>(value).flatMap((element) =>
      secretTexts(element, insideSecret),
    );
  }
  return insideSecret && typeof value === "string" && value !== "" ? [value] : [];
}

/** Applies a function to every value of a map. */
export function mapValues<From, To>(
  map: { [key: string]: From },
  convert: (value: From) => To,
): { [key: string]: To } {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, convert(value)]));
}

import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";

/** A property whose value may appear nowhere in clear text. */
export class Secret {
  constructor(readonly value: PropertyValue) {}
}

/** A value of the engine's property system. One that is not known yet is a text with a mark. */
export type PropertyValue =
  null | boolean | number | string | Secret | PropertyValue[] | Properties;

/** The inputs or outputs of a resource. */
export interface Properties {
  [key: string]: PropertyValue;
}

/** A property value with the secret wrapping taken off. */
export type PlainValue = null | boolean | number | string | PlainValue[] | PlainObject;

/** An object with the secret wrapping taken off. */
export interface PlainObject {
  [key: string]: PlainValue;
}

const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** Reads properties off the wire. */
export function fromStruct(struct: Struct | undefined): Properties {
  return struct === undefined ? {} : (decode(struct.toJavaScript()) as Properties);
}

function decode(value: JavaScriptValue): PropertyValue {
  if (Array.isArray(value)) {
    return value.map(decode);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const fields = value as { [key: string]: JavaScriptValue };
  return fields[signatureKey] === secretSignature
    ? new Secret(decode(fields["value"] ?? null))
    : mapValues(fields, decode);
}

/** Writes properties to the wire. */
export function toStruct(properties: Properties): Struct {
  return Struct.fromJavaScript(encode(properties) as { [key: string]: JavaScriptValue });
}

function encode(value: PropertyValue): JavaScriptValue {
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

function isObject(value: PropertyValue): value is Properties {
  return typeof value === "object" && value !== null;
}

function mapValues<From, To>(
  map: { [key: string]: From },
  convert: (value: From) => To,
): { [key: string]: To } {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, convert(value)]));
}

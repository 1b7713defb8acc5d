import {
  hasSecrets,
  isObject,
  type Properties,
  type PropertyValue,
  Secret,
  secretTexts,
} from "../properties";

const secretKind = "Secret";
const secretFields = ["data", "stringData"];
const shortestRedacted = 4;

/** Marks as secret what is secret in the inputs, and always the content of Secret objects. */
export function markSecrets(values: Properties, inputs: Properties): Properties {
  if (values["kind"] === secretKind) {
    return mapEntries(values, (key, value) => (secretFields.includes(key) ? secret(value) : value));
  }
  return mapEntries(values, (key, value) => markValue(value, inputs[key] ?? null));
}

function markValue(value: PropertyValue, input: PropertyValue): PropertyValue {
  if (isObject(value) && isObject(input)) {
    return markSecrets(value, input);
  }
  // A list may come back in another order, so that one secret element makes all of it secret.
  return hasSecrets(input) ? secret(value) : value;
}

function secret(value: PropertyValue): Secret {
  return value instanceof Secret ? value : new Secret(value);
}

function mapEntries(
  map: Properties,
  convert: (key: string, value: PropertyValue) => PropertyValue,
): Properties {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, convert(key, value)]));
}

/** Takes secrets out of a message: an API server may repeat a value that it refuses. */
export function redact(message: string, inputs: Properties): string {
  const texts = secretTexts(markSecrets(inputs, inputs)).flatMap((text) => [
    text,
    Buffer.from(text).toString("base64"),
    Buffer.from(text, "base64").toString(),
  ]);
  return texts
    .filter((text) => text.length >= shortestRedacted)
    .sort((a, b) => b.length - a.length)
    .reduce((redacted, text) => redacted.replaceAll(text, "[secret]"), message);
}

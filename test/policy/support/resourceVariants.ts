import { type AnalyzedResource, secretValue, unknownText } from "./policyAnalyzer";

type Properties = Readonly<Record<string, unknown>>;

/** The same resource with each text and number in it a secret. */
export function withSecrets(resource: AnalyzedResource): AnalyzedResource {
  return { ...resource, properties: recordWithSecrets(resource.properties ?? {}) };
}

/** The same resource with each of its properties a secret as a whole. */
export function withSecretMaps(resource: AnalyzedResource): AnalyzedResource {
  const entries = Object.entries(resource.properties ?? {});
  return {
    ...resource,
    properties: Object.fromEntries(entries.map(([key, value]) => [key, secretWhole(value)])),
  };
}

/** The resource as the engine shows it when an update with `--target` leaves it out. */
export function withoutProperties(resource: AnalyzedResource): AnalyzedResource {
  return { ...resource, properties: {} };
}

/** The resource with each of its properties unknown in turn, and with all of them. */
export function withUnknowns(resource: AnalyzedResource): readonly AnalyzedResource[] {
  const { properties = {} } = resource;
  const unknowns = Object.keys(properties).map((key) => ({ [key]: unknownText }));
  return [...unknowns, Object.assign({}, ...unknowns) as Properties].map((unknown) => ({
    ...resource,
    properties: { ...properties, ...unknown },
  }));
}

/** What has something unknown in it is unknown as a whole where it is a secret, and what has secrets has no others. */
function secretWhole(value: unknown): unknown {
  const text = JSON.stringify(value);
  const [mark = ""] = Object.keys(secretValue(""));
  return text.includes(unknownText) || text.includes(mark) ? value : secretValue(value);
}

function recordWithSecrets(record: object): Properties {
  const entries = Object.entries(record).map(([key, value]) => [key, valueWithSecrets(value)]);
  return Object.fromEntries(entries) as Properties;
}

function valueWithSecrets(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(valueWithSecrets);
  }
  if (typeof value === "object" && value !== null) {
    return isSecret(value) ? value : recordWithSecrets(value);
  }
  const isPlain = (typeof value === "string" && value !== unknownText) || typeof value === "number";
  return isPlain ? secretValue(value) : value;
}

function isSecret(value: object): boolean {
  const [mark = ""] = Object.keys(secretValue(""));
  return Object.hasOwn(value, mark);
}

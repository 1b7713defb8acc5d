import { isDeepStrictEqual } from "node:util";
import { Document, isScalar, visit, type YAMLMap, type YAMLSeq } from "yaml";

/** The resources of a state by their URNs, without what differs from run to run. */
export type StatedResources = Readonly<Record<string, StatedResource>>;
type StatedResource = Readonly<Record<string, unknown>>;

/** A resource as `pulumi stack export` writes it. */
interface StoredResource {
  readonly urn: string;
  readonly type: string;
  readonly custom: boolean;
  readonly outputs?: object;
  readonly [field: string]: unknown;
}

/**
 * What is left out of a resource: what the cluster or the run decides, and what its URN says, which
 * ends in the type and the name. A field that is not listed here is shown.
 */
const leftOut = [
  ...["urn", "type", "custom", "id", "outputs"],
  ...["created", "modified", "sourcePosition", "stackTrace"],
];

/** From how many characters on a list of dependencies is written once. */
const longList = 300;

/** Outputs of a stack that say where its cluster is. */
const ofTheCluster = ["apiServer", "certificateAuthority", "clusterId"];

/**
 * What is to be compared of an exported state. The slug stands for the stack in names that are made
 * of it, and becomes `<slug>`; so does a random suffix after it become `<suffix>`. URNs lose their
 * beginning, which is the same in the whole state, and default providers their version.
 */
export function statedResources(exported: string, slug: string): StatedResources {
  const text = exported
    .replaceAll(/urn:pulumi:[^:"]+::[^:"]+::/g, "")
    .replaceAll(/::default(_\d+)+/g, "::default")
    .replaceAll(slug, "<slug>");
  const { resources } = (JSON.parse(text) as { deployment: { resources: StoredResource[] } })
    .deployment;
  const suffix = resources.find(({ type }) => type.endsWith(":RandomString"))?.outputs;
  const entries = resources.map(stated).sort(byUrn);
  return withoutSuffix(Object.fromEntries(withDependenciesOnce(entries)), suffix);
}

/** A state with which others are compared. */
export interface BaseState {
  readonly name: string;
  readonly resources: StatedResources;
}

/**
 * The state as text, below the configuration that it came from. What is the same in the base, whole
 * resources and fields of others, is only named.
 */
export function stateText(heading: string, resources: StatedResources, base?: BaseState): string {
  return `${heading}\n${asYaml(base === undefined ? { resources } : differences(resources, base))}`;
}

/** What is left of a text from the resource on in which it first differs from another one. */
export function fromFirstDifference(text: string, other: string): string {
  const lines = text.split("\n");
  const others = other.split("\n");
  const first = lines.findIndex((line, index) => line !== others[index]);
  const heading = lines.findLastIndex((line, index) => index <= first && /^ {2}\S/.test(line));
  return first === -1 ? "" : lines.slice(Math.max(heading, 0)).join("\n");
}

function differences(resources: StatedResources, base: BaseState): object {
  const asInBase = `as in ${base.name}`;
  const [same, others] = partition(resources, base.resources);
  const shown = Object.entries(others).map(([urn, resource]) => {
    const [sameFields, otherFields] = partition(resource, base.resources[urn] ?? {});
    return [urn, sameFields.length === 0 ? resource : { [asInBase]: sameFields, ...otherFields }];
  });
  return { [asInBase]: same, resources: Object.fromEntries(shown) as object };
}

/** The keys that have the same values in both, and the entries of the first that have not. */
function partition<Value>(
  entries: Readonly<Record<string, Value>>,
  base: Readonly<Record<string, Value>>,
): [string[], Readonly<Record<string, Value>>] {
  const isSame = (key: string) => key in base && isDeepStrictEqual(entries[key], base[key]);
  const others = Object.entries(entries).filter(([key]) => !isSame(key));
  return [Object.keys(entries).filter(isSame), Object.fromEntries(others)];
}

function stated(resource: StoredResource): [string, StatedResource] {
  const fields = Object.entries(resource)
    .filter(([field]) => !leftOut.includes(field))
    .map(([field, value]) => [field, statedField(resource.type, field, value)]);
  const isComponent = !resource.custom;
  const outputs = isComponent ? { outputs: statedOutputs(resource.outputs ?? {}) } : {};
  return [resource.urn, { ...Object.fromEntries(fields), ...outputs }];
}

/** Resources that depend on the same as one before them name that one. */
function withDependenciesOnce(
  entries: readonly [string, StatedResource][],
): [string, StatedResource][] {
  const before = new Map<string, string>();
  return entries.map(([urn, resource]) => {
    const dependencies = JSON.stringify(resource.dependencies ?? []);
    const same = before.get(dependencies) ?? urn;
    before.set(dependencies, same);
    const isLong = dependencies.length > longList;
    return [
      urn,
      isLong && same !== urn ? { ...resource, dependencies: `those of ${same}` } : resource,
    ];
  });
}

function statedField(type: string, field: string, value: unknown): unknown {
  switch (field) {
    case "inputs":
      return statedInputs(type, value);
    case "provider":
      return String(value).split("::").slice(0, 2).join("::");
    case "propertyDependencies":
      return statedDependencies(value as Readonly<Record<string, readonly string[]>>);
    default:
      return Array.isArray(value) ? [...value].sort() : value;
  }
}

/** The version of a default provider is that of the package which the program uses. */
function statedInputs(type: string, inputs: unknown): unknown {
  const shown = plain(inputs) as Readonly<Record<string, unknown>>;
  return type.startsWith("pulumi:providers:") ? { ...shown, version: undefined } : shown;
}

/** By property, as sets; most properties depend on nothing. */
function statedDependencies(properties: Readonly<Record<string, readonly string[]>>): object {
  const entries = Object.entries(properties)
    .filter(([, urns]) => urns.length > 0)
    .map(([property, urns]) => [property, [...urns].sort()]);
  return Object.fromEntries(entries) as object;
}

function statedOutputs(outputs: object): object {
  const entries = Object.entries(outputs).map(([key, value]) => [
    key,
    ofTheCluster.includes(key) ? `<${key}>` : plain(value),
  ]);
  return Object.fromEntries(entries) as object;
}

/** A value with `[secret]` for what is encrypted, and without what only providers care about. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(plain);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  if ("ciphertext" in value) {
    return "[secret]";
  }
  const entries = Object.entries(value).filter(([key]) => !key.startsWith("__"));
  return Object.fromEntries(entries.map(([key, inner]) => [key, plain(inner)]));
}

function withoutSuffix(resources: StatedResources, suffix: object | undefined): StatedResources {
  if (suffix === undefined || !("result" in suffix)) {
    return resources;
  }
  const text = JSON.stringify(resources).replaceAll(
    `<slug>-${String(suffix.result)}`,
    "<slug>-<suffix>",
  );
  return JSON.parse(text) as StatedResources;
}

function byUrn([one]: [string, StatedResource], [other]: [string, StatedResource]): number {
  return one < other ? -1 : 1;
}

/** YAML in which short lists and objects of plain values are on one line each. */
function asYaml(content: object): string {
  const document = new Document(content);
  visit(document, {
    Seq: (_, list) => {
      list.flow = list.items.every(isScalar) && fitsOnALine(list);
    },
    Map: (_, map) => {
      map.flow = map.items.every(({ value }) => isScalar(value)) && fitsOnALine(map);
    },
  });
  return document.toString({ lineWidth: 0 });
}

function fitsOnALine(collection: YAMLMap | YAMLSeq): boolean {
  return JSON.stringify(collection).length < 80;
}

import { type JudgedResource } from "./judgedResource";

/** The URNs of what a resource waits for, among those that were asked for. */
export type Awaited = (resource: JudgedResource) => ReadonlySet<string>;

/**
 * What each resource of a stack waits for before it is made, directly or through others: what it and
 * its parents depend on, its parents themselves, and its provider. Whoever depends on a component
 * depends on all that the component makes. `wanted` are the URNs that are asked for.
 */
export function awaitedAmong(
  wanted: ReadonlySet<string>,
  resources: readonly JudgedResource[],
): Awaited {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const children = childrenOf(resources);
  const found = new Map<string, Set<string>>();
  const awaited = (resource: JudgedResource): ReadonlySet<string> => {
    const known = found.get(resource.urn);
    if (known !== undefined) {
      return known;
    }
    const all = new Set<string>();
    found.set(resource.urn, all);
    for (const urn of directlyAwaited(resource, byUrn, children)) {
      if (wanted.has(urn)) {
        all.add(urn);
      }
      const other = byUrn.get(urn);
      if (other !== undefined) {
        awaited(other).forEach((further) => all.add(further));
      }
    }
    return all;
  };
  return awaited;
}

type Children = ReadonlyMap<string, readonly JudgedResource[]>;

function childrenOf(resources: readonly JudgedResource[]): Children {
  const children = new Map<string, JudgedResource[]>();
  for (const resource of resources) {
    const siblings = children.get(resource.parent) ?? [];
    siblings.push(resource);
    children.set(resource.parent, siblings);
  }
  return children;
}

function directlyAwaited(
  resource: JudgedResource,
  byUrn: ReadonlyMap<string, JudgedResource>,
  children: Children,
): Set<string> {
  const { dependencies, parent, provider } = resource;
  const components = dependencies.filter((urn) => isComponent(byUrn.get(urn)));
  const ancestors = components.length === 0 ? new Set() : ancestorsOf(resource, byUrn);
  const parts = components
    .filter((urn) => !ancestors.has(urn))
    .flatMap((urn) => partsOf(urn, children));
  return new Set([...dependencies, ...parts, parent, provider?.urn ?? ""]);
}

/** A part of a component does not wait for the component as a whole: it would wait for itself. */
function ancestorsOf(
  { parent }: JudgedResource,
  byUrn: ReadonlyMap<string, JudgedResource>,
): ReadonlySet<string> {
  const ancestors = new Set<string>();
  for (let urn = parent; urn !== "" && !ancestors.has(urn); urn = byUrn.get(urn)?.parent ?? "") {
    ancestors.add(urn);
  }
  return ancestors;
}

function isComponent(resource: JudgedResource | undefined): boolean {
  return resource !== undefined && resource.provider === undefined;
}

function partsOf(component: string, children: Children): readonly string[] {
  const parts = [component];
  for (const part of parts) {
    parts.push(...(children.get(part) ?? []).map(({ urn }) => urn));
  }
  return parts;
}

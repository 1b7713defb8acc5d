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
  const { dependencies, parent, provider, urn: own } = resource;
  const parts = dependencies
    .filter((urn) => byUrn.get(urn)?.provider === undefined)
    .map((component) => partsOf(component, children))
    .filter((all) => !all.has(own));
  return new Set([
    ...dependencies,
    ...parts.flatMap((all) => [...all]),
    parent,
    provider?.urn ?? "",
  ]);
}

/**
 * All that the component makes. A part of it does not wait for the whole: it would wait for itself.
 */
function partsOf(component: string, children: Children): ReadonlySet<string> {
  const parts = new Set([component]);
  for (const part of parts) {
    children.get(part)?.forEach(({ urn }) => parts.add(urn));
  }
  return parts;
}

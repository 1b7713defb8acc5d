import { plainCopy, recordOf, type UnknownRecord } from "secure-environment/core";
import { standsForAnother } from "./pulumiValues";

/** A resource as policies judge it: plain data, `unreadable` where nothing is known yet. */
export interface JudgedResource {
  readonly urn: string;
  /** Pulumi's type token, such as `kubernetes:core/v1:Namespace`. */
  readonly type: string;
  /** Pulumi's name. */
  readonly name: string;
  /** The Pulumi stack. */
  readonly stack: string;
  /** The Pulumi project. */
  readonly project: string;
  readonly properties: UnknownRecord;
  /** The URN of the parent; empty when it has none. */
  readonly parent: string;
  /** The URNs of what it depends on, whether as a whole or by a property. */
  readonly dependencies: readonly string[];
  /** The URNs of what each property depends on. */
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  readonly provider?: JudgedProvider;
  /** Properties of which the program's changes are ignored. */
  readonly ignoreChanges: readonly string[];
}

/** The provider of a resource; components have none. */
export interface JudgedProvider {
  readonly urn: string;
  readonly type: string;
  /** Pulumi's name. */
  readonly name: string;
  readonly properties: UnknownRecord;
}

/** What the policy SDK says about a resource, as far as it matters here. */
export interface ReportedResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly props: unknown;
  readonly opts: { readonly ignoreChanges?: readonly string[]; readonly parent?: string };
  readonly provider?: {
    readonly urn: string;
    readonly type: string;
    readonly name: string;
    readonly props: unknown;
  };
  readonly parent?: { readonly urn: string };
  readonly dependencies?: readonly { readonly urn: string }[];
  readonly propertyDependencies?: Readonly<Record<string, readonly { readonly urn: string }[]>>;
}

/**
 * A copy of the resource that can be looked at without the proxies of the policy SDK. It is the same for
 * each policy, as the SDK tells all of them of the same message.
 */
export function judgedResource(reported: ReportedResource): JudgedResource {
  const properties = behindProxies(reported.props);
  const resource = judgedResources.get(properties) ?? copyOf(reported);
  judgedResources.set(properties, resource);
  return resource;
}

/** By what the SDK has read of their messages. */
const judgedResources = new WeakMap<object, JudgedResource>();

function copyOf(reported: ReportedResource): JudgedResource {
  const { urn, type, name, props, provider, opts } = reported;
  const parent = reported.parent?.urn ?? opts.parent ?? "";
  return {
    urn,
    type,
    name,
    ...originOf(urn),
    properties: propertiesOf(props),
    parent,
    dependencies: dependenciesOf(reported),
    propertyDependencies: propertyDependenciesOf(reported),
    ...(provider === undefined ? {} : { provider: judgedProvider(provider) }),
    ignoreChanges: opts.ignoreChanges ?? [],
  };
}

function judgedProvider({
  urn,
  type,
  name,
  props,
}: NonNullable<ReportedResource["provider"]>): JudgedProvider {
  return { urn, type, name, properties: propertiesOf(props) };
}

/** Under this name the policy SDK's proxies give what is behind them; see its `proxy.ts`. */
const behindProxy = "__getSpecialProxyTarget";

/**
 * What is behind the proxies, which only throw at unknown values: `standsForAnother` knows these too, and to
 * read everything through proxies takes longer than all the rest of judging.
 */
function behindProxies(props: unknown): UnknownRecord {
  return recordOf(recordOf(props)[behindProxy] ?? props);
}

function propertiesOf(props: unknown): UnknownRecord {
  return recordOf(plainCopy(behindProxies(props), standsForAnother));
}

/** See https://www.pulumi.com/docs/iac/concepts/resources/names/#urns */
function originOf(urn: string): { readonly stack: string; readonly project: string } {
  const [, stack = "", project = ""] = /^urn:pulumi:(.*?)::(.*?)::/.exec(urn) ?? [];
  return { stack, project };
}

function dependenciesOf({ dependencies = [], propertyDependencies = {} }: ReportedResource) {
  const all = [...dependencies, ...Object.values(propertyDependencies).flat()];
  return [...new Set(all.map(({ urn }) => urn))];
}

function propertyDependenciesOf({ propertyDependencies = {} }: ReportedResource) {
  return Object.fromEntries(
    Object.entries(propertyDependencies).map(([property, resources]) => [
      property,
      resources.map(({ urn }) => urn),
    ]),
  );
}

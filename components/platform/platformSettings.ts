import { defaultDeveloperGroup } from "../environment/rbac/accessGrants";
import { type Amounts, isLess } from "../core/amounts";
import { sizeQuota } from "../core/sizes";
import { type Mesh } from "../environment/mesh/meshArgs";
import { type ClusterNetworkArgs, type DnsArgs } from "../environment/network/networkArgs";
import { defaultMaximumDataSize, type ObjectKind } from "../core/rules";
import { serviceAccountGroup } from "../core/flowSchema";
import {
  type PeopleArgs,
  type ReviewPlatformArgs,
  type ServiceAccountAnnotationArgs,
} from "./platformArgs";
import { defaultApiAudience, pipelineNamespace } from "../core/platformNames";

/** People, by groups and users. */
export type People = Readonly<Required<PeopleArgs>>;

/** A group that is the pipeline of a project. */
export interface PipelineGroup {
  readonly group: string;
  readonly project: string;
}

/** The arguments of a platform with everything filled in that was left out. */
export interface PlatformSettings {
  readonly pipelines: readonly PipelineGroup[];
  readonly administrators: People;
  readonly developers: People;
  /** Service accounts that may be let in, as `namespace/name`. */
  readonly serviceAccounts: readonly string[];
  readonly protectedNamespaces: readonly string[];
  readonly protectedCidrs: readonly string[];
  readonly clusterNetwork?: ClusterNetworkArgs;
  readonly dns?: DnsArgs;
  /** The most that each key of an environment's quota may say. */
  readonly ceilings: Amounts;
  readonly apiAudiences: readonly string[];
  /** Whom tokens of pods may be for, beside the meshes. */
  readonly tokenAudiences: readonly string[];
  readonly serviceAccountAnnotations: readonly ServiceAccountAnnotationArgs[];
  /** Users that place pods on nodes, beside the cluster's own. */
  readonly schedulers: readonly string[];
  readonly domain?: string;
  readonly ingressAnnotations: readonly string[];
  readonly objectAnnotations: readonly string[];
  readonly deployerKinds: readonly ObjectKind[];
  /** Labels that webhooks and admission policies of the cluster add. */
  readonly clusterLabels: readonly string[];
  /** Annotations that webhooks and admission policies of the cluster add. */
  readonly clusterAnnotations: readonly string[];
  readonly csiDrivers: readonly string[];
  /** Service accounts, as `namespace/name`. */
  readonly operators: readonly string[];
  readonly nodePools: readonly string[];
  readonly requireNodePool: boolean;
  readonly maximumPodPriority: number;
  /** The most that a ConfigMap or a Secret may take. */
  readonly maximumDataSize: string;
  readonly alwaysPullImages: boolean;
  readonly meshes: readonly Mesh[];
}

/** Everything filled in. The arguments must have no problem. */
export function platformSettings(args: ReviewPlatformArgs): PlatformSettings {
  return {
    pipelines: args.projects.flatMap(({ name, pipelineGroup }) => pipelinesOf(name, pipelineGroup)),
    administrators: people(args.administrators, { groups: ["system:masters"] }),
    developers: people(args.developers, { groups: [defaultDeveloperGroup] }),
    serviceAccounts: orNone(args.serviceAccounts),
    protectedNamespaces: orNone(args.protected?.namespaces),
    protectedCidrs: orNone(args.protected?.cidrs),
    clusterNetwork: args.clusterNetwork,
    dns: args.dns,
    ceilings: { ...ceilingsWith(orNone(args.meshes)), ...args.ceilings },
    apiAudiences: args.apiAudiences ?? [defaultApiAudience],
    tokenAudiences: orNone(args.tokenAudiences),
    serviceAccountAnnotations: orNone(args.serviceAccountAnnotations),
    schedulers: orNone(args.schedulers),
    domain: args.domain,
    ingressAnnotations: orNone(args.ingressAnnotations),
    objectAnnotations: orNone(args.objectAnnotations),
    deployerKinds: orNone(args.deployerKinds),
    clusterLabels: orNone(args.clusterLabels),
    clusterAnnotations: orNone(args.clusterAnnotations),
    csiDrivers: orNone(args.csiDrivers),
    operators: orNone(args.operators),
    nodePools: orNone(args.nodePools),
    requireNodePool: args.requireNodePool ?? false,
    maximumPodPriority: args.maximumPodPriority ?? 0,
    alwaysPullImages: args.alwaysPullImages ?? false,
    maximumDataSize: args.maximumDataSize ?? defaultMaximumDataSize,
    meshes: orNone(args.meshes),
  };
}

/** The size `large`, with the proxies of the mesh that has the largest of those that there may be. */
function ceilingsWith(meshes: readonly Mesh[]): Amounts {
  return meshes.map((mesh) => sizeQuota("large", mesh)).reduce(mostOf, sizeQuota("large"));
}

function mostOf(one: Amounts, other: Amounts): Amounts {
  return Object.fromEntries(
    Object.entries(one).map(([key, amount]) => [
      key,
      isLess(amount, other[key]) ? (other[key] ?? amount) : amount,
    ]),
  );
}

/**
 * A second account beside the pipeline's is fenced as well, also where the pipeline has a group of
 * the identity provider.
 */
function pipelinesOf(project: string, group: string | undefined): PipelineGroup[] {
  const accounts = { group: serviceAccountGroup(pipelineNamespace(project)), project };
  return group === undefined ? [accounts] : [accounts, { group, project }];
}

function orNone<Item>(items: readonly Item[] | undefined): readonly Item[] {
  return items ?? [];
}

function people(given: PeopleArgs | undefined, defaults: PeopleArgs): People {
  const { groups = [], users = [] } = given ?? defaults;
  return { groups, users };
}

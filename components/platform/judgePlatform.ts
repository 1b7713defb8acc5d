import { defaultDeveloperGroup } from "../environment/rbac/accessGrants";
import { type Amounts, isLess } from "../core/amounts";
import { judgeableArguments } from "../core/judgeableArguments";
import { type Problem } from "../core/problems";
import { shapeProblems } from "../core/shape";
import { sizeQuota } from "../core/sizes";
import { type Mesh } from "../environment/mesh/meshArgs";
import { defaultMaximumDataSize } from "../core/rules";
import { serviceAccountGroup } from "../core/flowSchema";
import { type PeopleArgs, type ReviewPlatformArgs } from "./platformArgs";
import { defaultApiAudience, pipelineNamespace } from "../core/platformNames";
import { platformProblems } from "./platformProblems";
import { type People, type PipelineGroup, type PlatformSettings } from "./platformSettings";
import { platformShape, platformShapes } from "./platformShapes";

/** Either what arguments ask for, or everything wrong with them. */
export type PlatformJudgement =
  | { readonly settings: PlatformSettings; readonly problems: readonly [] }
  | { readonly settings?: undefined; readonly problems: readonly Problem[] };

/**
 * Judges the arguments of a platform, and resolves them if nothing is wrong. What does not look as it
 * should is not judged any further, and everything else is.
 */
export function judgePlatform(given: ReviewPlatformArgs): PlatformJudgement {
  const { args, told } = judgeableArguments(given, platformShapes);
  const settings = resolve(args);
  const problems = [
    ...shapeProblems("", given, platformShape),
    ...told(platformProblems(args, settings)),
  ];
  return problems.length > 0 ? { problems } : { settings, problems: [] };
}

/** Whatever was left out filled in. */
function resolve({ projects = [], ...args }: Partial<ReviewPlatformArgs>): PlatformSettings {
  return {
    projects,
    pipelines: projects.flatMap(({ name, pipelineGroup }) => pipelinesOf(name, pipelineGroup)),
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

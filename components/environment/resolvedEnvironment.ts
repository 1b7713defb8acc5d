import type * as pulumi from "@pulumi/pulumi";
import { type Description, type Identity } from "../core/metadata";
import { namespaceName } from "../core/names";
import { judgeableArguments } from "../core/judgeableArguments";
import { type Problem } from "../core/problems";
import { shapeProblems } from "../core/shape";
import { argumentShapes, environmentShape } from "./argumentShapes";
import { type Capacity, resolveCapacity } from "./capacity/capacityProblems";
import { environmentProblems, kindOf } from "./environmentProblems";
import { type Mesh } from "./mesh/meshArgs";
import { type ResolvedHole } from "./network/holes/holes";
import { judgeNetwork } from "./network/judgeNetwork";
import { type DnsArgs } from "./network/networkArgs";
import { type NodePoolArgs } from "./nodePool/nodePoolArgs";
import { type DeployerKindArgs, type ImageRegistryArgs } from "./rbac/accessArgs";
import { type AccessGrant, accessGrants } from "./rbac/accessGrants";
import { type SecureEnvironmentArgs } from "./secureEnvironmentArgs";
import { type Origin } from "./stackProblems";

/** What arguments without a problem ask for, with everything filled in that they leave out. */
export interface ResolvedEnvironment {
  readonly identity: Identity;
  /** Name of the namespace, before a unique suffix. */
  readonly namespaceName: string;
  readonly hasUniqueSuffix: boolean;
  readonly branch?: string;
  readonly description: Description<pulumi.Input<string>>;
  /** Whether the platform's ClusterRoles are bound, and no Role is made. */
  readonly isUnderPlatform: boolean;
  readonly grants: readonly AccessGrant[];
  readonly deployerKinds: readonly DeployerKindArgs[];
  readonly imageRegistries: readonly ImageRegistryArgs[];
  readonly capacity: Capacity;
  readonly priorityClass?: string;
  /** The holes, open and expired. */
  readonly holes: readonly ResolvedHole[];
  readonly dns?: DnsArgs;
  readonly mesh?: Mesh;
  readonly meshPorts?: readonly number[];
  readonly nodePool?: NodePoolArgs;
}

/** Either what arguments ask for, or everything wrong with them. */
export type EnvironmentJudgement =
  | { readonly environment: ResolvedEnvironment; readonly problems: readonly [] }
  | { readonly environment?: undefined; readonly problems: readonly Problem[] };

/**
 * Judges the arguments of an environment, and resolves them if nothing is wrong. What does not look as
 * it should is not judged any further, and everything else is.
 */
export function judgeEnvironment(
  given: SecureEnvironmentArgs,
  origin: Origin,
): EnvironmentJudgement {
  const { args, told } = judgeableArguments(given, argumentShapes);
  const network = judgeNetwork(args);
  const capacity = resolveCapacity(args);
  const problems = [
    ...argumentShapeProblems(given),
    ...told(environmentProblems(args, origin, { network, capacity })),
  ];
  const { holes } = network;
  return holes === undefined || problems.length > 0
    ? { problems }
    : { environment: resolveEnvironment(args, { holes, capacity }, origin), problems: [] };
}

/** All arguments together have no name, but that of the component's parameter. */
function argumentShapeProblems(given: SecureEnvironmentArgs): Problem[] {
  return shapeProblems("", given, environmentShape).map((problem) =>
    problem.property === "" ? { ...problem, property: "args" } : problem,
  );
}

/** What every object of the environment says about it. */
export function identityOf(
  args: Pick<SecureEnvironmentArgs, "permanent" | "project">,
  { pulumiProject, stack }: Origin,
): Identity {
  return { kind: kindOf(args), project: args.project ?? pulumiProject, stack };
}

/** What the arguments ask for. Holes and capacity are resolved before, as problems are found in them. */
export function resolveEnvironment(
  args: Omit<SecureEnvironmentArgs, "holes">,
  { holes, capacity }: Pick<ResolvedEnvironment, "holes" | "capacity">,
  origin: Origin,
): ResolvedEnvironment {
  const { branch, owner, url, expiresAt, deployerKinds = [], imageRegistries = [] } = args;
  const { priorityClass, dns, mesh, meshPorts, nodePool } = args;
  return {
    identity: identityOf(args, origin),
    namespaceName: namespaceName(origin.stack, args.project),
    hasUniqueSuffix: args.uniqueSuffix === true,
    branch,
    description: { owner, url, expiresAt },
    isUnderPlatform: args.platform === true,
    grants: accessGrants(args),
    deployerKinds,
    imageRegistries,
    capacity,
    priorityClass,
    holes,
    dns,
    mesh,
    meshPorts,
    nodePool,
  };
}

/**
 * Names of everything that the platform puts into a cluster. They are contracts: environments bind
 * the ClusterRoles and the priority level by name, and people find the policies by theirs.
 */
import { slug } from "./names";

/** What every cluster-scoped object of the platform is named after. */
export const platformPrefix = "secure-environment-";

/** The namespace of the platform's own service accounts. */
export const platformNamespace = `${platformPrefix}platform`;

/** The service account that proves walls, and the RoleBinding in each environment for it. */
export const verifierAccount = "verifier";

/** ClusterRoles beside those that environments bind for people and deployers. */
export const platformRoleNames = {
  /** What a pipeline may do, everywhere: the fence says where. */
  pipeline: `${platformPrefix}pipeline`,
  /** What the verifier may do in an environment. */
  verifier: `${platformPrefix}verifier`,
  /** What the verifier may ask of the whole cluster: who may do what. */
  accessReviewer: `${platformPrefix}access-reviewer`,
} as const;

/**
 * The share of the API server of those who have none of their own: developers who are listed by name,
 * and environments from before projects had shares.
 */
export const commonLevelName = `${platformPrefix}review`;

/**
 * Precedence of the platform's FlowSchemas: before those for all service accounts (9000), behind
 * those of the cluster itself.
 */
export const flowSchemaPrecedence = 8000;

/** The PriorityClass of pods in environments. It never preempts. */
export const priorityClassName = `${platformPrefix}review`;

/** The share of the API server that all environments of a project have together. */
export function environmentLevelName(project: string): string {
  return `${platformPrefix}review-${project}`;
}

/** The share of the API server of a project's pipeline, and the FlowSchema that puts it there. */
export function pipelineLevelName(project: string): string {
  return `${platformPrefix}pipeline-${project}`;
}

/** The share of the API server of a group of developers, and the FlowSchema that puts them there. */
export function developersLevelName(group: string): string {
  return `${platformPrefix}developers-${slug(group)}`;
}

/** The service account of a project's pipeline, in the project's pipeline namespace. */
export const pipelineAccount = "pipeline";

/**
 * The Leases in the namespace of a project's pipeline by which its runs know of each other: those that
 * remove what is not needed, and those that count what stands.
 */
export const leaseNames = {
  reap: `${platformPrefix}reap`,
  budget: `${platformPrefix}budget`,
} as const;

/** The Role in a pipeline's namespace that lets it have its Leases, and nothing else there. */
export const leaseRoleName = `${platformPrefix}leases`;

/** The issuer of service accounts' tokens, and so their audience, unless configured otherwise. */
export const defaultApiAudience = "https://kubernetes.default.svc.cluster.local";

/** The namespace of the service accounts of a project's pipeline. */
export function pipelineNamespace(project: string): string {
  return `${platformPrefix}pipeline-${project}`;
}

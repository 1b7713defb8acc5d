import { type Amounts } from "../core/amounts";
import { type Mesh } from "../environment/mesh/meshArgs";
import { type ClusterNetworkArgs, type DnsArgs } from "../environment/network/networkArgs";
import { type ObjectKind } from "../core/rules";
import {
  type PeopleArgs,
  type ProjectArgs,
  type ServiceAccountAnnotationArgs,
} from "./platformArgs";

/** People, by groups and users. */
export type People = Readonly<Required<PeopleArgs>>;

/** A group that is the pipeline of a project. */
export interface PipelineGroup {
  readonly group: string;
  readonly project: string;
}

/** Arguments of a platform without a problem, with everything filled in that they leave out. */
export interface PlatformSettings {
  readonly projects: readonly ProjectArgs[];
  /** The groups of all pipelines: of each project its service accounts', and the one it has beside. */
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

import type * as pulumi from "@pulumi/pulumi";
import { type AccessArgs, type DeployerKindArgs, type ImageRegistryArgs } from "./rbac/accessArgs";
import { type ContainerDefaultsArgs, type EnvironmentSize } from "./capacity/capacityArgs";
import { type Mesh } from "./mesh/meshArgs";
import {
  type ClusterNetworkArgs,
  type DnsArgs,
  type HoleArgs,
  type ProtectedArgs,
} from "./network/networkArgs";
import { type NodePoolArgs } from "./nodePool/nodePoolArgs";

/** Arguments of a `SecureEnvironment`. All are optional: the stack's name alone is enough. */
export interface SecureEnvironmentArgs {
  /**
   * The branch, in full. It is kept in an annotation, and the stack must be the one that
   * `npx review name BRANCH` prints for it.
   *
   * Defaults to none: the stack's name alone names the environment.
   */
  branch?: string;
  /**
   * The project, needed as soon as two repositories share a cluster: the namespace becomes
   * `review-<project>-<slug>`. At most 20 characters of `a-z` and `0-9`. Set it once:
   * changing it later replaces the namespace with everything inside.
   *
   * Defaults to none: the namespace is `review-<slug>`.
   */
  project?: string;
  /**
   * Whether the environment stays, as staging does: its stack needs no `review-` prefix, its
   * namespace is protected from deletion by Pulumi, and it never expires. The walls are the same.
   *
   * Defaults to false.
   */
  permanent?: boolean;
  /**
   * Whether a random suffix, kept in the state, is appended to the namespace, so that a branch can
   * come up again while its old namespace is still terminating. Set it once: changing it later
   * replaces the namespace with everything inside.
   *
   * Defaults to false.
   */
  uniqueSuffix?: boolean;
  /**
   * Branches that get no environment, in addition to the built-in ones (`staging`, `production`,
   * `default`, `kube-*` and so on). A trailing `*` stands for any ending.
   *
   * Defaults to none.
   */
  reservedNames?: string[];
  /**
   * The group of users who may deploy in the environment. Give this or `access`.
   *
   * Defaults to `dev-users`.
   */
  developerGroup?: string;
  /**
   * Who may do what in the environment: several groups or users, each with a preset. Give this or
   * `developerGroup`.
   *
   * Defaults to the preset `develop` for the developer group.
   */
  access?: AccessArgs[];
  /**
   * Whether the cluster's platform guards the environments: its ClusterRoles are bound then, and
   * no Role is made. They let developers and the deployer write ingresses, whose hosts only the
   * platform fences. The platform's verifier may look at the walls, and a FlowSchema holds the
   * service accounts to the share of the API server that environments have. Needs `project`.
   *
   * Defaults to false.
   */
  platform?: boolean;
  /**
   * Further kinds of objects that the deployer may write, such as custom resources of ordinary charts;
   * the quota counts the objects of each. Never what moves a wall: kinds of network plugins, meshes,
   * gateways and of what governs the cluster, and of Kubernetes' own groups all but `ingresses`,
   * `httproutes`, `poddisruptionbudgets` and `volumesnapshots`. Without a platform nobody judges what
   * they say: an ingress may take the host of others, a budget may keep a node from being drained.
   * With `platform` the platform has to list the kinds too; it judges the first three, and gives the
   * deployer budgets and, with a domain, ingresses and routes without being asked.
   *
   * Defaults to none.
   */
  deployerKinds?: DeployerKindArgs[];
  /**
   * Registries that need a password. The environment gets one Secret for them, `image-registries`,
   * which its service accounts use. A platform lets pipelines write no Secrets, so with `platform`
   * there are none.
   *
   * Defaults to none.
   */
  imageRegistries?: ImageRegistryArgs[];
  /**
   * Openings in the network isolation, made on purpose. Everything else is closed but name
   * resolution and traffic between the environment's own pods.
   *
   * Defaults to none.
   */
  holes?: HoleArgs[];
  /**
   * The instant against which expiry is judged: RFC 3339 in UTC, such as `2027-01-31T18:00:00Z`.
   * The component has no clock, so that the same arguments always make the same environment. Needed
   * when a hole expires; an expired hole is left out, and an expired environment is warned of.
   *
   * Defaults to none; in the program that is configured, to the instant of the run.
   */
  now?: string;
  /**
   * How the cluster resolves names.
   *
   * Defaults to the pods `k8s-app: kube-dns` in `kube-system`.
   */
  dns?: DnsArgs;
  /**
   * Namespaces and addresses that no hole may reach.
   *
   * Defaults to the namespaces `staging`, `stage`, `production` and `prod`.
   */
  protected?: ProtectedArgs;
  /**
   * The cluster's own addresses. Needed for holes to addresses.
   *
   * Defaults to none.
   */
  clusterNetwork?: ClusterNetworkArgs;
  /**
   * The service mesh that the environment is part of: strict mutual TLS, and authorization that
   * says the same as the network policies. The mesh must be installed with its CNI plugin: without
   * it the mesh adds a container with NET_ADMIN to every pod, which the namespace refuses. With
   * `linkerd` the pods reach each other on `meshPorts` only.
   *
   * Defaults to none.
   */
  mesh?: Mesh;
  /**
   * The TCP ports on which the environment's own pods serve each other, for Linkerd, which
   * authorizes port by port. Ports of ingress holes need no entry.
   *
   * Defaults to none: in Linkerd the environment's pods do not reach each other over TCP.
   */
  meshPorts?: number[];
  /**
   * How much the environment may take: as many pods fit as the size is for that ask for nothing, with
   * the proxies of `mesh`, and a rollout beside them. Single bounds are set with `quota`.
   *
   * Defaults to `medium`.
   */
  size?: EnvironmentSize;
  /**
   * Hard limits of the ResourceQuota by Kubernetes' own keys, such as `limits.cpu`, `pods` or
   * `count/jobs.batch` (see https://kubernetes.io/docs/concepts/policy/resource-quotas/).
   *
   * Defaults to those of the size: no load balancer, no node port and no GPU in any; what is given
   * here replaces single entries.
   */
  quota?: Record<string, string>;
  /**
   * What a container gets that asks for nothing. It must fit into a pod.
   *
   * Defaults to a tenth of a CPU and 128Mi requested, half a CPU and 512Mi at most.
   */
  containerDefaults?: ContainerDefaultsArgs;
  /**
   * The most that one pod may take, by resource: `cpu`, `memory`, `ephemeral-storage`.
   *
   * Defaults to the limits of the whole quota; what is given here replaces single entries.
   */
  podMaximum?: Record<string, string>;
  /**
   * The largest volume that one claim may ask for.
   *
   * Defaults to the quota's `requests.storage`.
   */
  volumeMaximum?: string;
  /**
   * The PriorityClass that the environment's pods must have: a low one that never preempts others,
   * where the platform offers one. It must exist, and pods name it themselves unless it is the
   * cluster's default.
   *
   * Defaults to none: any class but those of the system.
   */
  priorityClass?: string;
  /**
   * The nodes on which the environment's pods run.
   *
   * Defaults to none: any node that the scheduler chooses.
   */
  nodePool?: NodePoolArgs;
  /**
   * The domain below which the environment's hosts are: `<namespace>.<domain>`,
   * `<anything>.<namespace>.<domain>` and `<service>--<namespace>.<domain>`. The first and the last
   * fit a certificate for `*.<domain>`; a namespace with `--` in its name has the second alone.
   *
   * Defaults to none.
   */
  domain?: string;
  /**
   * Who asked for the environment: a person or a team, as the value of a label.
   *
   * Defaults to none.
   */
  owner?: pulumi.Input<string>;
  /**
   * Where the environment's application answers.
   *
   * Defaults to none.
   */
  url?: pulumi.Input<string>;
  /**
   * When the environment may be removed: RFC 3339 in UTC, such as `2027-01-31T18:00:00Z`.
   * `review reap` removes it then; a run, the policy pack and the nightly sweep say when the instant has passed.
   *
   * Defaults to none: it lasts until its stack is destroyed.
   */
  expiresAt?: pulumi.Input<string>;
}

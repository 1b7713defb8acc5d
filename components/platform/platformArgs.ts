import { type Mesh } from "../environment/mesh/meshArgs";
import {
  type ClusterNetworkArgs,
  type DnsArgs,
  type ProtectedArgs,
} from "../environment/network/networkArgs";
import { type DeployerKindArgs } from "../environment/rbac/accessArgs";

/** A project whose pipeline makes and unmakes environments. */
export interface ProjectArgs {
  /** The project, as the argument `project` of its environments: at most 20 of `a-z` and `0-9`. */
  name: string;
  /**
   * The group in which the identity provider puts the project's pipeline, for clusters that take
   * OIDC tokens of the pipelines.
   *
   * Defaults to none: the pipeline has a service account, `pipeline` in the namespace
   * `secure-environment-pipeline-<name>`.
   */
  pipelineGroup?: string;
}

/** People, by groups and users of the identity provider. */
export interface PeopleArgs {
  /**
   * Groups.
   *
   * Defaults to none.
   */
  groups?: string[];
  /**
   * Users.
   *
   * Defaults to none.
   */
  users?: string[];
}

/** An annotation of service accounts by which a cloud gives their pods an identity of its own. */
export interface ServiceAccountAnnotationArgs {
  /** The key, in full, such as `eks.amazonaws.com/role-arn`. */
  key: string;
  /** The value that it may have, such as the ARN of a role that trusts environments only. */
  value: string;
}

/** Arguments of a `ReviewPlatform`. */
export interface ReviewPlatformArgs {
  /** The projects whose pipelines may make environments. At least one. */
  projects: ProjectArgs[];
  /**
   * Who may do everything: they alone delete and relabel protected namespaces.
   *
   * Defaults to the group `system:masters`.
   */
  administrators?: PeopleArgs;
  /**
   * Whom pipelines may let into environments.
   *
   * Defaults to the group `dev-users`.
   */
  developers?: PeopleArgs;
  /**
   * Service accounts of other namespaces that pipelines may let into environments, each as
   * `namespace/name`, such as `argocd/argocd-application-controller`: with any preset, the deployer's
   * rights included. Whoever has one of them has what it has in every environment that lets it in.
   *
   * Defaults to none.
   */
  serviceAccounts?: string[];
  /**
   * Namespaces and addresses that no hole may reach, in addition to `staging`, `stage`,
   * `production` and `prod`. The namespaces cannot be deleted or relabelled but by administrators.
   *
   * Defaults to none.
   */
  protected?: ProtectedArgs;
  /**
   * The cluster's own ranges. Without them no environment has a hole to addresses.
   *
   * Defaults to none.
   */
  clusterNetwork?: ClusterNetworkArgs;
  /**
   * How the cluster resolves names: what environments may say is exactly this.
   *
   * Defaults to the pods `k8s-app: kube-dns` in `kube-system`.
   */
  dns?: DnsArgs;
  /**
   * The most that the quota of one environment may say, by Kubernetes' own keys; replaces single
   * ones of the size `large`.
   *
   * Defaults to the size `large`, with what the largest of `meshes` puts into its pods on top.
   */
  ceilings?: Record<string, string>;
  /**
   * Whom tokens for the API server are for, as it says itself: its `--api-audiences`, or else its
   * service account issuer. Pipelines ask for no other tokens, such as those that a cloud takes.
   *
   * Defaults to `https://kubernetes.default.svc.cluster.local`.
   */
  apiAudiences?: string[];
  /**
   * Whom tokens of pods may be for, beside the meshes: such as `sts.amazonaws.com`,
   * `api://AzureADTokenExchange` or `vault`. None is good for the API server. The policy pack has the
   * same list as the setting `tokenAudiences` of `pods-have-no-tokens`.
   *
   * Defaults to none.
   */
  tokenAudiences?: string[];
  /**
   * Annotations that service accounts of environments may have beside those that describe them, each
   * with its value: whatever pods of environments are for a cloud. No other setting opens them.
   *
   * Defaults to none.
   */
  serviceAccountAnnotations?: ServiceAccountAnnotationArgs[];
  /**
   * Users that place pods on nodes, as the API server calls them, such as
   * `system:serviceaccount:batch:volcano-scheduler`: schedulers that run neither as
   * `system:kube-scheduler` nor in `kube-system`.
   *
   * Defaults to none.
   */
  schedulers?: string[];
  /**
   * The domain below which hosts of environments are: `<namespace>.<domain>`,
   * `<anything>.<namespace>.<domain>` and `<service>--<namespace>.<domain>`. The first and the last
   * fit a certificate for `*.<domain>`; a namespace with `--` in its name has the second alone.
   *
   * Defaults to none: then no environment has an Ingress.
   */
  domain?: string;
  /**
   * Annotations that an Ingress of an environment may have. Controllers act on annotations: some
   * take hosts of others, or run what is written there.
   *
   * Defaults to none but those of kubectl, Helm and Pulumi.
   */
  ingressAnnotations?: string[];
  /**
   * Annotations that other objects of an environment may have, pods and Services among them: keys in
   * full, or prefixes that end in `/`. Networks, clouds and operators act on annotations: some give a
   * pod a second network, a Service a host of others, or a Secret the content of another one.
   *
   * Defaults to none but those that address nobody, and those of `meshes`.
   */
  objectAnnotations?: string[];
  /**
   * Further kinds of objects that deployers may write, in environments that list them in their own
   * `deployerKinds`, whose quota counts them. What an operator does for such an object it does with its
   * own rights. Never what moves a wall, as the same argument of environments says.
   *
   * Defaults to none; PodDisruptionBudgets that allow a disruption need no entry.
   */
  deployerKinds?: DeployerKindArgs[];
  /**
   * Labels that webhooks and admission policies of the cluster's administrators add to namespaces and
   * walls of environments, such as `cost-centre`: keys in full. They come under the name of the
   * pipeline, so a pipeline may write them with any value: list none by which a network policy or a
   * controller goes. Those of Kubernetes, of this platform, of meshes, networks and clouds are refused.
   *
   * Defaults to none.
   */
  clusterLabels?: string[];
  /**
   * Annotations that webhooks and admission policies of the cluster's administrators add to
   * namespaces, walls and other objects of environments: as `clusterLabels`.
   *
   * Defaults to none.
   */
  clusterAnnotations?: string[];
  /**
   * Drivers of volumes that pods may ask for by themselves (inline CSI volumes), such as
   * `secrets-store.csi.k8s.io`. A driver may take its target from the pod, past network policies.
   *
   * Defaults to none.
   */
  csiDrivers?: string[];
  /**
   * Service accounts of operators, each as `namespace/name`, that may make objects of environments
   * hold their owners in the deletion (`blockOwnerDeletion`). What developers make an operator write is
   * not for this list.
   *
   * Defaults to none but the cluster's own controllers.
   */
  operators?: string[];
  /**
   * The pools of nodes on which environments may run.
   *
   * Defaults to none.
   */
  nodePools?: string[];
  /**
   * Whether each environment has to name one of the node pools, so that no pod of an environment
   * runs elsewhere.
   *
   * Defaults to false.
   */
  requireNodePool?: boolean;
  /**
   * The highest priority that a pod of an environment may have. What has a higher one displaces
   * pods of others when nodes are full.
   *
   * Defaults to 0.
   */
  maximumPodPriority?: number;
  /**
   * The most that a ConfigMap or a Secret of an environment may take, written out with its metadata,
   * as a quantity from `4Ki` to `1536Ki`. Helm keeps each release in a Secret. Every change of it is
   * another whole copy in etcd.
   *
   * Defaults to `256Ki`.
   */
  maximumDataSize?: string;
  /**
   * Whether pods of environments must pull their images anew at each start, so that no pod uses an
   * image of another environment that is on the node already.
   *
   * Defaults to false.
   */
  alwaysPullImages?: boolean;
  /**
   * The service meshes of which environments may be part.
   *
   * Defaults to none.
   */
  meshes?: Mesh[];
}

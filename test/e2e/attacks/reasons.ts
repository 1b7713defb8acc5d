import { byOneOf, byPolicy } from "./refusal";

/** What the platform's policies say: one reason for each of their validations. */

const places = "pipelines-touch-only-environments";
const environments = "pipelines-make-only-environments";
const metadata = "pipelines-write-plain-metadata";
const quotas = "pipelines-keep-quotas";
const limitRanges = "pipelines-keep-limit-ranges";
const networkPolicies = "pipelines-keep-network-policies";
const accounts = "pipelines-keep-service-accounts";
const tokens = "pipelines-mint-only-deployer-tokens";
const bindings = "pipelines-bind-only-platform-roles";
const flowSchemas = "pipelines-keep-flow-schemas";
const nodes = "pods-stay-on-their-nodes";
const services = "services-stay-inside";
const ingresses = "ingresses-keep-to-their-hosts";
const routes = "routes-keep-to-their-hosts";
const claims = "claims-take-fresh-volumes";
const markers = "markers-are-not-forged";
const keeping = "environments-keep-their-namespace";
const protection = "protected-namespaces-stay";

/** Why a pipeline is refused. */
export const fence = {
  otherKind: byPolicy(places, "and their walls, and nothing else"),
  manyAtOnce: byPolicy(places, "delete one object at a time"),
  foreignPlace: byPolicy(places, "in environments of their own project only"),
  lease: byPolicy(places, "of their own project's pipeline, and no others"),

  name: byPolicy(environments, "of their own project only"),
  marker: byPolicy(environments, "Nothing is adopted"),
  identity: byPolicy(environments, "say what they are"),
  stack: byPolicy(environments, "is not the stack that makes a namespace of this name"),
  identityStays: byPolicy(environments, "never changes"),
  podSecurity: byPolicy(environments, "nothing else keeps pods from the node"),
  labels: byPolicy(environments, "Environments have these labels at most", "in clusterLabels"),
  annotations: byPolicy(
    environments,
    "Environments have these annotations at most",
    "in clusterAnnotations",
  ),
  ownership: byPolicy(environments, "no owner references and no finalizers"),
  namespaceSize: byPolicy(environments, "takes at most 64Ki"),
  pool: byPolicy(environments, "names one of the node pools"),
  poolAnnotations: byPolicy(environments, "The annotations for node selection"),

  objectLabels: byPolicy(
    metadata,
    "Objects of an environment have these labels at most",
    "in clusterLabels",
  ),
  objectAnnotations: byPolicy(
    metadata,
    "Objects of an environment have these annotations at most",
    "in clusterAnnotations",
  ),
  objectIdentity: byPolicy(metadata, "say the same about it as its namespace does"),
  objectOwnership: byPolicy(metadata, "no owner references and no finalizers"),
  objectFinalizers: byOneOf(metadata, "objects-let-their-namespace-go"),

  quotaStays: byPolicy(quotas, "stays as long as its namespace"),
  quotaName: byPolicy(quotas, "Quotas of an environment have these names"),
  quotaScope: byPolicy(quotas, "has no scope"),
  quotaCompleteness: byPolicy(quotas, "The quota environment bounds each of"),
  quotaCeiling: byPolicy(quotas, "above the ceiling for one environment"),
  quotaZero: byPolicy(quotas, "allow no pod"),

  limitRangeStays: byPolicy(limitRanges, "stays as long as its namespace"),
  limitRangeName: byPolicy(limitRanges, "is named environment"),
  limitRangeDefaults: byPolicy(limitRanges, "a default and a defaultRequest"),
  limitRangeMinimum: byPolicy(limitRanges, "a min above zero"),
  limitRangeMaximum: byPolicy(limitRanges, "gives containers and pods a max"),
  limitRangeVolumes: byPolicy(limitRanges, "gives volume claims a max"),

  networkStays: byPolicy(networkPolicies, "stays as long as its namespace"),
  networkWall: byPolicy(networkPolicies, "as the component SecureEnvironment makes them"),
  holeLists: byPolicy(networkPolicies, "list their peers and their ports"),
  holePeer: byPolicy(networkPolicies, "anybody may forge others"),
  holeToProtected: byPolicy(networkPolicies, "leads to a protected namespace"),
  holeToCluster: byPolicy(networkPolicies, "to a namespace of the cluster itself"),
  holeToAddresses: byPolicy(networkPolicies, "opens protected addresses"),
  holeToIpv6: byPolicy(networkPolicies, "Holes to IPv6 addresses"),
  holeToUnknown: byPolicy(networkPolicies, "against the cluster's own ranges"),
  holeForEverybody: byPolicy(networkPolicies, "lets in everybody"),
  holeToPrivate: byPolicy(networkPolicies, "opens private ones too"),
  holeToResolvers: byPolicy(networkPolicies, "the ports of name resolution"),

  accountsStay: byPolicy(accounts, "stay as long as its namespace"),
  accountName: byPolicy(accounts, "that a pipeline writes are default and deployer"),
  accountToken: byPolicy(accounts, "automountServiceAccountToken: false"),
  accountSecrets: byPolicy(accounts, "give service accounts no secrets"),

  tokenAccount: byPolicy(tokens, "tokens of the service account deployer only"),
  tokenLife: byPolicy(tokens, "seconds at most"),
  tokenAudience: byPolicy(tokens, "are for the API server"),
  tokenAnywhere: byOneOf(places, tokens),

  role: byPolicy(bindings, "with the ClusterRole that each gives"),
  deployerSubject: byPolicy(bindings, "The binding deployer is for"),
  verifierSubject: byPolicy(bindings, "The binding verifier is for"),
  people: byPolicy(bindings, "let in whom the platform lists as developers"),

  flowSchemaName: byPolicy(flowSchemas, "named like their own environments"),
  flowSchemaSize: byPolicy(flowSchemas, "takes at most 64Ki"),
  flowSchemaSpec: byPolicy(flowSchemas, "of its project, as the component"),
} as const;

/** Why anybody is refused in an environment. */
export const guardRails = {
  walls: byPolicy("only-pipelines-move-walls", "moved by its pipeline only"),
  roles: byPolicy("environments-have-no-roles", "no Roles of their own"),
  finalizers: byPolicy("objects-let-their-namespace-go", "no finalizers of their own"),
  owners: byPolicy("objects-hold-no-others", "do not say blockOwnerDeletion"),
  ownersOfTemplate: byPolicy("objects-hold-no-others", "have no ownerReferences"),
  annotations: byPolicy("objects-have-plain-annotations", "address nobody but"),
  denialMissing: byPolicy("objects-wait-for-default-deny", "no params found"),
  denialWeak: byPolicy("objects-wait-for-default-deny", "does not close both directions"),
  quotaMissing: byPolicy("objects-wait-for-quota", "no params found"),
  quotaWeak: byPolicy("objects-wait-for-quota", "does not bound"),
  devices: byPolicy("objects-wait-for-quota", "their quota counts no other resource"),
  quotaLate: byPolicy("objects-wait-for-quota", "is not in force yet"),
  limitRangeMissing: byPolicy("objects-wait-for-limit-range", "no params found"),
  limitRangeWeak: byPolicy("objects-wait-for-limit-range", "does not bound"),
  dataSize: byPolicy("objects-stay-small", "ConfigMaps and Secrets of an environment take"),
  objectSize: byPolicy("objects-stay-small", "Objects of an environment take"),
  nodeName: byPolicy(nodes, "name no node"),
  tolerations: byPolicy(nodes, "of their own pool, and nothing else"),
  selection: byPolicy(nodes, "choose no single node"),
  pool: byPolicy(nodes, "select the nodes of its pool"),
  priority: byPolicy(nodes, "have a priority of", "raise maximumPodPriority"),
  affinity: byPolicy(nodes, "affinity to pods of their own namespace only"),
  apiTokens: byPolicy(
    "pods-hold-no-api-tokens",
    "hold no token of a service account",
    "in tokenAudiences",
  ),
  projection: byPolicy("pods-hold-no-api-tokens", "have these sources"),
  drivers: byPolicy("pods-mount-their-own-volumes", "ask drivers for volumes by claims only"),
  images: byPolicy("pods-pull-their-images", "imagePullPolicy: Always"),
  imageVolumes: byPolicy("pods-pull-their-images", "say pullPolicy: Always"),
  reach: byPolicy("pods-are-reached-by-their-network", "reached by its network only"),
  placement: byPolicy(
    "pods-are-reached-by-their-network",
    "placed by the cluster's scheduler",
    "in schedulers",
  ),
  report: byPolicy("pods-are-reported-on-by-the-cluster", "written by kubelets"),
  end: byPolicy("pods-end-in-time", "terminationGracePeriodSeconds"),
  lateEnd: byPolicy("pods-end-in-time", "are told to end within"),
  serviceType: byPolicy(services, "of the type ClusterIP", "serviceType: ClusterIP"),
  serviceAddresses: byPolicy(services, "no externalIPs and no externalName"),
  clusterIp: byPolicy(services, "choose no clusterIP but None"),
  endpoints: byPolicy("endpoints-are-made-by-controllers", "written by controllers"),
  accountToken: byPolicy("service-accounts-hold-no-tokens", "automountServiceAccountToken: false"),
  accountSecrets: byPolicy("service-accounts-hold-no-tokens", "list no secrets"),
  disruption: byPolicy("disruption-budgets-allow-disruptions", "say maxUnavailable"),
  tokenSecrets: byPolicy("secrets-hold-no-tokens", "no tokens of service accounts"),
  mintedTokens: byPolicy("tokens-are-minted-by-pipelines", "asked for by its pipeline only"),
  ingressHosts: byPolicy(ingresses, "Each rule of an Ingress has a host"),
  ingressCertificates: byPolicy(ingresses, "Each entry of tls has hosts"),
  ingressesOff: byPolicy(ingresses, "Environments have no hosts here"),
  ingressAnnotations: byPolicy(
    ingresses,
    "have these annotations at most",
    "in ingressAnnotations",
  ),
  routeHosts: byPolicy(routes, "Routes have hostnames"),
  routeServices: byPolicy(routes, "Services of their own environment"),
  routeFilters: byPolicy(routes, "others send requests elsewhere"),
  routesOff: byPolicy(routes, "Environments have no hosts here"),
  routeAnnotations: byPolicy(routes, "Routes of an environment have these annotations at most"),
  namedVolume: byPolicy(claims, "name no volume"),
  chosenVolume: byPolicy(claims, "a storage class and no selector"),
  filledVolume: byPolicy(claims, "are filled from its own claims"),
  volumeAttributes: byPolicy(claims, "choose no VolumeAttributesClass"),
  claimSize: byPolicy(claims, "as much as one environment may have"),
} as const;

/** Why anybody but administrators is refused with namespaces. */
export const protectedNamespaces = {
  marker: byPolicy(markers, "set and changed by pipelines of environments and by administrators"),
  podSecurity: byPolicy(markers, "changed by administrators only"),
  holders: byPolicy(keeping, "Finalizers and owners"),
  namespace: byPolicy(keeping, "Labels and annotations"),
  finalization: byPolicy(keeping, "goes when everything in it is gone"),
  deletion: byPolicy(protection, "PROTECTED", "Only administrators delete it"),
  labels: byPolicy(protection, "PROTECTED", "Only administrators change them"),
  /** The fence refuses the same: which of the two speaks is not said beforehand. */
  fromPipelines: byOneOf(environments, protection),
} as const;

import { type SecureEnvironmentArgs, type ReviewPlatformArgs } from "secure-environment";
import { clusterNetwork, holes } from "../../../components/support/meshes/holes";
import { configurations as reachability } from "../reachability/configurations";

/** What a stack is brought up with. */
export interface StateConfiguration<Settings = object> {
  /** Names the stack and the file of its state. */
  readonly name: string;
  readonly settings: Settings;
  /** What is set as a secret on top, by its path. */
  readonly secrets?: Readonly<Record<string, string>>;
}

type Configurations<Settings> = readonly [
  StateConfiguration<Settings>,
  ...StateConfiguration<Settings>[],
];

/** The prefix of what names stacks, so that their names are no other text of their states. */
export const slugPrefix = "state-";

/** Environments of a cluster without a platform. */
export const environments: Configurations<object> = [
  { name: "defaults", settings: {} },
  {
    name: "described",
    settings: {
      branch: `${slugPrefix}described`,
      project: "shop",
      owner: "jane.doe",
      url: "https://shop.review.example.com",
      domain: "review.example.com",
      expiresAt: "2027-01-31T18:00:00Z",
    } satisfies SecureEnvironmentArgs,
  },
  { name: "permanent", settings: { permanent: true } satisfies SecureEnvironmentArgs },
  {
    name: "suffixed",
    settings: {
      uniqueSuffix: true,
      nodePool: { dedicated: true },
      domain: "review.example.com",
    } satisfies SecureEnvironmentArgs,
  },
  {
    name: "people",
    settings: {
      access: [
        { group: "support", preset: "view" },
        { group: "dev-users", preset: "develop" },
        { user: "dora@example.com", preset: "debug", readSecrets: true },
      ],
      imageRegistries: [{ host: "registry.example.com:5000", username: "jane" }],
    },
    secrets: { "imageRegistries[0].password": "correct-horse-battery-staple" },
  },
  {
    name: "capacity",
    settings: {
      size: "small",
      quota: {
        pods: "5",
        "fast.storageclass.storage.k8s.io/requests.storage": "0",
      },
      podMaximum: { cpu: "1" },
      containerDefaults: { requests: { cpu: "50m" } },
      volumeMaximum: "1Gi",
      priorityClass: "review",
      nodePool: { name: "review", nodeLabel: "example.com/pool" },
    } satisfies SecureEnvironmentArgs,
  },
  { name: "holes", settings: reaching("everything-together") },
  {
    name: "expired-holes",
    settings: { ...reaching("dns-custom"), ...reaching("expired-hole") },
  },
  {
    name: "holes-both-ways",
    settings: { ...reaching("dns-on-the-metadata-address"), ...reaching("namespace-both-ways") },
  },
  {
    name: "linkerd",
    settings: {
      mesh: "linkerd",
      meshPorts: [5432],
      holes,
      clusterNetwork,
    } satisfies SecureEnvironmentArgs,
  },
  {
    name: "istio",
    settings: { mesh: "istio", holes, clusterNetwork } satisfies SecureEnvironmentArgs,
  },
  {
    name: "ambient",
    settings: { mesh: "ambient", holes, clusterNetwork } satisfies SecureEnvironmentArgs,
  },
];

/** A platform of which nothing is asked. */
export const platform: StateConfiguration<ReviewPlatformArgs> = {
  name: "platform",
  settings: { projects: [{ name: "shop" }] },
};

/** A platform of which everything is asked. */
export const fullPlatform: StateConfiguration<Required<ReviewPlatformArgs>> = {
  name: "platform-full",
  settings: {
    projects: [{ name: "shop", pipelineGroup: "ci:shop" }, { name: "blog" }],
    administrators: { groups: ["system:masters", "platform-team"], users: ["ada@example.com"] },
    developers: { groups: ["dev-users", "support"], users: ["dora@example.com"] },
    protected: { namespaces: ["payments", "production"], cidrs: ["198.51.100.0/24"] },
    clusterNetwork: { ...clusterNetwork, apiServer: ["10.96.0.1", "192.168.1.1"] },
    dns: { profile: "nodeLocalDnsCache" },
    ceilings: { pods: "60", "count/jobs.batch": "100" },
    apiAudiences: ["https://kubernetes.default.svc.cluster.local"],
    tokenAudiences: ["sts.amazonaws.com"],
    serviceAccountAnnotations: [
      { key: "eks.amazonaws.com/role-arn", value: "arn:aws:iam::123456789012:role/review" },
    ],
    schedulers: ["system:serviceaccount:batch:volcano-scheduler"],
    domain: "review.example.com",
    ingressAnnotations: ["nginx.ingress.kubernetes.io/proxy-body-size"],
    objectAnnotations: ["example.com/", "prometheus.io/scrape"],
    deployerKinds: [{ apiGroup: "monitoring.coreos.com", resource: "servicemonitors" }],
    clusterLabels: ["cost-centre"],
    clusterAnnotations: ["example.org/cost-centre"],
    csiDrivers: ["secrets-store.csi.k8s.io"],
    serviceAccounts: ["argocd/argocd-application-controller"],
    operators: ["operators/database"],
    nodePools: ["review", "review-large"],
    requireNodePool: true,
    maximumPodPriority: 1000,
    maximumDataSize: "128Ki",
    alwaysPullImages: true,
    meshes: ["linkerd", "istio", "ambient"],
  },
};

/** Environments of a cluster with the platform of which everything is asked. */
export const guardedEnvironments: Configurations<SecureEnvironmentArgs> = [
  {
    name: "guarded",
    settings: {
      project: "shop",
      platform: true,
      nodePool: { name: "review", enforcement: "platform" },
    },
  },
  {
    name: "guarded-full",
    settings: {
      project: "shop",
      platform: true,
      permanent: true,
      uniqueSuffix: true,
      access: [
        { group: "support", preset: "view" },
        { group: "dev-users", preset: "develop" },
        { user: "dora@example.com", preset: "debug", readSecrets: true },
      ],
      nodePool: { name: "review-large", enforcement: "both" },
      mesh: "istio",
      holes,
      clusterNetwork,
      domain: "review.example.com",
    },
  },
];

/** What one of the tables of reachability was made with. */
function reaching(table: string): object {
  const found = reachability.find(({ name }) => name === table);
  if (found === undefined) {
    throw new Error(`There is no configuration ${table} among those of reachability.`);
  }
  return found.network;
}

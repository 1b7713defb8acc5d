import { type ReviewPlatformArgs } from "#components/platform/platformArgs";
import { type Configuration } from "../support/reviewProgram";
import {
  cloudAudience,
  cloudIdentity,
  clusterKeys,
  csiDriver,
  domain,
  listedAnnotations,
  guestAccount,
  nodePool,
  operatorAccounts,
} from "./places";

/** A platform that uses whatever a platform offers. */
export const platformArgs = {
  projects: [{ name: "shop", pipelineGroup: "ci:shop" }, { name: "blog" }],
  developers: { groups: ["dev-users", "support", "on-call", "bloggers"] },
  serviceAccounts: [`${guestAccount.namespace}/${guestAccount.name}`],
  protected: { namespaces: ["payments", "production"], cidrs: ["198.51.100.0/24"] },
  clusterNetwork: {
    pods: ["10.244.0.0/16"],
    services: ["10.96.0.0/16"],
    nodes: ["192.0.2.0/24"],
  },
  domain,
  ingressAnnotations: [
    "cert-manager.io/cluster-issuer",
    "nginx.ingress.kubernetes.io/whitelist-source-range",
  ],
  objectAnnotations: listedAnnotations,
  tokenAudiences: [cloudAudience],
  serviceAccountAnnotations: [cloudIdentity],
  schedulers: [`system:serviceaccount:operators:${operatorAccounts.scheduler}`],
  clusterLabels: [clusterKeys.label],
  clusterAnnotations: [clusterKeys.annotation],
  csiDrivers: [csiDriver],
  operators: [`operators/${operatorAccounts.listed}`],
  nodePools: [nodePool],
  requireNodePool: true,
  alwaysPullImages: true,
} satisfies ReviewPlatformArgs;

/** The same, as the configuration of the platform's program. */
export const platformConfiguration: Configuration = {
  ...platformArgs,
  requireNodePool: "true",
  alwaysPullImages: "true",
};

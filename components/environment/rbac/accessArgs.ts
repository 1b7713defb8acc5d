import type * as pulumi from "@pulumi/pulumi";

/** What a group or a user may do in an environment: closed lists of rules, without wildcards. */
export const AccessPreset = {
  /** Look at workloads, logs, events and walls. */
  View: "view",
  /** Deploy an application and look at it. */
  Develop: "develop",
  /** The same, and run commands in pods, forward their ports and attach debug containers. */
  Debug: "debug",
  /** What the environment's own deployer may do, secrets included. For service accounts only. */
  Deploy: "deploy",
} as const;
export type AccessPreset = (typeof AccessPreset)[keyof typeof AccessPreset];

/** A service account of another namespace, such as that of Argo CD or Flux. */
export interface ServiceAccountArgs {
  /**
   * Its namespace: never another environment, and without a platform neither a protected namespace
   * nor one of the cluster itself.
   */
  namespace: string;
  /** Its name: not `default`, which every pod has that names none. */
  name: string;
}

/** Who may do what in the environment: one group, one user or one service account. */
export interface AccessArgs {
  /** A group of the identity provider. Give this, `user` or `serviceAccount`. */
  group?: string;
  /** A user of the identity provider. Give this, `group` or `serviceAccount`. */
  user?: string;
  /**
   * A service account of another namespace, such as `argocd-application-controller` of `argocd`. Give
   * this, `group` or `user`. Under a platform it is one that the platform lists.
   */
  serviceAccount?: ServiceAccountArgs;
  /**
   * What they may do.
   *
   * Defaults to `develop`.
   */
  preset?: AccessPreset;
  /**
   * Whether they may read the environment's secrets as well. Groups and users only: of service accounts
   * the preset `deploy` does.
   *
   * Defaults to false.
   */
  readSecrets?: boolean;
}

/** A kind of objects, as `kubectl api-resources` prints it. */
export interface DeployerKindArgs {
  /** The API group without a version, such as `monitoring.coreos.com`. */
  apiGroup: string;
  /** The plural in small letters, such as `servicemonitors`. */
  resource: string;
}

/** A registry that the environment's pods pull images from. */
export interface ImageRegistryArgs {
  /** The registry's host, with its port if it has one, such as `registry.example.com:5000`. */
  host: string;
  /** The user that pulls. */
  username: pulumi.Input<string>;
  /** The user's password or token. Pass it as a secret. */
  password: pulumi.Input<string>;
}

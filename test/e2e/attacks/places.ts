/** An environment, and what its objects say about it. */
export interface Place {
  readonly namespace: string;
  readonly project: string;
  readonly stack: string;
}

/** The environment that is attacked from inside and from outside. */
export const login: Place = place("shop", "login");
/** An environment that an administrator protects. */
export const kept: Place = place("shop", "kept");
/** The same stack's environment under a name with a random suffix. */
export const suffixed: Place = { ...login, namespace: `${login.namespace}-x1y2z3` };
/** Another environment of the same project. */
export const cart: Place = place("shop", "cart");
/** An environment whose name looks like a service of another one. */
export const twoHyphens: Place = place("shop", "login--cart");
/** An environment of the same project of which only the namespace exists yet. */
export const bare: Place = place("shop", "bare");
/** An environment that is deleted, and held in it by a pod. */
export const leaving: Place = place("shop", "leaving");
/** An environment from before the platform, on a pool that is there no more. */
export const aged: Place = place("shop", "aged");
/** An environment that is not there yet. */
export const fresh: Place = place("shop", "fresh");
/** An environment of another project. */
export const post: Place = place("blog", "post");
/** An environment of another project of which only the namespace exists yet. */
export const draft: Place = place("blog", "draft");
/** An environment of another project that is not there yet. */
export const page: Place = place("blog", "page");
/** A namespace that is named like an environment of shop and is none. */
export const unmarked: Place = place("shop", "unmarked");
/** A namespace that is named like an environment of shop and says that it is one of blog. */
export const mislabelled: Place = { ...place("shop", "mislabelled"), project: "blog" };
/** An environment with a quota, of which the walls of the network are missing. */
export const withoutDefaultDeny: Place = place("shop", "nodefaultdeny");
/** An environment whose policy that denies by default denies nothing to most pods. */
export const withPartialDefaultDeny: Place = place("shop", "partialdefaultdeny");
/** An environment with walls of the network and without a quota. */
export const withoutQuota: Place = place("shop", "noquota");
/** An environment with all walls, of which the controller of quotas has not counted the quota yet. */
export const withUncountedQuota: Place = place("shop", "uncountedquota");
/** An environment whose quota counts the pods alone. */
export const withQuotaOfPodsOnly: Place = place("shop", "podquota");
/** An environment whose limit range bounds the memory of containers alone. */
export const withLimitsOfMemoryOnly: Place = place("shop", "memorylimits");
/** An environment with a quota and walls of the network, and without a limit range. */
export const withoutLimitRange: Place = place("shop", "nolimitrange");
/** A permanent environment of shop, which administrators made. */
export const stable: Place = { namespace: "shop-stable", project: "shop", stack: "stable" };

/** Namespaces that no pipeline may touch, by what they are. */
export const foreignNamespaces = {
  production: "production",
  staging: "staging",
  "the system": "kube-system",
  "the default namespace": "default",
  "the platform": "secure-environment-platform",
  "its own namespace": "secure-environment-pipeline-shop",
  "a permanent environment": stable.namespace,
  "a namespace that is named like an environment": unmarked.namespace,
  "a namespace that is named like its own and is marked as another project's":
    mislabelled.namespace,
  "another project's environment": post.namespace,
} as const;

/** The domain of environments. */
export const domain = "review.example.com";

/** A driver of volumes that administrators let pods ask. */
export const csiDriver = "secrets-store.csi.k8s.io";

/** An annotation that administrators have listed, and a prefix. */
export const listedAnnotations = ["example.com/colour", "tools.example.com/"];

/** What the cluster's own webhooks and policies add, as administrators have listed it. */
export const clusterKeys = { label: "cost-centre", annotation: "example.org/cost-centre" };

/** Whom tokens of pods may be for. */
export const cloudAudience = "sts.amazonaws.com";

/** What a service account may be for a cloud. */
export const cloudIdentity = {
  key: "eks.amazonaws.com/role-arn",
  value: "arn:aws:iam::123456789012:role/review",
};

/**
 * Accounts of operators: one that administrators have listed, one that they have not, and a scheduler
 * that they have.
 */
export const operatorAccounts = { listed: "keeper", unlisted: "helper", scheduler: "planner" };

/** A controller outside environments that pipelines may let in. */
export const guestAccount = { namespace: "argocd", name: "argocd-application-controller" };

/** The pool on which environments run. */
export const nodePool = "review";

function place(project: string, slug: string): Place {
  return { namespace: `review-${project}-${slug}`, project, stack: `review-${slug}` };
}

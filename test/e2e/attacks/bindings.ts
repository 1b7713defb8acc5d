import {
  type ApiRequest,
  bent,
  groupPath,
  patchRequest,
  postRequest,
} from "../support/apiRequests";
import { type Attack, byEach, type Attempt, attemptsBy } from "./attack";
import { guests } from "./attackers";
import { inside, newBinding, newDeployerBinding, newVerifierBinding } from "./pipelineRequests";
import { bare, cart, login } from "./places";
import { fence } from "./reasons";
import { byAccessControl, byEscalationCheck, type Refusal } from "./refusal";

/** Rights: who gives them to whom. */

const rbacGroup = "rbac.authorization.k8s.io";
const rbac = `/apis/${rbacGroup}/v1`;

const subject = (kind: "Group" | "User", name: string) => ({ apiGroup: rbacGroup, kind, name });
const account = (namespace: string, name: string) => ({ kind: "ServiceAccount", namespace, name });
const clusterRole = (name: string) => ({ apiGroup: rbacGroup, kind: "ClusterRole", name });

const listedAccount = account("argocd", "argocd-application-controller");
const strangers: readonly (readonly [what: string, harm: string, subjects: readonly object[]])[] = [
  ["everybody", "whoever has a login would deploy", [subject("Group", "system:authenticated")]],
  ["people without a login", "anybody would deploy", [subject("Group", "system:unauthenticated")]],
  [
    "every service account of the cluster",
    "every pod of the cluster would deploy",
    [subject("Group", "system:serviceaccounts")],
  ],
  [
    "the service accounts of another namespace",
    "they would carry data out",
    [subject("Group", "system:serviceaccounts:production")],
  ],
  ["a group that is none of the developers'", "others would deploy", [subject("Group", "sales")]],
  ["a user who is none of the developers", "others would deploy", [subject("User", "mallory")]],
  [
    "a developer's group as if it were a user",
    "whoever takes the name would deploy",
    [subject("User", "dev-users")],
  ],
  [
    "a service account of production",
    "production would hold the rights of a branch",
    [account("production", "default")],
  ],
  [
    "another account of a controller's namespace",
    "whoever takes the controller's other parts over would deploy",
    [account("argocd", "argocd-server")],
  ],
  [
    "a controller's account by its name in a namespace of its own",
    "whoever makes such an account would deploy",
    [account(cart.namespace, "argocd-application-controller")],
  ],
  [
    "its own pipeline's account",
    "the pipeline would run code in the environment",
    [account("secure-environment-pipeline-shop", "pipeline")],
  ],
  [
    "every pod of the environment",
    "a hole in the application would deploy",
    [account(bare.namespace, "default")],
  ],
  [
    "the developers and one stranger",
    "the stranger would deploy",
    [subject("Group", "dev-users"), subject("User", "mallory")],
  ],
];

/** What pipelines have no right to give anybody: RBAC says so before admission does. */
const widestRoles: readonly (readonly [name: string, harm: string])[] = [
  ["cluster-admin", "developers would do anything"],
  ["admin", "developers would write network policies and bindings"],
  ["edit", "developers would mint tokens and read secrets"],
];

const otherRoles: readonly (readonly [name: string, harm: string])[] = [
  ["secure-environment-pipeline", "developers would move the walls"],
  ["secure-environment-deployer", "developers would read the secrets"],
  ["secure-environment-verifier", "a name would lie about what it gives"],
  ["secure-environment-debugger", "a name would lie about what it gives"],
];

const bindingAttempts: readonly Attempt[] = [
  ...strangers.map(([what, harm, subjects]): Attempt => ({
    what: `lets ${what} in as developers`,
    harm,
    request: bent(newBinding(bare), { subjects }),
    refusal: fence.people,
  })),
  ...otherRoles.map((role) => bindingOf(role, fence.role)),
];

const widestAttempts = widestRoles.map((role) => bindingOf(role, byEscalationCheck));

/** What RBAC lets only that pipeline do which is cluster-admin. */
const almightyAttempts: readonly Attempt[] = [
  ...widestRoles.map((role) => bindingOf(role, fence.role)),
  {
    what: "binds a Role to the developers",
    harm: "a Role of the same name would be given later",
    request: bent(newBinding(bare), {
      roleRef: { ...clusterRole("secure-environment-developer"), kind: "Role" },
    }),
    refusal: fence.role,
  },
];

function bindingOf([name, harm]: readonly [string, string], refusal: Refusal): Attempt {
  return {
    what: `binds ${name} to the developers`,
    harm,
    request: bent(newBinding(bare), { roleRef: clusterRole(name) }),
    refusal,
  };
}

const deployerAttempts: readonly Attempt[] = (
  [
    ["developers", "developers would read the secrets", subject("Group", "dev-users")],
    [
      "the deployer of another environment",
      "one stolen token would open two environments",
      account(cart.namespace, "deployer"),
    ],
    [
      "another account of a controller's namespace",
      "whoever takes the controller's other parts over would read the secrets",
      account("argocd", "argocd-server"),
    ],
    [
      "the environment's pods",
      "a hole in the application would read the secrets",
      account(bare.namespace, "default"),
    ],
  ] as const
).map(([what, harm, member]) => ({
  what: `gives the deployer's rights to ${what}`,
  harm,
  request: bent(newDeployerBinding(bare), { subjects: [member] }),
  refusal: fence.deployerSubject,
}));

const readerBinding = bent(newBinding(bare), {
  metadata: { name: "secret-reader" },
  roleRef: clusterRole("secure-environment-secret-reader"),
});
const readerAttempt: Attempt = {
  what: "lets a controller read secrets beside what it deploys with",
  harm: "an account that was to look would read secrets",
  request: bent(readerBinding, { subjects: [listedAccount] }),
  refusal: fence.people,
};
const deployerBindingOfController = bent(newDeployerBinding(bare), {
  subjects: [account(bare.namespace, "deployer"), listedAccount],
});

const verifierAttempts: readonly Attempt[] = [
  ["the developers", subject("Group", "dev-users")] as const,
  ["a verifier of its own", account(bare.namespace, "verifier")] as const,
].map(([what, member]) => ({
  what: `gives the verifier's rights to ${what}`,
  harm: "who is bound and what runs would be read by others",
  request: bent(newVerifierBinding(bare), { subjects: [member] }),
  refusal: fence.verifierSubject,
}));

const bindings = groupPath(login, rbacGroup, "rolebindings");
const sameDevelopers = patchRequest(`${bindings}/developer`, {
  subjects: [subject("Group", "dev-users")],
});
const additions: readonly Attempt[] = [
  {
    what: "adds everybody to the developers of its environment",
    harm: "whoever has a login would deploy",
    request: bent(sameDevelopers, {
      subjects: [subject("Group", "dev-users"), subject("Group", "system:authenticated")],
    }),
    refusal: fence.people,
  },
];

const friend = inside(login, "friend", {
  roleRef: clusterRole("secure-environment-developer"),
  subjects: [subject("User", "friend")],
});
const everywhere = {
  metadata: { name: "friend" },
  roleRef: clusterRole("cluster-admin"),
  subjects: [subject("User", "friend")],
};
const readingPods = { rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }] };

/** What nobody but administrators and, for the first, pipelines has a rule for. */
const rightsGrabs: readonly (Omit<Attempt, "refusal"> & { readonly request: ApiRequest })[] = [
  {
    what: "binds cluster-admin everywhere",
    harm: "the cluster would be theirs",
    request: postRequest(`${rbac}/clusterrolebindings`, everywhere),
  },
  {
    what: "writes a ClusterRole",
    harm: "it could be bound later",
    request: postRequest(`${rbac}/clusterroles`, { metadata: { name: "mine" }, ...readingPods }),
  },
  {
    what: "widens the ClusterRole of developers",
    harm: "every environment would be opened at once",
    request: patchRequest(`${rbac}/clusterroles/secure-environment-developer`, {
      rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }],
    }),
  },
  {
    what: "adds a ClusterRole that widens `view` by aggregation",
    harm: "everybody with `view` would have it",
    request: postRequest(`${rbac}/clusterroles`, {
      metadata: {
        name: "aggregated",
        labels: { "rbac.authorization.k8s.io/aggregate-to-view": "true" },
      },
      rules: [{ apiGroups: [""], resources: ["secrets"], verbs: ["get"] }],
    }),
  },
  {
    what: "writes a Role in production",
    harm: "it could be bound there later",
    request: postRequest(`${rbac}/namespaces/production/roles`, {
      metadata: { name: "mine" },
      ...readingPods,
    }),
  },
  {
    what: "deletes the binding of another pipeline",
    harm: "another project could not work",
    request: {
      method: "DELETE",
      path: `${rbac}/clusterrolebindings/secure-environment-pipeline-blog`,
    },
  },
];

/** Rights that are given where the platform lists the accounts of a controller. */
export const controllerBindingAttacks: readonly Attack[] = [
  ...attemptsBy("shopPipeline", deployerBindingOfController, deployerAttempts),
  ...attemptsBy(
    "shopPipeline",
    bent(newBinding(bare), { subjects: [listedAccount] }),
    bindingAttempts,
  ),
];

/** Rights that are given, taken or widened. */
export const bindingAttacks: readonly Attack[] = [
  ...attemptsBy("shopPipeline", newBinding(bare), [...bindingAttempts, ...widestAttempts]),
  ...attemptsBy("shopPipeline", newDeployerBinding(bare), deployerAttempts),
  ...attemptsBy("shopPipeline", readerBinding, [readerAttempt]),
  ...attemptsBy("shopPipeline", newVerifierBinding(bare), verifierAttempts),
  ...attemptsBy("shopPipeline", sameDevelopers, additions),
  ...(["shopIdentityProvider", "secondAccount", "almightyPipeline"] as const).flatMap((who) => [
    ...attemptsBy(who, newBinding(bare), bindingAttempts),
    ...attemptsBy(who, newDeployerBinding(bare), deployerAttempts),
  ]),
  ...attemptsBy("secondAccount", newBinding(bare), widestAttempts),
  ...attemptsBy("almightyPipeline", newBinding(bare), almightyAttempts),
  ...rightsGrabs.flatMap((grab) =>
    byEach(["shopPipeline", "blogPipeline", "secondAccount", ...guests], {
      ...grab,
      refusal: byAccessControl,
    }),
  ),
  ...byEach(guests, {
    what: "lets a friend in",
    harm: "somebody would be in whom nobody let in",
    request: postRequest(bindings, friend),
    refusal: byAccessControl,
  }),
  ...byEach(["shopPipeline", "secondAccount", ...guests], {
    what: "writes a Role in the environment",
    harm: "rights that nobody listed could be bound",
    request: postRequest(groupPath(login, rbacGroup, "roles"), {
      metadata: { name: "mine" },
      ...readingPods,
    }),
    refusal: byAccessControl,
  }),
];

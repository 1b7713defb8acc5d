import { bindingsAreNarrow } from "#policy/policies/bindings";
import { describePolicy, type PolicyCase } from "./support/policyCases";
import { unknownText } from "./support/policyAnalyzer";
import { resourceOf, secret } from "./support/policyResources";

const group = (name: unknown) => ({ kind: "Group", name });
const account = (name: unknown, namespace: unknown = "review-x") => ({
  kind: "ServiceAccount",
  name,
  namespace,
});
const developer = { kind: "Role", name: "developer" };
const deployer = { kind: "Role", name: "deployer" };
const secretReader = { kind: "Role", name: "secret-reader" };
const clusterRole = (name: unknown) => ({ kind: "ClusterRole", name });

const bindingOf = (type: string) => (properties: object, namespace: unknown) =>
  resourceOf(`rbac.authorization.k8s.io/v1:${type}`, {
    metadata: { name: "x", namespace },
    ...properties,
  });
const binding = (roleRef: unknown, subjects: unknown, namespace: unknown = "review-x") =>
  bindingOf("RoleBinding")({ roleRef, subjects }, namespace);
const people = [group("dev-users")];
const unknown = "is not known before the update";

const subjects: readonly PolicyCase[] = [
  {
    it: "refuses everybody, and what belongs to the cluster",
    resources: binding(developer, [
      group("system:authenticated"),
      group("system:unauthenticated"),
      { kind: "User", name: "system:anonymous" },
      group("system:masters"),
      group("system:serviceaccounts"),
      group("system:serviceaccounts:review-x"),
      { kind: "User", name: "system:serviceaccount:production:default" },
      { kind: "User", name: "system:kube-scheduler" },
      group(""),
      group(7),
    ]),
    finds: [
      "RoleBinding x: subjects[0].name is system:authenticated: everybody who has an account, every pod included. Name",
      "subjects[1].name stands for everybody, without any account",
      "subjects[2].name stands for everybody, without any account",
      "subjects[3].name is system:masters",
      "subjects[4].name stands for every pod of the cluster",
      "subjects[5].name stands for every pod of a namespace",
      "subjects[6].name hides a service account behind a user",
      "subjects[7].name belongs to the cluster itself",
      "subjects[8].name names nobody",
      "subjects[9].name names nobody",
    ],
  },
  {
    it: "refuses service accounts of other namespaces, without showing them",
    resources: [
      binding(developer, [account("ci", "production"), account("ci", secret), account("ci", 7)]),
      binding(developer, [account("ci", "review-x")], "production"),
    ],
    finds: [
      "subjects[0].namespace is another namespace than the binding's",
      "subjects[1].namespace is another namespace",
      "subjects[2].namespace is another namespace",
      "subjects[0].namespace is another namespace",
    ],
  },
  {
    it: "passes a service account of the provider's namespace",
    resources: {
      ...bindingOf("RoleBinding")({ roleRef: developer, subjects: [account("ci", "b")] }, null),
      provider: { properties: { namespace: "b" } },
    },
  },
  {
    it: "passes service accounts of other namespaces that are listed, and those that never are, not",
    resources: [
      binding(deployer, [account("deployer"), account("controller", "argocd")]),
      binding(developer, [account("server", "argocd"), account("controller", "other")]),
      binding(developer, [account("deployer", "review-y"), account("default", "argocd")]),
      binding(secretReader, [account("controller", "argocd")]),
    ],
    settings: {
      serviceAccounts: ["argocd/controller", "review-y/deployer", "argocd/default"],
    },
    finds: [
      "RoleBinding x: subjects[0].namespace is another namespace than the binding's",
      "subjects[1].namespace is another namespace",
      "subjects[0].namespace is another namespace",
      "subjects[1].namespace is another namespace",
      "subjects[1].name is default",
      "subjects[0] is a service account, and the role reads every secret",
    ],
  },
  {
    it: "refuses the account of every pod",
    resources: binding(developer, [account("default")]),
    finds: ["subjects[0].name is default, the account of every pod that names none"],
  },
  {
    it: "passes accounts whose namespace is the binding's, both not known yet",
    resources: binding(deployer, [account("deployer", unknownText)], unknownText),
  },
  {
    it: "refuses accounts of which only one namespace is known",
    resources: [
      binding(developer, [account("ci", unknownText)]),
      binding(developer, [account("ci", "review-x")], unknownText),
    ],
    finds: [`subjects[0].namespace ${unknown}`, "subjects[0].namespace is another namespace"],
  },
  {
    it: "refuses what is not known or nothing of the kind, and goes on",
    resources: [
      binding(developer, unknownText),
      binding(developer, [
        { kind: unknownText, name: "a" },
        group(unknownText),
        { kind: "Robot", name: "a" },
        null,
        account(unknownText),
        group("system:masters"),
      ]),
      binding(developer, "dev-users"),
    ],
    finds: [
      `subjects ${unknown}`,
      `subjects[0].kind ${unknown}`,
      `subjects[1].name ${unknown}`,
      "subjects[2].kind is neither Group, User nor ServiceAccount",
      "subjects[3].kind is neither",
      "subjects[5].name is system:masters",
      "subjects.kind is neither",
    ],
  },
];

const platform = "secure-environment-developer";

const roles: readonly PolicyCase[] = [
  {
    it: "refuses ClusterRoles of the cluster",
    resources: ["cluster-admin", "admin", "edit", "system:node"].map((name) =>
      binding(clusterRole(name), people),
    ),
    finds: Array.from(
      { length: 4 },
      () => "RoleBinding x: roleRef.name is a ClusterRole of the cluster itself, wider than",
    ),
  },
  {
    it: "refuses ClusterRoles of others, without showing them",
    resources: ["view", "shop", secret, null].map((name) => binding(clusterRole(name), people)),
    finds: Array.from(
      { length: 4 },
      () => `is no ClusterRole of the platform for environments. Use secure-environment-viewer,`,
    ),
  },
  {
    it: "refuses roles that are not known",
    resources: [
      binding(unknownText, people),
      binding({ kind: unknownText, name: "a" }, people),
      binding({ kind: "Role", name: unknownText }, people),
    ],
    finds: [`roleRef ${unknown}`, `roleRef.kind ${unknown}`, `roleRef.name ${unknown}`],
  },
  {
    it: "refuses what is no role",
    resources: [binding(null, people), binding({ kind: "Group", name: "a" }, people)],
    finds: ["roleRef.kind is neither Role nor", "roleRef.kind is neither Role nor ClusterRole"],
  },
  {
    it: "refuses rights in every namespace, and judges what else is wrong",
    resources: bindingOf("ClusterRoleBinding")(
      { roleRef: clusterRole(platform), subjects: [group("dev-users"), group("system:masters")] },
      null,
    ),
    finds: [
      "ClusterRoleBinding x gives its rights in every namespace of the cluster. Use a RoleBinding.",
      "subjects[1].name is system:masters",
    ],
  },
  {
    it: "judges what a patch changes",
    resources: [
      bindingOf("RoleBindingPatch")({ subjects: [group("dev-users")] }, "review-x"),
      bindingOf("RoleBindingPatch")({ subjects: [group("system:masters")] }, "review-x"),
      bindingOf("RoleBindingPatch")({ roleRef: clusterRole("edit") }, "review-x"),
    ],
    finds: [
      "RoleBindingPatch x: subjects[0].name is system:masters",
      "roleRef.name is a ClusterRole of the cluster itself",
    ],
  },
];

const nobodyElse = "is somebody else than a service account, and the deployer's role reads secrets";

const secretRoles: readonly PolicyCase[] = [
  {
    it: "gives the deployer's role to service accounts alone",
    resources: [
      binding(deployer, [account("deployer"), group("dev-users"), { kind: "User", name: "jane" }]),
      binding(clusterRole("secure-environment-deployer"), people),
    ],
    finds: [
      `subjects[1] ${nobodyElse}. Bind the role developer`,
      `subjects[2] ${nobodyElse}`,
      `subjects[0] ${nobodyElse}`,
    ],
  },
  {
    it: "does not take a Role for a ClusterRole of its name",
    resources: [
      binding({ kind: "Role", name: "secure-environment-deployer" }, people),
      binding(clusterRole("deployer"), people),
    ],
    finds: ["is no ClusterRole of the platform"],
  },
  {
    it: "gives the role that reads secrets to people alone",
    resources: [
      binding(secretReader, people),
      binding(clusterRole("secure-environment-secret-reader"), people),
      binding(secretReader, [account("ci")]),
    ],
    finds: ["subjects[0] is a service account, and the role reads every secret"],
  },
  {
    it: "gives it to nobody when it is told so",
    resources: binding(secretReader, people),
    settings: { allowSecretReaders: false },
    finds: ["RoleBinding x: roleRef.name lets people read every secret of the environment"],
  },
];

const verifier = account("verifier", "secure-environment-platform");
const verifierRole = clusterRole("secure-environment-verifier");
const notVerifier = "is not the platform's verifier, for whom alone the role is";

const verifiers: readonly PolicyCase[] = [
  {
    it: "lets the platform's verifier in, by the role that is made for it",
    resources: [binding(verifierRole, [verifier]), binding(verifierRole, [verifier], unknownText)],
  },
  {
    it: "gives the verifier's role to nobody else, own accounts and secret ones included",
    resources: binding(verifierRole, [
      group("dev-users"),
      account("verifier", "review-x"),
      account("ci", "secure-environment-platform"),
      account(secret, "secure-environment-platform"),
      { ...verifier, kind: "User" },
      { ...verifier, apiGroup: "example.com" },
      account("verifier", unknownText),
      unknownText,
      verifier,
    ]),
    finds: Array.from({ length: 8 }, (_, index) => `subjects[${index}] ${notVerifier}`),
  },
  {
    it: "gives the verifier no other role, and takes no Role for its own",
    resources: [
      binding(clusterRole(platform), [verifier]),
      binding(clusterRole("secure-environment-deployer"), [verifier]),
      binding({ kind: "Role", name: "secure-environment-verifier" }, [verifier]),
      binding({ kind: "Role", name: "verifier" }, [verifier]),
      bindingOf("RoleBindingPatch")({ subjects: [verifier] }, "review-x"),
    ],
    finds: Array.from({ length: 5 }, () => "subjects[0].namespace is another namespace than"),
  },
  {
    it: "gives the verifier its role in one namespace alone",
    resources: bindingOf("ClusterRoleBinding")(
      { roleRef: verifierRole, subjects: [verifier] },
      null,
    ),
    finds: ["gives its rights in every namespace of the cluster"],
  },
];

describePolicy(bindingsAreNarrow, [
  {
    it: "passes other roles when nobody may read secrets",
    resources: binding(developer, people),
    settings: { allowSecretReaders: false },
  },
  {
    it: "passes roles of the environment and the platform, for people and own accounts",
    resources: [
      binding(developer, people),
      binding({ kind: "Role", name: "shop" }, [{ kind: "User", name: "jane.doe@example.com" }]),
      binding(deployer, [account("deployer")]),
      binding(developer, [{ kind: "ServiceAccount", name: "ci" }, account("ci", "")]),
      binding(clusterRole(platform), people),
      binding(clusterRole("secure-environment-deployer"), [account("deployer")]),
      binding(developer, []),
      binding(developer, null),
    ],
  },
  {
    it: "has no say in other kinds, and in what has no properties",
    resources: [
      resourceOf("core/v1:ConfigMap", { roleRef: clusterRole("edit") }),
      resourceOf("example.com/v1:RoleBinding", { roleRef: clusterRole("edit") }),
      resourceOf("rbac.authorization.k8s.io/v1:RoleBinding", {}),
    ],
  },
  ...subjects,
  ...roles,
  ...secretRoles,
  ...verifiers,
]);

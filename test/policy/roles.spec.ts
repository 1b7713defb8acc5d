import {
  debugRules,
  deployerRules,
  developRules,
  secretReadRules,
  viewRules,
  withIngresses,
  withKinds,
} from "#components/core/rbac/rules";
import { disruptionBudgets, serviceAccounts } from "#components/core/rules/deployerKinds";
import { rolesAreNarrow } from "#policy/policies/roles";
import { describePolicy, type PolicyCase } from "./support/policyCases";
import { unknownText } from "./support/policyAnalyzer";
import { resourceOf, secret } from "./support/policyResources";

const role = (rules: unknown, name: unknown = "x", others: object = {}) =>
  resourceOf("rbac.authorization.k8s.io/v1:Role", { metadata: { name }, rules, ...others });
const clusterRole = (rules: unknown, name: unknown = "x", others: object = {}) =>
  resourceOf("rbac.authorization.k8s.io/v1:ClusterRole", { metadata: { name }, rules, ...others });
const rule = (group: unknown, resource: unknown, ...verbs: unknown[]) => ({
  apiGroups: [group],
  resources: [resource],
  verbs,
});

const monitors = { apiGroup: "monitoring.coreos.com", resource: "servicemonitors" };
const scalers = { apiGroup: "keda.sh", resource: "scaledobjects" };
const gateways = { apiGroup: "networking.istio.io", resource: "gateways" };

const read = ["get", "list", "watch"];
const write = [...read, "create", "update", "patch", "delete"];

/** Each entry of the list of what no role of an environment has, and what is said of it. */
const refused: readonly (readonly [
  group: string,
  resource: string,
  verbs: string[],
  risk: string,
])[] = [
  ["", "secrets", ["get"], "read or change every secret of the environment (get). Leave it out:"],
  [
    "",
    "secrets",
    ["list", "watch"],
    "read or change every secret of the environment (list, watch)",
  ],
  ["", "secrets", ["create"], "read or change every secret"],
  ["", "serviceaccounts/token", ["create"], "make tokens of service accounts (create)"],
  ["", "serviceaccounts", ["create", "get"], "give them a cloud's rights by annotations (create)"],
  ["", "resourcequotas", ["patch"], "lift the bounds of the environment (patch)"],
  ["", "resourcequotas/status", ["update"], "lift the bounds"],
  ["", "limitranges", ["delete"], "lift the bounds"],
  ["networking.k8s.io", "networkpolicies", ["create"], "open the network isolation"],
  ["policy.networking.k8s.io", "clusternetworkpolicies", ["get"], "open the network isolation"],
  ["rbac.authorization.k8s.io", "roles", ["create"], "look at or give rights"],
  ["rbac.authorization.k8s.io", "rolebindings", ["get"], "look at or give rights"],
  ["", "namespaces", ["patch"], "change what the namespace admits"],
  ["", "namespaces/finalize", ["update"], "change what the namespace admits"],
  ["", "pods/proxy", ["get"], "send traffic from the API server, past the network policies (get)"],
  ["", "services/proxy", ["create"], "send traffic from the API server"],
  ["", "pods/exec", ["get"], "run code in pods by more than the verb create"],
  ["", "pods/attach", ["create", "get"], "which hides in a role that reads (get)"],
  ["", "pods/portforward", ["get"], "run code in pods by more"],
  ["", "nodes", ["get"], "lets its holder at the nodes"],
  ["", "nodes/proxy", ["get"], "lets its holder at the nodes"],
  ["metrics.k8s.io", "nodes", ["get"], "lets its holder at the nodes"],
  ["", "pods/eviction", ["create"], "past the scheduler"],
  ["", "pods/binding", ["create"], "past the scheduler"],
  ["", "bindings", ["create"], "past the scheduler"],
  ["", "pods/status", ["patch"], "forge what controllers"],
  ["", "services/status", ["patch"], "forge what controllers"],
  ["apps", "daemonsets", ["create"], "run a pod on every node"],
  ["policy", "poddisruptionbudgets", ["create"], "keep a node from being drained"],
  [
    "",
    "endpoints",
    ["create", "list"],
    "forward traffic into other namespaces (CVE-2021-25740) (create)",
  ],
  ["discovery.k8s.io", "endpointslices", ["patch"], "forward traffic into other namespaces"],
  [
    "certificates.k8s.io",
    "certificatesigningrequests/approval",
    ["update"],
    "in the name of others",
  ],
  ["networking.k8s.io", "ingresses", ["create"], "take the hosts of others"],
  ["gateway.networking.k8s.io", "httproutes", ["delete"], "take the hosts of others"],
  ["", "persistentvolumes", ["create"], "what the whole cluster shares"],
  [
    "admissionregistration.k8s.io",
    "validatingadmissionpolicies",
    ["get"],
    "what the whole cluster",
  ],
  ["scheduling.k8s.io", "priorityclasses", ["create"], "what the whole cluster shares"],
  ["flowcontrol.apiserver.k8s.io", "flowschemas", ["create"], "what the whole cluster shares"],
  ["coordination.k8s.io", "leases", ["create"], "gives more than the rules of an environment do"],
  ["apps", "replicasets", ["create"], "gives more than the rules of an environment do (create)"],
  ["apps", "pods", ["get"], "Write one rule for each API group"],
  ["", "pods/log", ["get", "list"], "gives more than the rules of an environment do (list)"],
];

const refusals = refused.map(([group, resource, verbs, risk]): PolicyCase => ({
  it: `refuses ${verbs.join(" and ")} of ${resource} in ${group === "" ? "the core" : group}`,
  resources: role([rule("apps", "deployments", ...write), rule(group, resource, ...verbs)]),
  finds: [risk],
}));

const lists: readonly PolicyCase[] = [
  {
    it: "refuses wildcards in each list",
    resources: role([
      rule("*", "pods", "get"),
      rule("", "*", "get"),
      rule("", "pods", "*"),
      rule("apps", "*/scale", "get"),
      rule("", "pods/*", "get"),
    ]),
    finds: [
      "Role x: rules[0].apiGroups[0] stands for everything, what is added later included. List",
      "rules[1].resources[0] stands for everything",
      "rules[2].verbs[0] stands for everything",
      "rules[3].resources[0] stands for everything",
      "rules[4].resources[0] stands for everything",
    ],
  },
  {
    it: "refuses a wildcard beside something else that is refused",
    resources: role([
      { apiGroups: ["", "*"], resources: ["*", "secrets"], verbs: ["get", "*", "bind"] },
    ]),
    finds: [
      "rules[0].apiGroups[1] stands for everything",
      "rules[0].resources[0] stands for everything",
      "rules[0].verbs[1] stands for everything",
      "rules[0].verbs[2] is bind",
      "rules[0].resources[1] lets its holder read or change every secret",
    ],
  },
  {
    it: "refuses verbs that give oneself rights, and what it does not know",
    resources: role(
      [
        "escalate",
        "bind",
        "impersonate",
        "impersonate:user-info",
        "impersonate-on:serviceaccount:get",
        "deletecollection",
        "use",
        secret,
      ].map((verb) => rule("", "pods", verb)),
    ),
    finds: [
      "rules[0].verbs[0] is escalate, which lets its holder give itself any right. Leave it out.",
      "rules[1].verbs[0] is bind",
      "rules[2].verbs[0] is impersonate",
      "rules[3].verbs[0] is impersonate",
      "rules[4].verbs[0] is impersonate",
      "rules[5].verbs[0] is deletecollection",
      "rules[6].verbs[0] is a verb that no role",
      "rules[7].verbs[0] is a verb that no role",
    ],
  },
  {
    it: "names the resource that is refused among others",
    resources: role([
      { apiGroups: [""], resources: ["pods", secret, "configmaps"], verbs: ["get"] },
    ]),
    finds: ["rules[0].resources[1] gives more than the rules of an environment do (get)"],
  },
  {
    it: "refuses addresses that are no resources",
    resources: clusterRole([{ nonResourceURLs: ["/metrics"], verbs: ["get"] }]),
    finds: ["ClusterRole x: rules[0].nonResourceURLs reaches addresses of the API server"],
  },
  {
    it: "refuses rules that are not known, and goes on",
    resources: [
      role(unknownText),
      role([
        rule("", unknownText, "get"),
        rule("", "pods", unknownText),
        rule("", "secrets", "get"),
      ]),
      role([{ apiGroups: [""], resources: unknownText, verbs: ["get"] }]),
      role([{ ...rule("", "pods", "get"), nonResourceURLs: unknownText }]),
    ],
    finds: [
      "rules is not known before the update",
      "rules[0].resources[0] is not known",
      "rules[1].verbs[0] is not known",
      "rules[2].resources[0] lets its holder read",
      "rules[0].resources is not known",
      "rules[0].nonResourceURLs reaches",
    ],
  },
  {
    it: "refuses what are no lists of texts",
    resources: [
      role([{ apiGroups: [""], resources: ["pods"], verbs: "get" }]),
      role([{ apiGroups: ["", 7], resources: ["pods"] }]),
      role("all"),
    ],
    finds: [
      "rules[0].verbs is no list of texts",
      "rules[0].apiGroups is no list of texts",
      "rules[0].verbs is no list of texts",
      "rules.apiGroups is no list of texts",
      "rules.resources is no list of texts",
      "rules.verbs is no list of texts",
    ],
  },
];

const reordered = [...deployerRules].reverse().flatMap(({ apiGroups, resources, verbs }) =>
  resources.map((resource) => ({
    apiGroups,
    resources: [resource],
    verbs: [...verbs].reverse(),
  })),
);
const underAnotherName = "rules are those of the deployer, who reads secrets, under another name";

const named: readonly PolicyCase[] = [
  {
    it: "passes the deployer's list under the deployer's name, however it is written",
    resources: [
      role(deployerRules, "deployer"),
      role(reordered, "deployer"),
      clusterRole(deployerRules, "secure-environment-deployer"),
    ],
  },
  {
    it: "refuses the deployer's list under another name",
    resources: [
      role(deployerRules, "shop"),
      role(deployerRules, unknownText),
      clusterRole(deployerRules, "deployer"),
    ],
    finds: [
      `Role x: ${underAnotherName}. Name the role deployer: only`,
      underAnotherName,
      `ClusterRole x: ${underAnotherName}. Name the role secure-environment-deployer`,
    ],
  },
  {
    it: "refuses more and less than the deployer's list, with secrets in it",
    resources: [
      role([...deployerRules, rule("", "pods/exec", "create")], "deployer"),
      role(deployerRules.slice(1), "deployer"),
      role(
        [...deployerRules.slice(0, -1), { ...deployerRules.at(-1), resourceNames: ["a"] }],
        "deployer",
      ),
      role([...deployerRules, { nonResourceURLs: ["/"], verbs: ["get"] }], "deployer"),
      role(
        [...deployerRules.slice(0, -1), { ...deployerRules.at(-1), nonResourceURLs: ["/"] }],
        "deployer",
      ),
    ],
    finds: [
      "lets its holder read or",
      "lets its holder read or",
      "lets its holder read or",
      "lets its holder read or",
      "nonResourceURLs",
      "nonResourceURLs",
    ],
  },
  {
    it: "says all that is wrong with one list",
    resources: role([{ apiGroups: [""], resources: "*", verbs: ["get"] }]),
    finds: ["resources is no list of texts", "resources stands for everything"],
  },
  {
    it: "refuses rules that are none",
    resources: role([null]),
    finds: ["apiGroups is no list", "resources is no list", "verbs is no list"],
  },
  {
    it: "refuses what only looks as long as the deployer's list, or only prints like it",
    resources: [
      role(
        [...deployerRules.slice(0, -1), rule("", "secrets", ...write.slice(1), "bind")],
        "deployer",
      ),
      role([...deployerRules, rule("", "pods", ["get"], "get")], "deployer"),
    ],
    finds: [
      "verbs[6] is bind",
      "lets its holder read or change",
      "lets its holder read or change",
      "verbs is no list of texts",
    ],
  },
  {
    it: "passes a deployer who may do less, without secrets",
    resources: role(developRules, "deployer"),
  },
  {
    it: "passes those who read secrets under the name for it, and nothing else under it",
    resources: [
      role(secretReadRules, "secret-reader"),
      role([rule("", "secrets", "get")], "secret-reader"),
      clusterRole(secretReadRules, "secure-environment-secret-reader"),
      role([rule("", "secrets", "get", "create")], "secret-reader"),
      clusterRole(secretReadRules, "secret-reader"),
      role(secretReadRules, unknownText),
    ],
    finds: [
      "rules[0].resources[0] lets its holder read or change every secret of the environment (create)",
      "ClusterRole x: rules[0].resources[0] lets its holder read",
      "Role x: rules[0].resources[0] lets its holder read",
    ],
  },
];

describePolicy(rolesAreNarrow, [
  {
    it: "passes the presets and parts of them",
    resources: [
      role(viewRules),
      role(developRules),
      role(debugRules),
      clusterRole(debugRules),
      role([rule("", "pods/exec", "create")]),
      role([{ ...rule("", "configmaps", "get"), resourceNames: ["a"] }]),
      role([]),
      role(null),
      resourceOf("rbac.authorization.k8s.io/v1:RolePatch", { metadata: { name: "x" } }),
    ],
  },
  {
    it: "has no say in other kinds, and in what has no properties",
    resources: [
      resourceOf("core/v1:ConfigMap", { rules: unknownText }),
      resourceOf("example.com/v1:Role", { rules: unknownText }),
      resourceOf("rbac.authorization.k8s.io/v1:Role", {}),
    ],
  },
  ...refusals,
  ...lists,
  {
    it: "judges patches",
    resources: resourceOf("rbac.authorization.k8s.io/v1:RolePatch", {
      rules: [rule("", "secrets", "get")],
    }),
    finds: ["RolePatch x: rules[0].resources[0] lets its holder read or change every secret"],
  },
  {
    it: "refuses rules that are gathered from others, or that others gather",
    resources: [
      clusterRole([], "x", { aggregationRule: { clusterRoleSelectors: [] } }),
      clusterRole([], "x", { aggregationRule: unknownText }),
      resourceOf("rbac.authorization.k8s.io/v1:ClusterRole", {
        metadata: { labels: { "rbac.authorization.k8s.io/aggregate-to-view": "true" } },
        aggregationRule: {},
      }),
      resourceOf("rbac.authorization.k8s.io/v1:ClusterRole", {
        metadata: { labels: { "rbac.authorization.k8s.io/aggregate-to-edit": "true", team: "a" } },
        rules: [],
      }),
    ],
    finds: [
      "aggregationRule takes over the rules of other roles",
      "aggregationRule takes over",
      "aggregationRule takes over",
      "adds the rules to a role of the cluster itself",
      'metadata.labels["rbac.authorization.k8s.io/aggregate-to-…"] adds the rules to a role of the',
    ],
  },
  ...named,
  {
    it: "lets ingresses be written where the platform guards their hosts",
    resources: [
      role(withIngresses(debugRules)),
      role(withIngresses(deployerRules), "deployer"),
      role(deployerRules, "deployer"),
      role([rule("networking.k8s.io", "networkpolicies", "create")]),
    ],
    settings: { platform: true },
    finds: ["open the network isolation"],
  },
  {
    it: "passes a deployer with disruption budgets and the kinds that are listed",
    settings: { platform: true, deployerKinds: ["monitoring.coreos.com/servicemonitors"] },
    resources: [
      role(withKinds(deployerRules, [disruptionBudgets]), "deployer"),
      role(withKinds(deployerRules, [monitors]), "deployer"),
      role(withKinds(withIngresses(deployerRules), [disruptionBudgets, monitors]), "deployer"),
    ],
  },
  {
    it: "refuses a deployer with disruption budgets where nobody judges them",
    resources: role(withKinds(deployerRules, [disruptionBudgets]), "deployer"),
    finds: [
      "rules let the deployer write policy/poddisruptionbudgets, which no setting lists. If that",
    ],
  },
  {
    it: "passes a deployer with service accounts where a platform judges them",
    settings: { platform: true },
    resources: role(withKinds(deployerRules, [serviceAccounts]), "deployer"),
  },
  {
    it: "refuses a deployer with service accounts where nobody judges them",
    resources: role(withKinds(deployerRules, [serviceAccounts]), "deployer"),
    finds: ["lets its holder read or change every secret", "lets its holder make service accounts"],
  },
  {
    it: "refuses what goes beyond a listed kind",
    settings: { platform: true, deployerKinds: ["monitoring.coreos.com/servicemonitors"] },
    resources: [
      role(withKinds(withIngresses(deployerRules), [monitors, scalers]), "deployer"),
      role(
        [...withKinds(deployerRules, [monitors]), rule("keda.sh", "scaledobjects", "bind")],
        "deployer",
      ),
    ],
    finds: ["rules let the deployer write keda.sh/scaledobjects,", "secret", "rules", "is bind"],
  },
  {
    it: "refuses kinds that no deployer may have, listed or not",
    settings: { deployerKinds: ["networking.istio.io/gateways"] },
    resources: [
      role(withKinds(deployerRules, [gateways]), "deployer"),
      role([rule("monitoring.coreos.com", "servicemonitors", ...write)], "deployer"),
    ],
    finds: ["secret", "rules[19].resources[0] gives", "rules[0].resources[0]"],
  },
  {
    it: "refuses a deployer who writes ingresses elsewhere",
    resources: role(withIngresses(deployerRules), "deployer"),
    finds: [
      "write gateway.networking.k8s.io/httproutes, networking.k8s.io/ingresses, which no setting lists",
    ],
  },
]);

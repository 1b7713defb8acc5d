import { expect } from "chai";
import {
  type AccessRule,
  debugRules,
  deployerRules,
  developRules,
  roleRules,
  secretReadRules,
  viewRules,
  withIngresses,
  withKinds,
} from "#components/core/rbac/rules";
import { disruptionBudgets, serviceAccounts } from "#components/core/rules/deployerKinds";

const readVerbs = ["get", "list", "watch"];
const writeVerbs = [...readVerbs, "create", "update", "patch", "delete"];

const applicationKinds = [
  "configmaps",
  "persistentvolumeclaims",
  "pods",
  "services",
  "apps/deployments",
  "apps/statefulsets",
  "autoscaling/horizontalpodautoscalers",
  "batch/cronjobs",
  "batch/jobs",
];
const lookedAt = {
  "gateway.networking.k8s.io/httproutes": readVerbs,
  "networking.k8s.io/ingresses": readVerbs,
  "pods/log": ["get"],
  endpoints: readVerbs,
  events: readVerbs,
  serviceaccounts: readVerbs,
  "policy/poddisruptionbudgets": readVerbs,
  "apps/replicasets": readVerbs,
  "discovery.k8s.io/endpointslices": readVerbs,
  "events.k8s.io/events": readVerbs,
  "metrics.k8s.io/pods": ["get", "list"],
  limitranges: readVerbs,
  namespaces: ["get"],
  resourcequotas: readVerbs,
  "networking.k8s.io/networkpolicies": readVerbs,
};
const developed = {
  ...eachWith(applicationKinds, writeVerbs),
  ...lookedAt,
  "apps/deployments/scale": ["get", "update", "patch"],
  "apps/statefulsets/scale": ["get", "update", "patch"],
};

const lists: Readonly<Record<string, readonly AccessRule[]>> = {
  view: viewRules,
  develop: developRules,
  debug: debugRules,
  readSecrets: secretReadRules,
  deployer: deployerRules,
  "develop with ingresses": withIngresses(developRules),
  "debug with ingresses": withIngresses(debugRules),
  "deployer with ingresses": withIngresses(deployerRules),
  "deployer with service accounts": withKinds(deployerRules, [serviceAccounts]),
  "deployer with disruption budgets": withKinds(deployerRules, [
    disruptionBudgets,
    disruptionBudgets,
  ]),
};

/** What charts bring and people do not write, by the lists that let it be written. */
const writtenByDeployers: Readonly<Record<string, readonly string[]>> = {
  serviceaccounts: ["deployer with service accounts"],
  "policy/poddisruptionbudgets": ["deployer with disruption budgets"],
};

describe("the rules of an environment", () => {
  it("let view look at applications and walls", () => {
    expect(granted(viewRules)).to.deep.equal({
      ...eachWith(applicationKinds, readVerbs),
      ...lookedAt,
    });
  });

  it("let develop deploy an application, and look", () => {
    expect(granted(developRules)).to.deep.equal(developed);
  });

  it("let debug do the same and run code in pods", () => {
    expect(granted(debugRules)).to.deep.equal({
      ...developed,
      "pods/attach": ["create"],
      "pods/exec": ["create"],
      "pods/portforward": ["create"],
      "pods/ephemeralcontainers": ["get", "update", "patch"],
    });
  });

  it("let readSecrets read secrets and nothing else", () => {
    expect(granted(secretReadRules)).to.deep.equal({ secrets: readVerbs });
  });

  it("let the deployer deploy an application with its secrets", () => {
    expect(granted(deployerRules)).to.deep.equal({
      ...developed,
      secrets: writeVerbs,
    });
  });

  it("let the deployer write service accounts only where it is asked for", () => {
    expect(granted(withKinds(deployerRules, [serviceAccounts]))).to.deep.equal({
      ...granted(deployerRules),
      serviceaccounts: writeVerbs,
    });
  });

  it("let the deployer write further kinds where they are asked for, each once", () => {
    const monitors = { apiGroup: "monitoring.coreos.com", resource: "servicemonitors" };
    expect(
      granted(withKinds(deployerRules, [disruptionBudgets, monitors, disruptionBudgets])),
    ).to.deep.equal({
      ...granted(deployerRules),
      "policy/poddisruptionbudgets": writeVerbs,
      "monitoring.coreos.com/servicemonitors": writeVerbs,
    });
  });

  it("let ingresses and routes be written only where they are asked for", () => {
    expect(granted(withIngresses(developRules))).to.deep.equal({
      ...developed,
      "gateway.networking.k8s.io/httproutes": writeVerbs,
      "networking.k8s.io/ingresses": writeVerbs,
    });
  });

  it("are given to the API server as they are, in lists of their own", () => {
    const rules = roleRules(developRules);
    expect(rules).to.deep.equal(developRules);
    rules[0]?.verbs.push("escalate");
    expect(developRules[0]?.verbs).not.to.include("escalate");
  });
});

for (const [name, rules] of Object.entries(lists)) {
  describe(`the rules of ${name}`, () => {
    it("hold no wildcard", () => {
      const words = rules.flatMap((rule) => [...rule.apiGroups, ...rule.resources, ...rule.verbs]);
      expect(words.filter((word) => word.includes("*"))).to.deep.equal([]);
    });

    it("name every resource once, so that no rule widens another", () => {
      const named = rules.flatMap(qualifiedResources);
      expect(named).to.deep.equal([...new Set(named)]);
    });

    it("hold no verb that reaches beyond single objects", () => {
      const allowed = [...writeVerbs];
      expect(
        rules.flatMap(({ verbs }) => verbs).filter((verb) => !allowed.includes(verb)),
      ).to.deep.equal([]);
    });

    const walls = [
      "resourcequotas",
      "limitranges",
      "endpoints",
      "discovery.k8s.io/endpointslices",
      "events",
      "networking.k8s.io/networkpolicies",
    ];
    for (const wall of walls) {
      it(`let ${wall} at most be read`, () => {
        expect(readVerbs).to.include.members([...(granted(rules)[wall] ?? [])]);
      });
    }

    for (const [resource, writers] of Object.entries(writtenByDeployers)) {
      const verbs = writers.includes(name) ? writeVerbs : readVerbs;
      it(`let ${resource} be ${verbs === readVerbs ? "read at most" : "written"}`, () => {
        expect(verbs).to.include.members([...(granted(rules)[resource] ?? [])]);
      });
    }

    const closed = [
      "nodes",
      "persistentvolumes",
      "serviceaccounts/token",
      "pods/binding",
      "pods/eviction",
      "pods/proxy",
      "pods/status",
      "services/proxy",
      "services/status",
      "apps/daemonsets",
    ];
    for (const resource of closed) {
      it(`say nothing about ${resource}`, () => {
        expect(granted(rules)).not.to.have.property(resource);
      });
    }

    it("stay within the groups of applications, out of those that govern the cluster", () => {
      const groups = new Set(rules.flatMap(({ apiGroups }) => apiGroups));
      expect([
        "",
        "apps",
        "autoscaling",
        "batch",
        "discovery.k8s.io",
        "events.k8s.io",
        "gateway.networking.k8s.io",
        "metrics.k8s.io",
        "networking.k8s.io",
        "policy",
      ]).to.include.members([...groups]);
    });
  });
}

function eachWith(resources: readonly string[], verbs: readonly string[]) {
  return Object.fromEntries(resources.map((resource) => [resource, verbs]));
}

function granted(rules: readonly AccessRule[]): Record<string, readonly string[]> {
  return Object.fromEntries(
    rules.flatMap((rule) => qualifiedResources(rule).map((resource) => [resource, rule.verbs])),
  );
}

/** Resources with their API group, such as `apps/deployments`; those of the core group without. */
function qualifiedResources(rule: AccessRule): string[] {
  return rule.apiGroups.flatMap((group) =>
    rule.resources.map((resource) => (group === "" ? resource : `${group}/${resource}`)),
  );
}

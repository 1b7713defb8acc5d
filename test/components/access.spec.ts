import { expect } from "chai";
import { developerRules, roleRules } from "#components/access";

const readVerbs = ["get", "list", "watch"];
const writeVerbs = [...readVerbs, "create", "update", "patch", "delete"];

describe("the rules of a developer", () => {
  it("allow exactly what deploying an application and looking at it takes", () => {
    expect(granted()).to.deep.equal({
      pods: writeVerbs,
      "pods/log": ["get"],
      configmaps: writeVerbs,
      services: writeVerbs,
      persistentvolumeclaims: writeVerbs,
      endpoints: readVerbs,
      events: readVerbs,
      limitranges: readVerbs,
      resourcequotas: readVerbs,
      serviceaccounts: readVerbs,
      "apps/deployments": writeVerbs,
      "apps/statefulsets": writeVerbs,
      "apps/replicasets": readVerbs,
      "apps/deployments/scale": ["get", "update", "patch"],
      "apps/statefulsets/scale": ["get", "update", "patch"],
      "batch/cronjobs": writeVerbs,
      "batch/jobs": writeVerbs,
      "autoscaling/horizontalpodautoscalers": writeVerbs,
      "discovery.k8s.io/endpointslices": readVerbs,
      "events.k8s.io/events": readVerbs,
      "networking.k8s.io/ingresses": readVerbs,
      "networking.k8s.io/networkpolicies": readVerbs,
      "metrics.k8s.io/pods": ["get", "list"],
    });
  });

  it("hold no wildcard", () => {
    const words = developerRules.flatMap((rule) => [
      ...rule.apiGroups,
      ...rule.resources,
      ...rule.verbs,
    ]);
    expect(words.filter((word) => word.includes("*"))).to.deep.equal([]);
  });

  const walls = [
    "resourcequotas",
    "limitranges",
    "serviceaccounts",
    "networking.k8s.io/networkpolicies",
    "networking.k8s.io/ingresses",
  ];
  for (const wall of walls) {
    it(`let ${wall} be read and nothing else`, () => {
      expect(granted()[wall]).to.deep.equal(readVerbs);
    });
  }

  const closed = [
    "secrets",
    "namespaces",
    "serviceaccounts/token",
    "pods/exec",
    "pods/attach",
    "pods/portforward",
    "pods/proxy",
    "pods/ephemeralcontainers",
    "services/proxy",
    "apps/daemonsets",
    "rbac.authorization.k8s.io/roles",
    "rbac.authorization.k8s.io/rolebindings",
  ];
  for (const resource of closed) {
    it(`say nothing about ${resource}`, () => {
      expect(granted()).not.to.have.property(resource);
    });
  }

  for (const verb of ["deletecollection", "escalate", "bind", "impersonate", "proxy", "use"]) {
    it(`never hold the verb ${verb}`, () => {
      expect(developerRules.flatMap((rule) => rule.verbs)).not.to.include(verb);
    });
  }

  it("name every resource once, so that no rule widens another", () => {
    const named = developerRules.flatMap(qualifiedResources);
    expect(named).to.deep.equal([...new Set(named)]);
  });

  it("are given to the API server as they are, in lists of their own", () => {
    const rules = roleRules(developerRules);
    expect(rules).to.deep.equal(developerRules);
    rules[0]?.verbs.push("escalate");
    expect(developerRules[0]?.verbs).not.to.include("escalate");
  });
});

type Rule = (typeof developerRules)[number];

function granted(): Record<string, readonly string[]> {
  return Object.fromEntries(
    developerRules.flatMap((rule) =>
      qualifiedResources(rule).map((resource) => [resource, rule.verbs]),
    ),
  );
}

/** Resources with their API group, such as `apps/deployments`; those of the core group without. */
function qualifiedResources(rule: Rule): string[] {
  return rule.apiGroups.flatMap((group) =>
    rule.resources.map((resource) => (group === "" ? resource : `${group}/${resource}`)),
  );
}

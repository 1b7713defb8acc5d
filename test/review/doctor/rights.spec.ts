import { expect } from "chai";
import { type Answer, judgeRights, neededRights } from "#review/doctor/rights";

type Verdict = (verb: string, resource: string) => boolean | undefined;

function judged(allowed: Verdict, hasPlatform = false) {
  const answers = neededRights(hasPlatform).map((right): Answer => [
    right,
    allowed(right.verb, right.resource),
  ]);
  return Object.fromEntries(judgeRights(answers).map((one) => [one.subject, one]));
}

describe("the rights that the doctor sees", () => {
  it("are fine where everything is allowed", () => {
    const states = Object.values(judged(() => true)).map(({ state }) => state);
    expect(states).to.deep.equal(["ok", "ok", "ok", "ok"]);
  });

  it("name what is missing for which verb", () => {
    const findings = judged((verb) => verb !== "delete");
    expect(findings["rights of destroy"]).to.include({
      state: "wrong",
      isAboutCredentials: true,
      found: "these credentials may not delete namespaces",
    });
    expect(findings["rights of up"]).to.include({ state: "ok" });
  });

  it("name what developers lack, for whom there is another kubeconfig", () => {
    const findings = judged(() => false);
    expect(findings["rights of kubeconfig"]?.found).to.contain("create serviceaccounts/token");
    expect(findings["rights of kubeconfig"]?.fix).to.contain("--developer");
    expect(findings["rights of up"]?.found).to.equal(
      "these credentials may not list namespaces; get namespaces; " +
        "create namespaces, limitranges, resourcequotas, serviceaccounts, networkpolicies, rolebindings, roles; " +
        "patch namespaces, limitranges, resourcequotas, serviceaccounts, networkpolicies, rolebindings, roles",
    );
  });

  it("are enough for a list that shows no quotas", () => {
    const findings = judged((_, resource) => resource !== "resourcequotas");
    expect(findings["rights of list"]).to.include({ state: "warning" });
  });

  it("are shares of the API server in place of roles with the platform", () => {
    const resources = (hasPlatform: boolean) =>
      neededRights(hasPlatform).map(({ resource }) => resource);
    expect(resources(true)).to.include("flowschemas").and.not.include("roles");
    expect(resources(false)).to.include("roles").and.not.include("flowschemas");
  });

  it("are not known where the API server does not tell", () => {
    expect(judged(() => undefined)["rights of up"]).to.include({ state: "unknown" });
  });
});

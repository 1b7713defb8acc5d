import { type ResourceValidationPolicy } from "@pulumi/policy";
import { expect } from "chai";
import { unwritable } from "#policy/messages";
import { analyzeResource } from "./support/policyAnalyzer";

/** Under this name the policy SDK's proxies give what is behind them. */
const behindProxy = "__getSpecialProxyTarget";

describe("the engine's messages to the policy pack", () => {
  it("are read once, however many policies ask", async () => {
    const seen: unknown[] = [];
    const curious = (name: string): ResourceValidationPolicy => ({
      name,
      description: name,
      enforcementLevel: "mandatory",
      validateResource: ({ props, provider }) => {
        seen.push(Reflect.get(props, behindProxy), Reflect.get(provider?.props ?? {}, behindProxy));
      },
    });
    const properties = { spec: { hard: { pods: "1" } } };
    await analyzeResource([curious("first"), curious("second")], {
      type: "kubernetes:core/v1:ResourceQuota",
      name: "quota",
      properties,
      provider: { properties: { namespace: "x" } },
    });
    expect(seen.slice(0, 2)).to.deep.equal([properties, { namespace: "x" }]);
    expect(seen[2]).to.equal(seen[0]);
    expect(seen[3]).to.equal(seen[1]);
  });

  it("cannot be written once they are read, however deep", () => {
    const properties = unwritable({ spec: { hard: { pods: "1" }, scopes: ["x"], none: null } });
    const { spec } = properties;
    const written = [
      Reflect.set(properties, "spec", {}),
      Reflect.set(properties, "status", {}),
      Reflect.set(spec.hard, "pods", "99"),
      Reflect.set(spec.scopes, "0", "y"),
      Reflect.set(spec.scopes, "1", "y"),
    ];
    expect(written).to.deep.equal([false, false, false, false, false]);
    expect(spec).to.deep.equal({ hard: { pods: "1" }, scopes: ["x"], none: null });
  });

  it("say the same to each policy, whatever an earlier one has done with it", async () => {
    const seen: unknown[] = [];
    const careless = (name: string): ResourceValidationPolicy => ({
      name,
      description: name,
      enforcementLevel: "mandatory",
      validateResource: ({ props }) => {
        const { spec } = props as { readonly spec: { hard: { pods: string; services?: string } } };
        seen.push({ ...spec.hard });
        Reflect.set(spec.hard, "pods", "99");
        Reflect.set(spec.hard, "services", "99");
        Reflect.set(props, "spec", {});
      },
    });
    await analyzeResource([careless("first"), careless("second")], {
      type: "kubernetes:core/v1:ResourceQuota",
      name: "quota",
      properties: { spec: { hard: { pods: "1" } } },
    });
    expect(seen).to.deep.equal([{ pods: "1" }, { pods: "1" }]);
  });
});

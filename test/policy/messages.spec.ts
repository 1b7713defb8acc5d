import { type ResourceValidationPolicy } from "@pulumi/policy";
import { expect } from "chai";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { analyzeResource } from "./support/policyAnalyzer";

describe("the engine's messages to the policy pack", () => {
  it("are read once, however many policies ask", () => {
    const message = Struct.fromJavaScript({ spec: { hard: { pods: "1" } } });
    expect(message.toJavaScript()).to.equal(message.toJavaScript());
  });

  it("say the same to each policy, whatever an earlier one has done with it", async () => {
    const seen: unknown[] = [];
    const careless = (name: string): ResourceValidationPolicy => ({
      name,
      description: name,
      enforcementLevel: "mandatory",
      validateResource: ({ props }) => {
        const { spec } = props as { readonly spec: { hard: { pods: string } } };
        seen.push(spec.hard.pods);
        Reflect.set(spec.hard, "pods", "99");
      },
    });
    await analyzeResource([careless("first"), careless("second")], {
      type: "kubernetes:core/v1:ResourceQuota",
      name: "quota",
      properties: { spec: { hard: { pods: "1" } } },
    });
    expect(seen).to.deep.equal(["1", "1"]);
  });
});

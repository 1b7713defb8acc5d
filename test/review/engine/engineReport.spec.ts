import { expect } from "chai";
import { type EngineEvent } from "#review/engine/engineEvents";
import { reportOf } from "#review/engine/engineReport";

const failed = { exitCode: 255, output: "", words: "error: update failed", isCancelled: false };
const urn = (name: string) => `urn:pulumi:review-x::shop::kubernetes:core/v1:Namespace::${name}`;

function error(name: string, message: string): EngineEvent {
  return { diagnosticEvent: { severity: "error", message, urn: urn(name) } };
}

function violation(message: string): EngineEvent {
  return {
    policyEvent: { policyName: "types-are-true", enforcementLevel: "mandatory", message },
  };
}

describe("the report of a run", () => {
  it("blames no resource whose judgement was cancelled, as another one failed first", () => {
    const { exitCode, errors } = reportOf(
      [
        error("quota", "failed to run policy: rpc error: context canceled"),
        error("binding", "the API server says no"),
        error("environment", "update failed"),
      ],
      failed,
    );
    expect(exitCode).to.equal(1);
    expect(errors).to.deep.equal(["binding: the API server says no"]);
  });

  it("says what the policy pack refuses, each once, and ends with its code", () => {
    const { exitCode, errors, violations } = reportOf(
      [violation("No.\n"), violation("No."), error("environment", "update failed")],
      failed,
    );
    expect(exitCode).to.equal(5);
    expect(errors).to.deep.equal([]);
    expect(violations).to.deep.equal(["types-are-true: No."]);
  });

  it("says what Pulumi said last where the engine never began", () => {
    const { exitCode, errors } = reportOf([], { ...failed, words: "warning: x\nerror: no login" });
    expect(exitCode).to.equal(1);
    expect(errors).to.deep.equal(["no login"]);
  });
});

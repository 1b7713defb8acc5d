import { expect } from "chai";
import { describeProblems, problem } from "#components/core/problems";
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

  it("takes no run for done that was ended before its first step, though Pulumi says that it succeeded", () => {
    const succeeded = { ...failed, exitCode: 0, words: "" };
    expect(reportOf([], succeeded).exitCode).to.equal(0);
    expect(reportOf([], { ...succeeded, isCancelled: true }).exitCode).to.equal(8);
    expect(reportOf([], { ...succeeded, isTimedOut: true }).exitCode).to.equal(9);
    expect(reportOf([], { ...succeeded, isTimedOut: true, isCancelled: true }).exitCode).to.equal(
      8,
    );
  });

  it("says what Pulumi said last where the engine never began", () => {
    const { exitCode, errors } = reportOf([], { ...failed, words: "warning: x\nerror: no login" });
    expect(exitCode).to.equal(1);
    expect(errors).to.deep.equal(["no login"]);
  });
});

const urnOf = (type: string) => `urn:pulumi:review-x::shop::${type}::name`;
const stack = urnOf("pulumi:pulumi:Stack");
const refusal = describeProblems([problem("size", "is not known", "Use small.", "huge")]);
const said = (message: string, of?: string): EngineEvent => ({
  diagnosticEvent: { severity: "error", message, urn: of },
});

function exitCodeOf(...events: readonly EngineEvent[]) {
  return reportOf(events, failed).exitCode;
}

describe("how a failed run of the engine is judged", () => {
  it("is a fault of the configuration where the program refused it", () => {
    expect(exitCodeOf(said(refusal))).to.equal(2);
    expect(exitCodeOf(said(refusal, stack), said("update failed"))).to.equal(2);
    expect(exitCodeOf(said(`<{%reset%}>${refusal}<{%reset%}>`, ""))).to.equal(2);
  });

  it("is a failure where anything else went wrong, too", () => {
    expect(
      exitCodeOf(said(refusal), said("timed out", urnOf("kubernetes:core/v1:Namespace"))),
    ).to.equal(1);
    expect(exitCodeOf(said("out of memory"))).to.equal(1);
    expect(exitCodeOf()).to.equal(1);
  });

  it("is a failure where an object says the same, which may be the words of anybody", () => {
    expect(exitCodeOf(said(refusal, urnOf("kubernetes:core/v1:Namespace")))).to.equal(1);
    const nested = urnOf("pulumi:pulumi:Stack$kubernetes:core/v1:Namespace");
    expect(exitCodeOf(said(refusal, nested))).to.equal(1);
  });

  it("is a failure where the words are only quoted", () => {
    expect(exitCodeOf(said(`admission webhook: ${refusal}`))).to.equal(1);
  });

  it("is a failure where the namespace is another's, about which no setting is wrong", () => {
    const found = problem("namespace", "exists", "Use another branch.", "review-x");
    expect(exitCodeOf(said(describeProblems([found], "namespace")))).to.equal(1);
  });
});

function exitCodeFor(message: string): number {
  return reportOf([said(message)], failed).exitCode;
}

describe("the end of a run of the engine", () => {
  for (const message of [
    "configured Kubernetes cluster is unreachable: unable to load schema information from the API server: the server has asked for the client to provide credentials",
    'Get "https://203.0.113.10:6443/openapi/v2": getting credentials: exec: executable node failed with exit code 3',
    'namespaces is forbidden: User "github:123456" cannot create resource "namespaces" in API group "" at the cluster scope',
  ]) {
    it(`is for the credentials where the cluster says: ${message.slice(-70)}`, () => {
      expect(exitCodeFor(message)).to.equal(3);
    });
  }

  for (const message of [
    "namespaces \"review-blog-login\" is forbidden: ValidatingAdmissionPolicy 'secure-environment-pipelines-own-namespaces' with binding denied request: it is another project's",
    'pods "a" is forbidden: exceeded quota: environment, requested: pods=1, used: pods=4, limited: pods=4',
    "the namespace exists already",
  ]) {
    it(`is a failure like any other where the cluster says: ${message.slice(0, 70)}`, () => {
      expect(exitCodeFor(message)).to.equal(1);
    });
  }
});

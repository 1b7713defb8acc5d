import { expect } from "chai";
import { describeProblems, problem } from "#components/core/problems";
import { type EngineEvent } from "#review/engine/engineEvents";
import { reportOf } from "#review/engine/engineReport";

const urn = (type: string) => `urn:pulumi:review-x::shop::${type}::name`;
const stack = urn("pulumi:pulumi:Stack");
const refusal = describeProblems([problem("size", "is not known", "Use small.", "huge")]);
const said = (message: string, of?: string): EngineEvent => ({
  diagnosticEvent: { severity: "error", message, urn: of },
});

function exitCodeOf(...events: readonly EngineEvent[]) {
  return reportOf(events, { exitCode: 255, output: "", words: "", isCancelled: false }).exitCode;
}

describe("how a failed run of the engine is judged", () => {
  it("is a fault of the configuration where the program refused it", () => {
    expect(exitCodeOf(said(refusal))).to.equal(2);
    expect(exitCodeOf(said(refusal, stack), said("update failed"))).to.equal(2);
    expect(exitCodeOf(said(`<{%reset%}>${refusal}<{%reset%}>`, ""))).to.equal(2);
  });

  it("is a failure where anything else went wrong, too", () => {
    expect(
      exitCodeOf(said(refusal), said("timed out", urn("kubernetes:core/v1:Namespace"))),
    ).to.equal(1);
    expect(exitCodeOf(said("out of memory"))).to.equal(1);
    expect(exitCodeOf()).to.equal(1);
  });

  it("is a failure where an object says the same, which may be the words of anybody", () => {
    expect(exitCodeOf(said(refusal, urn("kubernetes:core/v1:Namespace")))).to.equal(1);
    const nested = urn("pulumi:pulumi:Stack$kubernetes:core/v1:Namespace");
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

const failed = { exitCode: 1, output: "", words: "", isCancelled: false };

function exitCodeFor(message: string): number {
  return reportOf([{ diagnosticEvent: { severity: "error", message } }], failed).exitCode;
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

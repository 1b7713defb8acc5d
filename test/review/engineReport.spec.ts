import { expect } from "chai";
import { reportOf } from "#review/engine/engineReport";

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

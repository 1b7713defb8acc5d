import { expect } from "chai";
import { createModel } from "#isolation/model";
import { type IsolationObject } from "#isolation/objects";
import { type Endpoint, type TargetPort, type Verdict } from "#isolation/verdict";
import { type ConformanceCase, connectionsOf } from "./conformance/case";
import { documentationCases } from "./conformance/documentation";
import { egressCases } from "./conformance/egress";
import { peerCases } from "./conformance/peers";
import { portCases } from "./conformance/ports";
import { referenceCases } from "./conformance/reference";
import { mayReach } from "./oracle";

type Judge = (
  objects: readonly IsolationObject[],
) => (from: Endpoint, to: Endpoint, port: TargetPort) => Verdict;

const judges: Readonly<Record<string, Judge>> = {
  "the model": (objects) => {
    const model = createModel(objects);
    return (from, to, port) => model.verdict(from, to, port);
  },
  "the transcribed documentation": (objects) => (from, to, port) =>
    mayReach(objects, from, to, port),
};

for (const [judge, judging] of Object.entries(judges)) {
  describe(`conformance of ${judge} with the end-to-end tests of Kubernetes`, () => {
    for (const conformanceCase of [...peerCases, ...portCases, ...egressCases]) {
      it(conformanceCase.name, () => expectMatrices(conformanceCase, judging));
    }
  });

  describe(`conformance of ${judge} with the documentation of network policies`, () => {
    for (const conformanceCase of [...documentationCases, ...referenceCases]) {
      it(conformanceCase.name, () => expectMatrices(conformanceCase, judging));
    }
  });
}

function expectMatrices({ objects, expected }: ConformanceCase, judging: Judge): void {
  const verdict = judging(objects);
  for (const { port, matrix } of expected) {
    const connections = connectionsOf(matrix);
    const judged = connections.map(({ from, to }) => ({
      from,
      to,
      allowed: verdict(from, to, port).allowed,
    }));
    expect(judged, `${port.protocol} ${port.port}`).to.deep.equal(connections);
  }
}

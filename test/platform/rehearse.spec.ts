import { expect } from "chai";
import { type Rehearsal } from "#components/platform/rehearsal/rehearsals";
import { type KubernetesResponse } from "secure-environment-kubernetes";
import { type Cluster, type Impersonation } from "#platform/cluster";
import { rehearse } from "#platform/rehearse";

const rehearsal = (policy: string): Rehearsal => ({
  refusedBy: policy,
  refusal: `ValidatingAdmissionPolicy '${policy}'`,
  group: "ci-shop",
  path: `/apis/${policy}`,
  object: { metadata: { name: policy } },
});
const refusedBy = (policy: string): KubernetesResponse => ({
  status: 403,
  body: { message: `ValidatingAdmissionPolicy '${policy}' with binding '${policy}' denied it` },
});
const impatient = { longest: 0, pause: 0 };

describe("the rehearsal of the fence", () => {
  it("asks five times in a row, in the name of somebody whom nothing but the fence refuses", async () => {
    const asked: unknown[] = [];
    await rehearse(
      cluster((path, as) => {
        asked.push({ path, as });
        return refusedBy(path.slice("/apis/".length));
      }),
      { refused: [rehearsal("a"), rehearsal("b")], admitted: [] },
      impatient,
    );
    const as = { user: "secure-environment-rehearsal", groups: ["system:masters", "ci-shop"] };
    const round = [
      { path: "/apis/a", as },
      { path: "/apis/b", as },
    ];
    expect(asked).to.deep.equal([...round, ...round, ...round, ...round, ...round]);
  });

  it("begins anew when anything was let through in between", async () => {
    let asked = 0;
    const answer = () => {
      asked++;
      return asked === 1 || asked === 5 ? { status: 201, body: {} } : refusedBy("a");
    };
    await rehearse(
      cluster(answer),
      { refused: [rehearsal("a")], admitted: [] },
      { longest: 60_000, pause: 0 },
    );
    expect(asked).to.equal(10);
  });

  const wrong: [string, KubernetesResponse, string][] = [
    [
      "lets it through, without what it sent",
      { status: 201, body: { token: "hunter2" } },
      "through",
    ],
    ["refuses it for another reason", refusedBy("ab"), "denied it"],
    ["fails for a reason that it does not say", { status: 500, body: {} }, "no reason was given"],
  ];
  for (const [what, answer, told] of wrong) {
    it(`ends the run when the cluster ${what}`, async () => {
      const { message } = await failureOf(
        rehearse(
          cluster(() => answer),
          { refused: [rehearsal("a")], admitted: [] },
          impatient,
        ),
      );
      const [heading, line] = message.split("\n");
      expect(heading).to.match(/^The fence around the pipelines does not hold/);
      expect(line).to.match(/^ {2}- a: a POST to \/apis\/a by ci-shop was not refused by it: /);
      expect(line).to.contain(told);
      expect(message).not.to.contain("hunter2");
    });
  }
});

function cluster(answer: (path: string, as: Impersonation) => KubernetesResponse): Cluster {
  const tryCreate = (path: string, _: object, as: Impersonation) =>
    Promise.resolve(answer(path, as));
  return { tryCreate } as unknown as Cluster;
}

async function failureOf(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error("it did not fail");
}

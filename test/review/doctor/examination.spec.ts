import { expect } from "chai";
import { type Check, examine, reachedBy } from "#review/doctor/examination";
import { fine } from "#review/doctor/finding";
import { exitCodes, ReviewError } from "#review/exitCodes";

const nobodyHome = new ReviewError("https://10.0.0.1 does not answer", exitCodes.failed);

function examined(...checks: readonly Check[]) {
  const reaching = Promise.reject(nobodyHome);
  reaching.catch(() => undefined);
  return examine(checks, { environment: {}, settings: undefined, reaching }, 50);
}

const healthy: Check = {
  subject: "healthy",
  look: () => Promise.resolve([fine("healthy", "is well")]),
};

describe("the checks of the doctor", () => {
  it("go on when one of them fails, which is told in one line", async () => {
    const look = () => Promise.reject(new Error("the disk is full\n    at a stack"));
    const findings = await examined({ subject: "broken", look }, healthy);
    expect(findings.map(({ subject, state, found }) => [subject, state, found])).to.deep.equal([
      ["broken", "wrong", "the disk is full"],
      ["healthy", "ok", "is well"],
    ]);
  });

  it("are not waited for without end, and end what they have started", async () => {
    let hasEnded = false;
    const look: Check["look"] = ({ over }) =>
      new Promise(() => over.addEventListener("abort", () => (hasEnded = true)));
    const [late, other] = await examined({ subject: "endless", look }, healthy);
    expect(late).to.include({ subject: "endless", state: "wrong" });
    expect(late?.found).to.contain("was not looked at to its end within 0.05 s");
    expect([other?.state, hasEnded]).to.deep.equal(["ok", true]);
  });

  it("say nothing of their own about a cluster that was not reached", async () => {
    const look: Check["look"] = async (surroundings) => {
      await reachedBy(surroundings);
      return [];
    };
    const [finding] = await examined({ subject: "platform", look });
    expect(finding).to.include({ subject: "platform", state: "unknown" });
    expect(finding?.found).to.contain("the cluster was not reached");
  });

  it("hide what looks like a credential in the words of others", async () => {
    const look = () => Promise.reject(new Error("cannot use https://jane:hunter2@example.com"));
    const [finding] = await examined({ subject: "state backend", look });
    expect(finding?.found).not.to.contain("hunter2");
  });
});

import { expect } from "chai";
import { timeline } from "../../bench/commands";

const run = { startedAt: 0, endedAt: 9_000 };

describe("the phases of a command", () => {
  it("are cut at what its processes and requests have left behind", () => {
    const phases = timeline(
      run,
      [
        { processId: 1, script: "/plugins/languageNodejs.js", startedAt: 1_000 },
        { processId: 2, script: "/@pulumi/pulumi/cmd/run", startedAt: 2_000, endedAt: 8_000 },
      ],
      [
        request({
          target: "namespaces",
          concernsObjects: true,
          receivedAt: 4_000,
          answeredAt: 4_100,
        }),
        request({ target: "/api", concernsObjects: false, receivedAt: 5_000, answeredAt: 5_500 }),
        request({ target: "pods", concernsObjects: true, receivedAt: 6_000, answeredAt: 7_500 }),
      ],
    );
    expect(phases).to.deep.equal([
      { name: "engine, until it starts the language host", seconds: 1 },
      { name: "language host, until it starts the program", seconds: 1 },
      { name: "program, until the first request", seconds: 2 },
      {
        name: "look at the namespace and start of the provider, until its first request",
        seconds: 1,
      },
      { name: "discovery, until the first request about objects", seconds: 1 },
      { name: "objects, until the last answer", seconds: 1.5 },
      { name: "program, until it ends", seconds: 0.5 },
      { name: "engine, until it ends", seconds: 1 },
    ]);
  });

  it("take in the one before when its end was not seen, and together are the whole time", () => {
    const phases = timeline(run, [], []);
    expect(phases).to.deep.equal([{ name: "engine, until it ends", seconds: 9 }]);
  });
});

function request<Known extends object>(known: Known) {
  return { verb: "get", ...known };
}

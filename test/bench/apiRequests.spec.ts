import { expect } from "chai";
import { countRequests, requestsOf } from "../../bench/apiRequests";

interface Stage {
  readonly auditID: string;
  readonly verb: string;
  readonly requestURI: string;
  readonly resource?: string;
  readonly username?: string;
  readonly second: number;
}

const log = lines([
  {
    auditID: "3",
    verb: "create",
    requestURI: "/api/v1/namespaces",
    resource: "namespaces",
    second: 4,
  },
  { auditID: "1", verb: "get", requestURI: "/api?timeout=32s", second: 1 },
  { auditID: "2", verb: "get", requestURI: "/api", username: "somebody else", second: 2 },
  { auditID: "4", verb: "watch", requestURI: "/api/v1/pods", resource: "pods", second: 5 },
  { auditID: "4", verb: "watch", requestURI: "/api/v1/pods", resource: "pods", second: 9 },
  { auditID: "5", verb: "get", requestURI: "/api", second: 6 },
]);

describe("the audit log", () => {
  it("tells the requests of one user, in the order in which they came in", () => {
    const requests = requestsOf(log, "benchmark-1");
    expect(requests.map(({ verb, target }) => `${verb} ${target}`)).to.deep.equal([
      "get /api",
      "create namespaces",
      "watch pods",
      "get /api",
    ]);
    expect(requests.map(({ concernsObjects }) => concernsObjects)).to.deep.equal([
      false,
      true,
      true,
      false,
    ]);
  });

  it("knows a watch as one request that lasts from its first stage to its last", () => {
    const watch = requestsOf(log, "benchmark-1").find(({ verb }) => verb === "watch");
    expect(watch).to.deep.include({ receivedAt: 5_000, answeredAt: 9_000 });
  });

  it("leaves out a line that is still being written", () => {
    expect(requestsOf(`${log}{"kind":"Ev`, "benchmark-1")).to.have.length(4);
    expect(requestsOf("", "benchmark-1")).to.deep.equal([]);
  });

  it("counts each kind of request, the most frequent first", () => {
    expect(countRequests(requestsOf(log, "benchmark-1"))).to.deep.equal([
      { verb: "get", target: "/api", count: 2 },
      { verb: "create", target: "namespaces", count: 1 },
      { verb: "watch", target: "pods", count: 1 },
    ]);
  });
});

function lines(stages: readonly Stage[]): string {
  return stages.map((stage) => `${JSON.stringify(event(stage))}\n`).join("");
}

function event({ resource, second, username = "benchmark-1", ...stage }: Stage) {
  return {
    ...stage,
    user: { username },
    ...(resource === undefined ? {} : { objectRef: { resource } }),
    requestReceivedTimestamp: instant(stage.verb === "watch" ? 5 : second),
    stageTimestamp: instant(second),
  };
}

function instant(second: number): string {
  return new Date(second * 1_000).toISOString();
}

import { expect } from "chai";
import { choosePort, type FoundPod, type FoundService, readyPod } from "#review/access/portChoice";

const web: FoundService = {
  metadata: { name: "web" },
  spec: {
    selector: { app: "web", tier: "front" },
    ports: [
      { name: "http", port: 80, targetPort: "web" },
      { name: "metrics", port: 9090 },
      { name: "quic", port: 443, protocol: "UDP" },
    ],
  },
};
const api: FoundService = {
  metadata: { name: "api" },
  spec: { selector: { app: "api" }, ports: [{ port: 8080, targetPort: 3000 }] },
};

describe("the port of a service that is meant", () => {
  it("is named by number or name, or is the only one", () => {
    const http = {
      service: "web",
      port: 80,
      targetPort: "web",
      labelSelector: "app=web,tier=front",
    };
    expect(choosePort([web, api], "web:80")).to.include(http);
    expect(choosePort([web, api], "web:http")).to.include(http);
    expect(choosePort([web, api], "web:metrics")).to.include({ targetPort: 9090 });
    expect(choosePort([web, api], "api")).to.include({ service: "api", targetPort: 3000 });
    expect(choosePort([api], undefined)).to.include({ service: "api", targetPort: 3000 });
  });

  for (const [services, wanted, words] of [
    [[web, api], undefined, "several are meant; choose one of web:80, web:9090, api:8080"],
    [[web, api], "web", "several are meant; choose one of web:80, web:9090"],
    [[web, api], "db:1", "there is no db:1; choose one of web:80, web:9090, api:8080"],
    [[web], "web:quic", "there is no web:quic; choose one of web:80, web:9090"],
    [[], "web", "there is no Service with a TCP port and pods behind it"],
    [[{ metadata: { name: "outside" }, spec: { ports: [{ port: 80 }] } }], undefined, "no Service"],
  ] as const) {
    it(`is not ${wanted} of ${services.length}: ${words}`, () => {
      expect(choosePort(services, wanted)).to.contain(words);
    });
  }
});

describe("the pod behind a port", () => {
  it("is one that is ready and stays", () => {
    const pods = [
      pod("ending", "True", { deletionTimestamp: "x" }),
      pod("cold", "False"),
      pod("a"),
    ];
    expect(readyPod(pods, 3000)).to.deep.equal({ name: "a", port: 3000 });
    expect(readyPod(pods.slice(0, 2), 3000)).to.equal(undefined);
    expect(readyPod([{}], 3000)).to.equal(undefined);
  });

  it("has the port that is named", () => {
    const ports = [{ name: "web", containerPort: 8080 }];
    const named = { ...pod("b"), spec: { containers: [{}, { ports }] } };
    expect(readyPod([pod("a"), named], "web")).to.deep.equal({ name: "b", port: 8080 });
    expect(readyPod([pod("a")], "web")).to.equal(undefined);
  });
});

function pod(name: string, status = "True", metadata: object = {}): FoundPod {
  return {
    metadata: { name, ...metadata },
    status: { conditions: [{ type: "Ready", status }] },
  };
}

import { expect } from "chai";
import { publicCluster } from "#kubernetes/publicCluster";

const certificate = "-----BEGIN CERTIFICATE-----\nTUlJ\n-----END CERTIFICATE-----";
const key = "-----BEGIN PRIVATE KEY-----\naHVudGVyMg\n-----END PRIVATE KEY-----";
const server = "https://cluster.example.com:6443";

describe("what all may know of a cluster", () => {
  it("is its address and its certificates", () => {
    const entry = of({ "certificate-authority-data": base64(`${certificate}\n`) });
    expect(entry).to.deep.equal({
      server,
      "certificate-authority-data": base64(`${certificate}\n`),
    });
  });

  it("has no key that lies beside the certificates", () => {
    const data = base64(`${key}\n${certificate}\n# a comment\n${certificate}\n`);
    const entry = of({ "certificate-authority-data": data });
    const kept = Buffer.from(entry["certificate-authority-data"] ?? "", "base64").toString();
    expect(kept).to.equal(`${certificate}\n${certificate}\n`);
  });

  it("has how the connection is made, and nothing else", () => {
    const entry = of({
      "tls-server-name": "api.internal",
      "insecure-skip-tls-verify": true,
      "proxy-url": "http://proxy.example.com:3128",
      extensions: [{ name: "secret", extension: { token: "hunter2" } }],
    });
    expect(entry).to.deep.equal({
      server,
      "tls-server-name": "api.internal",
      "insecure-skip-tls-verify": true,
      "proxy-url": "http://proxy.example.com:3128",
    });
  });

  for (const proxy of [
    "http://jane:hunter2@proxy.example.com",
    "http://hunter2@proxy.example.com",
  ]) {
    it(`has no credentials of a proxy: ${proxy.length} characters`, () => {
      expect(() => of({ "proxy-url": proxy }))
        .to.throw("credentials are not copied")
        .and.not.match(/hunter2/);
    });
  }
});

function of(cluster: object) {
  const kubeconfig = JSON.stringify({
    "current-context": "a",
    contexts: [{ name: "a", context: { cluster: "a", user: "a" } }],
    clusters: [{ name: "a", cluster: { server, ...cluster } }],
    users: [{ name: "a", user: { token: "hunter2", "client-key-data": base64(key) } }],
  });
  return publicCluster({ kubeconfig });
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

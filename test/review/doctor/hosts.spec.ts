import { once } from "node:events";
import { type AddressInfo, createServer as createPlainServer, type Server } from "node:net";
import { createServer, type PeerCertificate } from "node:tls";
import { expect } from "chai";
import { createAuthority, issueCertificate } from "secure-environment-sandbox/bin/certificates.js";
import {
  connectedCertificate,
  hostsIn,
  judgeCertificate,
  lookAtHost,
  type SeenCertificate,
} from "#review/doctor/hosts";
import { type ReviewSettings } from "#review/settings/reviewSettings";

const domain = "review.example.com";
const known = { host: `review-1a2b.${domain}`, port: 443, hasTls: true, domain };
const now = new Date("2027-01-01T00:00:00Z");

function seen(valid_to: string, subjectaltname: string, distrust?: string): SeenCertificate {
  const certificate = { subject: { CN: "" }, subjectaltname, valid_to } as PeerCertificate;
  return { certificate, ...(distrust !== undefined && { distrust }) };
}

describe("the hosts that the doctor sees", () => {
  const servers: Server[] = [];
  after(() => servers.forEach((server) => server.close()));

  async function listening(server: Server): Promise<number> {
    servers.push(server);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  }

  it("are looked at where the settings name some: a made-up one below the domain, and that of url", () => {
    const configured = (configuration: object) =>
      hostsIn({ project: "shop", configuration } as ReviewSettings);
    expect(configured({})).to.deep.equal([]);
    const [made] = configured({ "shop:domain": domain });
    expect(made?.host).to.match(/^review-[0-9a-f]{8}\.review\.example\.com$/);
    expect(configured({ "shop:url": "http://app.example.com:8080/x" })).to.deep.equal([
      { host: "app.example.com", port: 8080, hasTls: false },
    ]);
  });

  it("are wrong where a made-up name has no address", async () => {
    const addressesOf = () => Promise.reject(new Error("ENOTFOUND"));
    const [finding] = await lookAtHost(known, { addressesOf, certificateOf: connectedCertificate });
    expect(finding).to.include({ state: "wrong" });
    expect(finding?.fix).to.contain(`Point *.${domain} at the gateway`);
  });

  it("are judged by the certificate that answers for their name", async () => {
    const authority = await createAuthority("a test");
    const options = { commonName: "gateway", usages: ["server"] as const };
    const wildcard = await issueCertificate(authority, { ...options, hosts: [`*.${domain}`] });
    const other = await issueCertificate(authority, { ...options, hosts: ["other.example.com"] });
    const context = ({ certificate, key }: typeof wildcard) => ({ cert: certificate, key });
    const asked: string[] = [];
    for (const [keys, state, found] of [
      [wildcard, "warning", "does not trust who signed it"],
      [other, "wrong", "is for DNS:other.example.com"],
    ] as const) {
      const server = createServer({
        ...context(keys),
        SNICallback: (name, answer) => {
          asked.push(name);
          answer(null);
        },
      });
      const port = await listening(server);
      const looks = {
        addressesOf: () => Promise.resolve(["127.0.0.1"]),
        certificateOf: connectedCertificate,
      };
      const [resolved, certificate] = await lookAtHost({ ...known, port }, looks);
      expect(resolved).to.include({ state: "ok" });
      expect(certificate).to.include({ state });
      expect(certificate?.found).to.contain(found);
    }
    expect(asked).to.deep.equal([known.host, known.host]);
  });

  it("are wrong where nothing answers with TLS", async () => {
    const port = await listening(createPlainServer((socket) => socket.end("no TLS")));
    const looks = {
      addressesOf: () => Promise.resolve(["127.0.0.1"]),
      certificateOf: connectedCertificate,
    };
    const [, certificate] = await lookAtHost({ ...known, port }, looks);
    expect(certificate).to.include({ state: "wrong", subject: "certificate" });
    expect(certificate?.found).to.contain(`nothing answers for ${known.host}`);
  });

  for (const [what, certificate, state] of [
    ["covers the name for months", seen("Jun 1 00:00:00 2027 GMT", `DNS:*.${domain}`), "ok"],
    ["ends in days", seen("Jan 9 00:00:00 2027 GMT", `DNS:*.${domain}`), "warning"],
    ["has ended", seen("Dec 31 00:00:00 2026 GMT", `DNS:*.${domain}`), "wrong"],
    ["has no date", seen("never", `DNS:*.${domain}`), "wrong"],
    ["covers the domain alone", seen("Jun 1 00:00:00 2027 GMT", `DNS:${domain}`), "wrong"],
    [
      "is not trusted",
      seen("Jun 1 00:00:00 2027 GMT", `DNS:*.${domain}`, "self-signed"),
      "warning",
    ],
  ] as const) {
    it(`are ${state} with a certificate that ${what}`, () => {
      expect(judgeCertificate(known, certificate, now).state).to.equal(state);
    });
  }
});

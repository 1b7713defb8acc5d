import { expect } from "chai";
import { signInOf } from "#review/settings/signIn";
import { createAuthority } from "secure-environment-sandbox/bin/certificates.js";

const whole = { server: "https://203.0.113.10:6443", audience: "https://203.0.113.10:6443" };

describe("how runs sign in, in the settings", () => {
  let pem: string;
  let key: string;

  before(async () => {
    ({ certificate: pem, key } = await createAuthority("cluster"));
  });

  const encoded = (text: string) => Buffer.from(text).toString("base64");

  it("is left out, or a server and whom the token is for", () => {
    expect(signInOf(undefined)).to.deep.equal({ faults: [] });
    const { signIn, faults } = signInOf(whole);
    expect(faults).to.deep.equal([]);
    expect(signIn).to.deep.equal(whole);
  });

  it("has the certificates of the server's authorities, one or several", () => {
    for (const content of [pem, `${pem}\n${pem}`]) {
      const asked = { ...whole, certificateAuthority: encoded(content) };
      expect(signInOf(asked)).to.deep.equal({ faults: [], signIn: asked });
      const inPlain = { ...whole, certificateAuthority: content };
      const inBase64 = { ...whole, certificateAuthority: encoded(content.trim()) };
      expect(signInOf(inPlain)).to.deep.equal({ faults: [], signIn: inBase64 });
    }
  });

  it("has nothing else than certificates", () => {
    for (const certificateAuthority of [
      `${pem}${key}`,
      7,
      "",
      encoded("hello"),
      encoded(`${pem}${key}`),
      encoded(key),
      encoded(pem.replace(/[A-Za-z0-9+/]{40}\n/, "AAAA\n")),
    ]) {
      const { signIn, faults } = signInOf({ ...whole, certificateAuthority });
      expect(signIn, String(certificateAuthority)).to.equal(undefined);
      expect(faults.join()).to.match(/^signIn\.certificateAuthority is not what/);
      expect(faults.join()).not.to.contain(key.slice(40, 60));
    }
  });

  it("is told all that is wrong with it at once", () => {
    const { faults } = signInOf({ server: "http://a", audience: 7, token: "hunter2" });
    expect(faults.map((fault) => fault.split(" ")[0])).to.deep.equal([
      "signIn.token",
      "signIn.server",
      "signIn.audience",
    ]);
    expect(faults.join()).not.to.contain("hunter2");
  });

  for (const [value, words] of [
    ["corp", "signIn is no map"],
    [{ ...whole, server: "https://a:b@203.0.113.10" }, "signIn.server is no address"],
    [{ ...whole, server: "https://203.0.113.10/?a=b" }, "signIn.server is no address"],
    [{ ...whole, audience: "a b" }, "signIn.audience is no text"],
    [{ ...whole, exec: { command: "sh" } }, "signIn.exec is not known"],
  ] as const) {
    it(`is not ${JSON.stringify(value)}`, () => {
      const { signIn, faults } = signInOf(value);
      expect(signIn).to.equal(undefined);
      expect(faults.join()).to.contain(words);
    });
  }
});

import { expect } from "chai";
import fc from "fast-check";
import { hostForms, isOwnHost } from "#components/core/hosts";
import { maximumLabelLength } from "#components/core/dnsNames";

const domain = "review.example.com";
const namespace = "review-shop-login";

describe("a host of an environment", () => {
  for (const host of ["", "web.", "a.b.", "*.", "web--", "web-2--"]) {
    it(`is ${host}<namespace>.<domain>`, () => {
      expect(isOwnHost(`${host}${namespace}.${domain}`, namespace, domain)).to.equal(true);
    });
  }

  for (const host of ["web-", "web---", "-web--", "--", "a--b--", "*--", "a.web--", "WEB--"]) {
    it(`is never ${host}<namespace>.<domain>`, () => {
      expect(isOwnHost(`${host}${namespace}.${domain}`, namespace, domain)).to.equal(false);
    });
  }

  it("has a label of 63 characters at most", () => {
    const service = "w".repeat(maximumLabelLength - `--${namespace}`.length);
    expect(isOwnHost(`${service}--${namespace}.${domain}`, namespace, domain)).to.equal(true);
    expect(isOwnHost(`${service}w--${namespace}.${domain}`, namespace, domain)).to.equal(false);
  });

  it("is below the name alone of a namespace that looks like a service of another", () => {
    const hosts = ["", "web--", "web."].map((start) => `${start}a--b.${domain}`);
    expect(hosts.filter((host) => isOwnHost(host, "a--b", domain))).to.deep.equal([
      `web.a--b.${domain}`,
    ]);
  });

  it("is no host of another environment", () => {
    const label = fc.stringMatching(/^[ab]([ab-]{0,4}[ab])?$/);
    const start = fc.oneof(label, fc.constant(""));
    const part = fc.constantFrom("", ".", "--", "-");
    fc.assert(
      fc.property(label, label, start, part, (one, other, before, separator) => {
        fc.pre(one !== other);
        const host = `${before}${separator}${one}.${domain}`;
        const owners = [one, other].filter((owner) => isOwnHost(host, owner, domain));
        expect(owners.length, `${host} of ${owners.join(" and ")}`).to.be.lessThan(2);
      }),
      { numRuns: 5_000 },
    );
  });

  it("is described in all its forms", () => {
    expect(hostForms("d")).to.equal(
      "<namespace>.d, <anything>.<namespace>.d or <service>--<namespace>.d",
    );
  });
});

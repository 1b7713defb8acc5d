import { expect } from "chai";
import { annotatedAddress, ingressAddresses } from "#review/access/addresses";

describe("the address of an environment", () => {
  const annotated = (url?: string) =>
    annotatedAddress({
      metadata: { annotations: url === undefined ? {} : { "secure-environment/url": url } },
    });

  it("is what it says itself", () => {
    expect(annotated("https://shop.example.com/start")).to.equal("https://shop.example.com/start");
    expect(annotated()).to.equal(undefined);
  });

  for (const url of [
    "javascript:alert(1)",
    "file:///etc/passwd",
    "--help",
    "https://a:b@c.d",
    "",
  ]) {
    it(`is nothing that no browser should open: ${url}`, () => {
      expect(annotated(url)).to.equal(undefined);
    });
  }

  it("is each host of its ingresses, by https where there is a certificate", () => {
    const ingresses = [
      {
        spec: {
          tls: [{ hosts: ["a.example.com", "*.wild.example.com"] }],
          rules: [
            { host: "a.example.com" },
            { host: "b.example.com" },
            { host: "c.wild.example.com" },
            {},
          ],
        },
      },
      { spec: { rules: [{ host: "b.example.com" }] } },
      {},
    ];
    expect(ingressAddresses(ingresses)).to.deep.equal([
      "https://a.example.com",
      "http://b.example.com",
      "https://c.wild.example.com",
    ]);
  });

  it("is no host that stands for many", () => {
    expect(ingressAddresses([{ spec: { rules: [{ host: "*.example.com" }] } }])).to.deep.equal([]);
  });
});

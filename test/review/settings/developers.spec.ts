import { expect } from "chai";
import { developersIn } from "#review/settings/developers";

const whole = { issuer: "https://accounts.example.com/realms/dev", clientId: "cluster" };

describe("how developers sign in, in the settings", () => {
  it("is left out, or an identity provider and who asks it for what", () => {
    expect(developersIn(undefined)).to.deep.equal({ faults: [] });
    expect(developersIn(whole).developers).to.deep.equal({ ...whole, scopes: [] });
    const asked = { ...whole, scopes: ["groups", "api://cluster/.default"] };
    expect(developersIn(asked)).to.deep.equal({ faults: [], developers: asked });
  });

  for (const [value, words] of [
    ["corp", "developers is no map"],
    [{}, "developers.issuer is no address"],
    [{ ...whole, issuer: "http://accounts.example.com" }, "developers.issuer is no address"],
    [{ ...whole, issuer: "https://a:b@accounts.example.com" }, "developers.issuer is no address"],
    [{ ...whole, issuer: "https://a.example.com/ --x" }, "developers.issuer is no address"],
    [{ ...whole, clientId: 7 }, "developers.clientId is no text"],
    [{ ...whole, clientId: "a b" }, "developers.clientId is no text"],
    [{ ...whole, scopes: "groups" }, "developers.scopes is no list"],
    [{ ...whole, scopes: ["a b"] }, "developers.scopes is no list"],
    [{ ...whole, exec: { command: "sh" } }, "developers.exec is not known"],
    [{ ...whole, env: { LD_PRELOAD: "./steal.so" } }, "developers.env is not known"],
  ] as const) {
    it(`is not ${JSON.stringify(value)}`, () => {
      const { developers, faults } = developersIn(value);
      expect(developers).to.equal(undefined);
      expect(faults.join()).to.contain(words);
    });
  }
});

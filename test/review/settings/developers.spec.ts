import { expect } from "chai";
import { developersIn } from "#review/settings/developers";

describe("how developers sign in, in the settings", () => {
  it("is left out, or a command with its arguments and variables", () => {
    expect(developersIn(undefined)).to.deep.equal({ faults: [] });
    expect(developersIn({ exec: { command: "kubelogin" } }).developers).to.deep.equal({
      command: "kubelogin",
      args: [],
      env: {},
    });
    const exec = { command: "kubelogin", args: ["get-token"], env: { PROVIDER: "corp" } };
    expect(developersIn({ exec })).to.deep.equal({ faults: [], developers: exec });
  });

  for (const command of ["./steal", "/bin/sh", "bin/steal", "a b", "", "-x", 7, undefined]) {
    it(`is no command that a branch could bring: ${JSON.stringify(command)}`, () => {
      const { developers, faults } = developersIn({ exec: { command } });
      expect(developers).to.equal(undefined);
      expect(faults).to.have.length(1);
      expect(faults[0]).to.contain("exec.command is no name of a command of the search path");
    });
  }

  for (const [value, words] of [
    ["kubelogin", "developers is no map"],
    [{}, "developers is no map with the key exec"],
    [{ exec: { command: "a" }, token: "x" }, "developers.token is not known"],
    [{ exec: { command: "a", apiVersion: "v1" } }, "developers.exec.apiVersion is not known"],
    [{ exec: { command: "a", args: [1] } }, "args is no list of texts"],
    [{ exec: { command: "a", args: "x" } }, "args is no list of texts"],
    [{ exec: { command: "a", env: { A: 1 } } }, "env is no map of texts"],
    [{ exec: { command: "a", env: [] } }, "env is no map of texts"],
  ] as const) {
    it(`is not ${JSON.stringify(value)}`, () => {
      const { developers, faults } = developersIn(value);
      expect(developers).to.equal(undefined);
      expect(faults.join()).to.contain(words);
    });
  }
});

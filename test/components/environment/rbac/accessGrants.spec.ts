import { expect } from "chai";
import fc from "fast-check";
import { type AccessArgs, AccessPreset } from "secure-environment";
import { accessGrants } from "#components/environment/rbac/accessGrants";

describe("the grants of an environment", () => {
  it("let dev-users develop when nobody is named", () => {
    expect(accessGrants({})).to.deep.equal([
      { level: "developer", subjects: [{ kind: "Group", name: "dev-users" }] },
    ]);
  });

  it("let the developer group develop instead when one is named", () => {
    expect(accessGrants({ developerGroup: "shop" })).to.deep.equal([
      { level: "developer", subjects: [{ kind: "Group", name: "shop" }] },
    ]);
  });

  it("let nobody in when the list is empty", () => {
    expect(accessGrants({ access: [] })).to.deep.equal([]);
  });

  it("give service accounts a preset, the deployer's rights among them", () => {
    const account = { namespace: "argocd", name: "controller" };
    const subject = { kind: "ServiceAccount", ...account };
    expect(accessGrants({ access: [{ serviceAccount: account, preset: "deploy" }] })).to.deep.equal(
      [{ level: "deployer", subjects: [subject] }],
    );
    expect(accessGrants({ access: [{ serviceAccount: account, preset: "view" }] })).to.deep.equal([
      { level: "viewer", subjects: [subject] },
    ]);
  });

  it("put everybody of one level together", () => {
    const access: AccessArgs[] = [
      { group: "shop", readSecrets: true },
      { user: "jane", preset: "debug", readSecrets: true },
      { group: "support", preset: "view", readSecrets: false },
      { user: "joe", preset: "develop" },
    ];
    const [shop, jane, support, joe] = [
      { kind: "Group", name: "shop" },
      { kind: "User", name: "jane" },
      { kind: "Group", name: "support" },
      { kind: "User", name: "joe" },
    ];
    expect(accessGrants({ access })).to.deep.equal([
      { level: "viewer", subjects: [support] },
      { level: "developer", subjects: [shop, joe] },
      { level: "debugger", subjects: [jane] },
      { level: "secretReader", subjects: [shop, jane] },
    ]);
  });

  it("give everybody one preset, and secrets to those alone who are to read them", () => {
    const entries = fc.uniqueArray(
      fc.record({
        group: fc.string({ minLength: 1 }),
        preset: fc.constantFrom(...Object.values(AccessPreset)),
        readSecrets: fc.boolean(),
      }),
      { selector: ({ group }) => group },
    );
    fc.assert(
      fc.property(entries, (access) => {
        const grants = accessGrants({ access });
        for (const { group, readSecrets } of access) {
          const levels = grants
            .filter(({ subjects }) => subjects.some(({ name }) => name === group))
            .map(({ level }) => level);
          expect(levels.includes("secretReader")).to.equal(readSecrets);
          expect(levels.filter((level) => level !== "secretReader")).to.have.length(1);
        }
      }),
    );
  });
});

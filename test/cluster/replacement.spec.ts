import { expect } from "chai";
import { replacementProblems, type WantedNamespace } from "#cluster/replacement";

const labelsOf = (project: string, stack = "review-login") => ({
  "secure-environment/project": project,
  "secure-environment/stack": stack,
});
const wanted: WantedNamespace = {
  name: "review-shop-login",
  hasSuffix: false,
  labels: labelsOf("shop"),
};
const standing = { name: "review-shop-login", labels: labelsOf("shop"), uid: "u-1" };

describe("a run on a stack whose state has a namespace", () => {
  it("goes on where it stays, and where the state has none", () => {
    expect(replacementProblems(wanted, [standing], undefined)).to.deep.equal([]);
    expect(replacementProblems(wanted, [], undefined)).to.deep.equal([]);
  });

  it("goes on where it stays with its random suffix", () => {
    const suffixed = { ...standing, name: "review-shop-login-a1b2c3" };
    const run = { ...wanted, hasSuffix: true };
    expect(replacementProblems(run, [suffixed], undefined)).to.deep.equal([]);
  });

  const changes: Readonly<Record<string, readonly [WantedNamespace, string, string]>> = {
    "another project": [
      { ...wanted, name: "review-blog-login", labels: labelsOf("blog") },
      "review-shop-login",
      "make review-blog-login for the stack review-login of the project blog",
    ],
    "a random suffix": [
      { ...wanted, hasSuffix: true },
      "review-shop-login",
      "make review-shop-login-… for the stack review-login of the project shop",
    ],
    "no random suffix": [
      wanted,
      "review-shop-login-a1b2c3",
      "make review-shop-login for the stack review-login of the project shop",
    ],
  };
  for (const [change, [run, name, made]] of Object.entries(changes)) {
    it(`is refused with ${change}, which would delete it, and says what that would do`, () => {
      const [problem, ...others] = replacementProblems(run, [{ ...standing, name }], undefined);
      expect(others).to.deep.equal([]);
      expect(problem?.found).to.equal(name);
      expect(problem?.fault).to.equal(
        "stands, the stack review-login of the project shop made it, and this run would delete it " +
          `with everything in it, and ${made}`,
      );
      expect(problem?.remedy).to.contain(`set \`replaceNamespace\` to ${name} for this run`);
      expect(problem?.remedy).to.contain("`name` in Pulumi.yaml");
    });

    it(`goes on with ${change} where it names what it may replace, and nothing else`, () => {
      const stands = [{ ...standing, name }];
      expect(replacementProblems(run, stands, name)).to.deep.equal([]);
      expect(replacementProblems(run, stands, "review-shop")).to.have.length(1);
      expect(replacementProblems(run, stands, "true")).to.have.length(1);
    });
  }

  it("is refused where the name stays and the owner would not", () => {
    const run = { ...wanted, labels: labelsOf("blog") };
    const [problem] = replacementProblems(run, [standing], undefined);
    expect(problem?.fault).to.contain(
      "would give it to the stack review-login of the project blog",
    );
    expect(replacementProblems(run, [standing], standing.name)).to.deep.equal([]);
  });
});

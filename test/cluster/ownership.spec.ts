import { expect } from "chai";
import { describeOwner, ownershipOf } from "#cluster/ownership";

const wanted = { "secure-environment/project": "shop", "secure-environment/stack": "review-a" };

describe("an object that a stack wanted to create", () => {
  it("is absent when there is none", () => {
    expect(ownershipOf(wanted, undefined)).to.equal("absent");
  });

  it("is the stack's own when it says so, whatever else it says", () => {
    expect(ownershipOf(wanted, { ...wanted, team: "a" })).to.equal("own");
  });

  const foreign: Record<string, [Record<string, string> | undefined, Record<string, string>]> = {
    "it says nothing": [wanted, {}],
    "it names another stack": [wanted, { ...wanted, "secure-environment/stack": "review-b" }],
    "it names another project": [wanted, { ...wanted, "secure-environment/project": "blog" }],
    "it names the stack alone": [wanted, { "secure-environment/stack": "review-a" }],
    "neither says anything": [{}, {}],
    "the stack did not say who wants it": [undefined, wanted],
  };
  for (const [reason, [asked, found]] of Object.entries(foreign)) {
    it(`is foreign when ${reason}`, () => {
      expect(ownershipOf(asked, found)).to.equal("foreign");
    });
  }
});

describe("the owner of an object", () => {
  it("is named by project and stack", () => {
    expect(describeOwner(wanted)).to.equal("the stack review-a of the project shop made it");
  });

  it("is said to be unknown when the object names none", () => {
    expect(describeOwner({ team: "a" })).to.equal("it names no stack that made it");
  });
});

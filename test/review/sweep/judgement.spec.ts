import { expect } from "chai";
import { policies } from "#policy/policies/index";
import { forPermanentStacks, policiesWithProfile } from "#review/sweep/judgement";

describe("the configuration for stacks that stay", () => {
  it("gives their profile to all policies that ask for one, and to no other", () => {
    const asking = policies.filter(({ settings }) => "profile" in settings);
    expect(policiesWithProfile).to.have.members(asking.map(({ name }) => name));
    const configured = forPermanentStacks({});
    expect(Object.keys(configured)).to.have.members(policiesWithProfile);
    Object.values(configured).forEach((one) => expect(one).to.deep.equal({ profile: "permanent" }));
  });

  it("keeps what the settings say", () => {
    const [name = ""] = policiesWithProfile;
    const others = { "types-are-true": "advisory" };
    for (const [said, taken] of [
      ["disabled", "disabled"],
      ["advisory", { enforcementLevel: "advisory", profile: "permanent" }],
      [{ exceptions: [] }, { exceptions: [], profile: "permanent" }],
      [{ profile: "review" }, { profile: "permanent" }],
    ] as const) {
      const configured = forPermanentStacks({ ...others, [name]: said });
      expect(configured).to.deep.include({ ...others, [name]: taken });
    }
  });
});

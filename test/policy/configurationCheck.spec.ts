import { expect } from "chai";
import { type EnforcementLevel, reportConfiguration } from "#policy/configurationCheck";

const policies = [
  { name: "environment-has-quota", enforcementLevel: "mandatory" as const },
  { name: "environment-expires", enforcementLevel: "advisory" as const },
];

describe("the configuration of the policy pack", () => {
  it("has nothing against it when it is as strict as the pack, or stricter", () => {
    const strict: Record<string, EnforcementLevel>[] = [
      {},
      { all: "mandatory" },
      { "environment-has-quota": "mandatory", "environment-expires": "advisory" },
      { "environment-expires": "mandatory" },
    ];
    for (const levels of strict) {
      expect(reportOf(levels)).to.deep.equal({ problems: [], warnings: [] });
    }
  });

  it("is refused when it names a policy that there is not", () => {
    expect(
      reportConfiguration(
        new Map([
          ["environment-has-qouta", "advisory"],
          ["toString", "mandatory"],
        ]),
        policies,
      ).problems,
    ).to.deep.equal([
      "The configuration names the policy environment-has-qouta. Did you mean `environment-has-quota`?",
      "The configuration names the policy toString. Known are environment-has-quota, environment-expires.",
    ]);
  });

  it("is told when it weakens a policy", () => {
    expect(reportOf({ "environment-has-quota": "disabled" }).warnings).to.deep.equal([
      "The configuration switches the policy environment-has-quota off.",
    ]);
    expect(reportOf({ "environment-has-quota": "advisory" }).warnings).to.deep.equal([
      "By configuration, the policy environment-has-quota only advises.",
    ]);
    expect(reportOf({ "environment-expires": "disabled" }).warnings).to.have.length(1);
  });
});

function reportOf(levels: Readonly<Record<string, EnforcementLevel>>) {
  return reportConfiguration(new Map(Object.entries(levels)), policies);
}

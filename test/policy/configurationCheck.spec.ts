import { expect } from "chai";
import { type EnforcementLevel, reportConfiguration } from "#policy/configurationCheck";

const policies = [
  {
    name: "environment-has-quota",
    enforcementLevel: "mandatory" as const,
    configSchema: { properties: { requiredKeys: {}, exceptions: {} } },
  },
  { name: "environment-expires", enforcementLevel: "advisory" as const },
];

const now = "2026-01-01T00:00:00Z";

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
    const wrong = [
      ["environment-has-qouta", "advisory"],
      ["toString", "mandatory"],
    ] as const;
    expect(reportOf(Object.fromEntries(wrong)).problems).to.deep.equal([
      "The configuration names the policy environment-has-qouta. Did you mean `environment-has-quota`?",
      "The configuration names the policy toString. Known are environment-has-quota, environment-expires.",
    ]);
  });

  it("is refused when it names a setting that a policy has not", () => {
    const settings = { requiredKey: [], toString: 1, requiredKeys: [], exceptions: [] };
    const configured = [
      { name: "environment-has-quota", enforcementLevel: "mandatory" as const, settings },
    ];
    expect(reportConfiguration(configured, policies, now).problems).to.deep.equal([
      "The configuration of the policy environment-has-quota has the setting requiredKey. Did you mean `requiredKeys`?",
      "The configuration of the policy environment-has-quota has the setting toString. Known are requiredKeys, exceptions.",
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

  it("is told what it excepts, and what it does not except any more", () => {
    const exception = { resource: "env", reason: "a migration", expiresAt: "2026-01-02T00:00:00Z" };
    const exceptions = [
      exception,
      { ...exception, expiresAt: now },
      { ...exception, reason: " " },
      { ...exception, expiresAt: "someday" },
    ];
    expect(reportOn(exceptions)).to.deep.equal({
      problems: [],
      warnings: [
        "environment-has-quota: env is excepted until 2026-01-02T00:00:00Z: a migration",
        "environment-has-quota: env is not excepted (any more), as the exception until 2026-01-01T00:00:00Z does not hold: a migration",
        "environment-has-quota: env is not excepted (any more), as the exception until 2026-01-02T00:00:00Z does not hold:  ",
        "environment-has-quota: env is not excepted (any more), as the exception until someday does not hold: a migration",
      ],
    });
  });

  it("leaves exceptions that are none to the policy SDK", () => {
    const none = ["env", [null, "env", { resource: "env", reason: "a migration" }]];
    for (const exceptions of none) {
      expect(reportOn(exceptions)).to.deep.equal({ problems: [], warnings: [] });
    }
  });
});

function reportOf(levels: Readonly<Record<string, EnforcementLevel>>) {
  const configured = Object.entries(levels).map(([name, enforcementLevel]) => ({
    name,
    enforcementLevel,
    settings: {},
  }));
  return reportConfiguration(configured, policies, now);
}

function reportOn(exceptions: unknown) {
  const settings = { exceptions };
  const quota = { name: "environment-has-quota", enforcementLevel: "mandatory" as const, settings };
  return reportConfiguration([quota], policies, now);
}

import { expect } from "chai";
import { configuredQuota } from "#components/environment/capacity/configuredQuota";
import { judgeEnvironment } from "#components/environment/resolvedEnvironment";
import { type SecureEnvironmentArgs } from "#components/environment/secureEnvironmentArgs";

const origin = { pulumiProject: "shop", stack: "review-login" };

describe("the quota that a configuration asks for", () => {
  const cases: readonly (readonly [Record<string, string>, SecureEnvironmentArgs])[] = [
    [{}, {}],
    [{ "shop:size": "large", "shop:owner": "jane" }, { size: "large" }],
    [
      { "shop:size": "small", "shop:quota": '{"requests.cpu":2,"pods":"3"}' },
      { size: "small", quota: { "requests.cpu": "2", pods: "3" } },
    ],
    [{ "shop:mesh": "linkerd" }, { mesh: "linkerd", meshPorts: [8080] }],
    [
      {
        "shop:quota": '{"requests.cpu":"10m","limits.cpu":"20m"}',
        "shop:containerDefaults": '{"requests":{"cpu":"1m"},"limits":{"cpu":"2m"}}',
      },
      {
        quota: { "requests.cpu": "10m", "limits.cpu": "20m" },
        containerDefaults: { requests: { cpu: "1m" }, limits: { cpu: "2m" } },
      },
    ],
    [
      { "shop:deployerKinds": '[{"apiGroup":"acme.io","resource":"widgets"}]' },
      { deployerKinds: [{ apiGroup: "acme.io", resource: "widgets" }] },
    ],
  ];
  for (const [configuration, args] of cases) {
    it(`is the one that the program makes of ${JSON.stringify(configuration)}`, () => {
      const { environment, problems } = judgeEnvironment(args, origin);
      expect(problems).to.deep.equal([]);
      expect(quotaOf(configuration)).to.deep.equal(environment?.capacity.quota);
    });
  }

  it("goes by the keys of its own project alone", () => {
    expect(quotaOf({ "other:size": "large" })).to.deep.equal(quotaOf({}));
  });

  for (const [key, value] of [
    ["size", "huge"],
    ["quota", '{"requests.cpu":"much"}'],
    ["quota", '{"cpu":"4"}'],
    ["quota", '{"secure":"AAABAEQ="}'],
    ["quota", "[1]"],
    ["quota", '{"requests.cpu":"1m"}'],
  ] as const) {
    it(`is not known where the program refuses ${key} ${value}`, () => {
      expect(quotaOf({ [`shop:${key}`]: value })).to.equal(undefined);
    });
  }
});

function quotaOf(configuration: Readonly<Record<string, string>>) {
  return configuredQuota({ configuration, pulumiProject: "shop", secretKeys: [] });
}

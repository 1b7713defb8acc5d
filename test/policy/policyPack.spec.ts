import { expect } from "chai";
import { type ResourcePolicy, type StackPolicy } from "#policy/policy";
import { pulumiPoliciesOf } from "#policy/policyPack";
import {
  type AnalyzedResource,
  analyzeResource,
  analyzeStack,
  urnOf,
} from "./support/policyAnalyzer";

interface Settings {
  readonly level: string;
}

const described = {
  name: "nothing-is-allowed",
  description: "There is nothing.",
  threat: "There is something.",
  remediation: "Leave it out.",
  severity: "low",
  url: "https://example.com/",
  example: { bad: "new X()", good: "" },
  settings: { level: { type: "string", default: "all" } },
} as const;
const isThere = () => [{ property: "", fault: "is there", remedy: "Leave it out." }];
const nothingIsAllowed: ResourcePolicy<Settings> = { ...described, judge: isThere };
const resource: AnalyzedResource = { type: "kubernetes:core/v1:ConfigMap", name: "x" };
const exception = { resource: "x", reason: "a migration", expiresAt: "2026-01-02T00:00:00Z" };

const now = () => "2026-01-01T00:00:00Z";
const whatStands = "An update that is stopped by this makes nothing of it; what stands stays.";

async function messagesWith(settings: object): Promise<string[]> {
  const pulumiPolicies = pulumiPoliciesOf([nothingIsAllowed], now);
  const diagnoses = await analyzeResource(pulumiPolicies, resource, settings);
  return diagnoses.map(({ message }) => message);
}

describe("an exception", () => {
  for (const name of ["x", urnOf(resource)]) {
    it(`excuses ${name}`, async () => {
      expect(await messagesWith({ exceptions: [{ ...exception, resource: name }] })).to.deep.equal(
        [],
      );
    });
  }

  it("excuses nothing else", async () => {
    expect(await messagesWith({ exceptions: [{ ...exception, resource: "y" }] })).to.deep.equal([
      `ConfigMap x is there. Leave it out. ${whatStands}`,
    ]);
  });

  const broken: Readonly<Record<string, object>> = {
    "has expired": { expiresAt: "2026-01-01T00:00:00Z" },
    "has no reason": { reason: " " },
    "has no time of day": { expiresAt: "2027-01-31" },
    "is until a day that does not exist": { expiresAt: "2027-13-31T00:00:00Z" },
    "is until a day that its month does not have": { expiresAt: "2027-02-30T00:00:00Z" },
    "is until somewhen": { expiresAt: "someday" },
  };
  for (const [what, others] of Object.entries(broken)) {
    it(`does not hold when it ${what}`, async () => {
      expect(await messagesWith({ exceptions: [{ ...exception, ...others }] })).to.deep.equal([
        `ConfigMap x is there. Leave it out. ${whatStands} The exception for it does not hold (any more).`,
      ]);
    });
  }

  it("counts where another one for the same resource has expired", async () => {
    const expired = { ...exception, expiresAt: "2025-01-01T00:00:00Z" };
    expect(await messagesWith({ exceptions: [expired, exception] })).to.deep.equal([]);
  });
});

describe("a policy that fails", () => {
  const fail = () => {
    throw new TypeError("hunter2 is not iterable");
  };
  const remedy = "Write it as the documentation of Kubernetes describes it.";

  it("refuses the resource that it cannot judge, and tells nothing of it", async () => {
    const pulumiPolicies = pulumiPoliciesOf([{ ...described, judge: fail }], now);
    const diagnoses = await analyzeResource(pulumiPolicies, resource, {});
    expect(diagnoses.map(({ message }) => message)).to.deep.equal([
      `ConfigMap x cannot be judged. ${remedy} ${whatStands}`,
    ]);
  });

  it("refuses a resource that it cannot even read", () => {
    const [policy] = pulumiPoliciesOf([nothingIsAllowed], now);
    const messages: string[] = [];
    const args = { ...resource, urn: "x", opts: undefined, getConfig: () => ({}) };
    const { validateResource } = policy as unknown as {
      readonly validateResource: (args: object, report: (message: string) => void) => void;
    };
    validateResource(args, (message) => void messages.push(message));
    expect(messages).to.deep.equal([`ConfigMap x cannot be judged. ${remedy} ${whatStands}`]);
  });

  it("refuses the stack that it cannot judge, and leaves the other policies their say", async () => {
    const broken: StackPolicy<Settings> = { ...described, judgeStack: fail };
    const sound: StackPolicy<Settings> = {
      ...described,
      name: "nothing-stands",
      judgeStack: isThere,
    };
    const diagnoses = await analyzeStack(pulumiPoliciesOf([broken, sound], now), [resource], {});
    expect(diagnoses.map(({ message }) => message)).to.deep.equal([
      `The stack cannot be judged. ${remedy}`,
      "The stack is there. Leave it out.",
    ]);
  });
});

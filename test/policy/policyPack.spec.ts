import { expect } from "chai";
import { type ResourceGuarantee, type StackGuarantee } from "#policy/guarantee";
import { policiesOf } from "#policy/policyPack";
import {
  type AnalyzedResource,
  analyzeResource,
  analyzeStack,
  urnOf,
} from "../support/policyAnalyzer";

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
const isThere = () => [{ fault: "is there", remedy: "Leave it out." }];
const nothingIsAllowed: ResourceGuarantee<Settings> = { ...described, judge: isThere };
const resource: AnalyzedResource = { type: "kubernetes:core/v1:ConfigMap", name: "x" };
const exception = { resource: "x", reason: "a migration", expiresAt: "2026-01-02T00:00:00Z" };

/** What is said with these settings: as a violation, and beside it. */
async function saidWith(settings: object) {
  const told: string[] = [];
  const surroundings = {
    now: () => "2026-01-01T00:00:00Z",
    tell: (line: string) => void told.push(line),
  };
  const policies = policiesOf([nothingIsAllowed], surroundings);
  const diagnoses = await analyzeResource(policies, resource, settings);
  return { told, messages: diagnoses.map(({ message }) => message) };
}

describe("an exception", () => {
  for (const name of ["x", urnOf(resource)]) {
    it(`excuses ${name}, and is told`, async () => {
      expect(await saidWith({ exceptions: [{ ...exception, resource: name }] })).to.deep.equal({
        told: ["nothing-is-allowed: x is excepted until 2026-01-02T00:00:00Z: a migration"],
        messages: [],
      });
    });
  }

  it("excuses nothing else", async () => {
    expect(await saidWith({ exceptions: [{ ...exception, resource: "y" }] })).to.deep.equal({
      told: [],
      messages: ["ConfigMap x is there. Leave it out."],
    });
  });

  const broken: Readonly<Record<string, object>> = {
    "has expired": { expiresAt: "2026-01-01T00:00:00Z" },
    "has no reason": { reason: " " },
    "has no time of day": { expiresAt: "2027-01-31" },
    "is until a day that does not exist": { expiresAt: "2027-13-31T00:00:00Z" },
    "is until somewhen": { expiresAt: "someday" },
  };
  for (const [what, others] of Object.entries(broken)) {
    it(`does not hold when it ${what}`, async () => {
      expect(await saidWith({ exceptions: [{ ...exception, ...others }] })).to.deep.equal({
        told: [],
        messages: [
          "ConfigMap x is there. Leave it out. The exception for it does not hold (any more).",
        ],
      });
    });
  }
});

describe("the settings of a policy", () => {
  it("are refused when one of them is not known", async () => {
    const error = await saidWith({ level: "most", levle: "all" }).catch(String);
    expect(error).to.contain(
      "The configuration of the policy nothing-is-allowed has no setting levle. Known are level, exceptions.",
    );
  });
});

describe("a guarantee that fails", () => {
  const fail = () => {
    throw new TypeError("hunter2 is not iterable");
  };
  const silence = { now: () => "2026-01-01T00:00:00Z", tell: () => undefined };
  const remedy = "Write it as the documentation of Kubernetes describes it.";

  it("refuses the resource that it cannot judge, and tells nothing of it", async () => {
    const policies = policiesOf([{ ...described, judge: fail }], silence);
    const diagnoses = await analyzeResource(policies, resource, {});
    expect(diagnoses.map(({ message }) => message)).to.deep.equal([
      `ConfigMap x cannot be judged. ${remedy}`,
    ]);
  });

  it("refuses the stack that it cannot judge, and leaves the other guarantees their say", async () => {
    const broken: StackGuarantee<Settings> = { ...described, judgeStack: fail };
    const sound: StackGuarantee<Settings> = {
      ...described,
      name: "nothing-stands",
      judgeStack: isThere,
    };
    const diagnoses = await analyzeStack(policiesOf([broken, sound], silence), [resource], {});
    expect(diagnoses.map(({ message }) => message)).to.deep.equal([
      `The stack cannot be judged. ${remedy}`,
      "The stack is there. Leave it out.",
    ]);
  });
});

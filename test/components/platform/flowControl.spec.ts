import { expect } from "chai";
import { platformFlowSchemas, priorityLevels } from "#components/platform/flowControl";
import { type ReviewPlatformArgs } from "#components/platform/platformArgs";
import { validPlatform } from "#components/platform/validPlatform";

/** What the cluster's own levels have: `system`, `node-high`, … as the API server makes them. */
const sharesOfCluster = 245;

describe("shares of the API server", () => {
  it("are of pipelines, of environments and of developers, each a level of their own", () => {
    const args = {
      projects: [{ name: "shop" }, { name: "blog" }],
      developers: { groups: ["dev-users", "On Call"] },
    };
    expect(sharesOf(args)).to.deep.equal({
      "secure-environment-pipeline-shop": 5,
      "secure-environment-pipeline-blog": 5,
      "secure-environment-review-shop": 5,
      "secure-environment-review-blog": 5,
      "secure-environment-review": 3,
      "secure-environment-developers-dev-users": 3,
      "secure-environment-developers-on-call-c2fqtn": 3,
    });
  });

  it("leave the cluster its own, also with many projects", () => {
    const projects = Array.from({ length: 40 }, (_, index) => ({ name: `project${index}` }));
    const few = totalOf(sharesOf({ projects: projects.slice(0, 10) }));
    const many = totalOf(sharesOf({ projects }));
    expect(few / (few + sharesOfCluster)).to.be.below(0.11);
    expect(many / (many + sharesOfCluster)).to.be.below(0.27);
  });

  it("take no seats from others, and lend theirs", () => {
    for (const [name, level] of Object.entries(priorityLevels(settings))) {
      expect(level.limited, name).to.deep.include({
        borrowingLimitPercent: 0,
        lendablePercent: 50,
      });
    }
  });

  it("are those of all groups of a pipeline, whatever account or token it uses", () => {
    expect(subjectsOf("secure-environment-pipeline-shop")).to.deep.equal([
      { kind: "Group", group: { name: "system:serviceaccounts:secure-environment-pipeline-shop" } },
      { kind: "Group", group: { name: "ci:shop" } },
    ]);
  });

  it("are those of each group of developers, and of all who are listed by name", () => {
    expect(subjectsOf("secure-environment-developers-dev-users")).to.deep.equal([
      { kind: "Group", group: { name: "dev-users" } },
    ]);
    expect(subjectsOf("secure-environment-developers")).to.deep.equal([
      { kind: "User", user: { name: "vera" } },
    ]);
  });

  it("are all there for those who are put into them", () => {
    const levels = Object.keys(priorityLevels(settings));
    for (const [name, spec] of Object.entries(platformFlowSchemas(settings))) {
      expect(levels, name).to.include(levelOf(spec));
    }
  });
});

const settings = validPlatform({
  projects: [{ name: "shop", pipelineGroup: "ci:shop" }, { name: "blog" }],
  developers: { groups: ["dev-users", "dev-users"], users: ["vera"] },
});

function sharesOf(args: ReviewPlatformArgs): Record<string, number> {
  return Object.fromEntries(
    Object.entries(priorityLevels(validPlatform(args))).map(([name, { limited }]) => [
      name,
      (limited as { nominalConcurrencyShares: number }).nominalConcurrencyShares,
    ]),
  );
}

function totalOf(shares: Record<string, number>): number {
  return Object.values(shares).reduce((sum, share) => sum + share, 0);
}

function subjectsOf(flowSchema: string): unknown {
  const { rules } = platformFlowSchemas(settings)[flowSchema]!;
  return (rules as readonly { subjects: unknown }[])[0]!.subjects;
}

function levelOf({ priorityLevelConfiguration }: { priorityLevelConfiguration: unknown }): string {
  return (priorityLevelConfiguration as { name: string }).name;
}

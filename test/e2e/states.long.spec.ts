import { expect } from "chai";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { defineMeshes } from "./support/meshes/installation";
import { PlatformCluster } from "./support/platformScene";
import { ReviewProgram } from "./support/reviewProgram";
import {
  environments,
  fullPlatform,
  guardedEnvironments,
  platform,
  type StateConfiguration,
} from "./support/states/configurations";
import { bringUp, type FreshStack } from "./support/states/freshStacks";
import { fromFirstDifference, stateText } from "./support/states/stateText";

const folder = join(__dirname, "../../../test/e2e/states");
const onPurpose = "after a change on purpose, write the states anew with UPDATE_STATES=1";

/** The configurations, each with the one whose state its own is compared with. */
const configurations: readonly (readonly [StateConfiguration, StateConfiguration?])[] = [
  ...comparedWithFirst(environments),
  ...comparedWithFirst([platform, fullPlatform]),
  ...comparedWithFirst(guardedEnvironments),
];

describe("the state that a first run of a program leaves", function () {
  this.timeout(60_000);
  const clusters: PlatformCluster[] = [];
  const programs: ReviewProgram[] = [];
  const stacks = new Map<string, FreshStack | Error>();

  before("bring up every configuration", async function () {
    this.timeout(1_200_000);
    await Promise.all([bringUpEnvironmentsFirst(), bringUpPlatformFirst()]);
  });

  after("stop the sandboxes", async function () {
    programs.forEach((program) => program.remove());
    await Promise.all(clusters.map((cluster) => cluster.end()));
  });

  for (const [configuration, base] of configurations) {
    const { name } = configuration;

    it(`is as ${name} says`, () => {
      const { settings, resources } = stackOf(name);
      const compared = base && { name: base.name, resources: stackOf(base.name).resources };
      const text = stateText(settings, resources, compared);
      const committed = committedState(name, text);
      // Mocha cuts long texts before it shows how they differ.
      const part = fromFirstDifference(text, committed);
      expect(part, onPurpose).to.equal(fromFirstDifference(committed, text));
      expect(text === committed, onPurpose).to.equal(true);
    });

    it(`is what the next run with ${name} wants`, () => {
      const { preview } = stackOf(name);
      expect(preview.exitCode, preview.output).to.equal(0);
      expect(preview.output).to.match(/Resources:\n +\d+ unchanged\n/);
    });
  }

  it("is committed for every configuration and no other", () => {
    const names = configurations.map(([{ name }]) => `${name}.txt`);
    expect(readdirSync(folder)).to.have.members(names);
  });

  /** The platform's policies judge everything in a cluster: environments are there before it. */
  async function bringUpEnvironmentsFirst(): Promise<void> {
    const cluster = await startCluster();
    await bringUpEnvironments(cluster, environments);
    await bringUpPlatform(cluster, platform);
  }

  async function bringUpPlatformFirst(): Promise<void> {
    const cluster = await startCluster();
    await bringUpPlatform(cluster, fullPlatform);
    await bringUpEnvironments(cluster, guardedEnvironments);
  }

  async function startCluster(): Promise<PlatformCluster> {
    const cluster = await PlatformCluster.start();
    clusters.push(cluster);
    await defineMeshes(cluster.api);
    return cluster;
  }

  async function bringUpEnvironments(
    { sandbox }: PlatformCluster,
    wanted: readonly StateConfiguration[],
  ): Promise<void> {
    const program = new ReviewProgram(sandbox);
    programs.push(program);
    remember(await bringUp(program, "review", wanted));
  }

  async function bringUpPlatform(
    { program }: PlatformCluster,
    wanted: StateConfiguration,
  ): Promise<void> {
    remember(await bringUp(program, "platform", [wanted]));
  }

  function remember(fresh: readonly [string, FreshStack | Error][]): void {
    fresh.forEach(([name, stack]) => stacks.set(name, stack));
  }

  function stackOf(name: string): FreshStack {
    const stack = stacks.get(name);
    if (stack === undefined || stack instanceof Error) {
      throw stack ?? new Error(`No stack came up with the configuration ${name}.`);
    }
    return stack;
  }
});

function comparedWithFirst([first, ...others]: readonly [
  StateConfiguration,
  ...StateConfiguration[],
]): (readonly [StateConfiguration, StateConfiguration?])[] {
  return [[first], ...others.map((other) => [other, first] as const)];
}

/** The state as it is committed, once it is written anew if that was asked for. */
function committedState(name: string, text: string): string {
  const file = join(folder, `${name}.txt`);
  if (process.env.UPDATE_STATES === "1") {
    writeFileSync(file, text);
  }
  return readFileSync(file, "utf8");
}

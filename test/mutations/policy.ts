import { readdirSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { type Switch, switchedOff, switchesOf } from "./switches";
import { loadedFrom, passes, startAnew } from "./trials";

const repository = resolve(__dirname, "../../..");
const sources = join(repository, "policy");
const pack = join(sources, "bin");
const tests = join(repository, "bin", "test");
const folders = [pack, join(tests, "policy"), join(tests, "support")];

/** Files in which nothing is decided, and what only the engine calls. */
const leftOut = ["configurationGuard.ts", "index.ts", "policies.ts", "guarantees/index.ts"];

/** Specs about other things than the pack's code, and those that take a minute. */
const otherSpecs = ["bundle", "generatedEnvironments", "guaranteeCases", "policyAnalyzer"];

/** A spec that passes, and the files of the pack that it loads. */
interface Spec {
  readonly file: string;
  readonly loads: ReadonlySet<string>;
  readonly milliseconds: number;
}

/**
 * Switches each condition of the policy pack off, one after the other, and runs the pack's tests: a
 * condition that no test misses is a survivor. Ends with 1 when there is one. Arguments are files
 * of the pack to keep to, such as `guarantees/roles.ts`.
 */
async function main(wanted: readonly string[]): Promise<number> {
  const judged = filesBelow(sources, ".ts")
    .map((file) => relative(sources, file))
    .filter(isJudged);
  const unknown = wanted.filter((file) => !judged.includes(file));
  if (unknown.length > 0) {
    console.error(`Nothing is switched off in ${unknown.join(", ")}. Known are:`);
    judged.forEach((file) => console.error(`  ${file}`));
    return 1;
  }
  return survivorsIn(wanted.length === 0 ? judged : wanted);
}

async function survivorsIn(files: readonly string[]): Promise<number> {
  const specs = await measuredSpecs();
  let count = 0;
  let survivors = 0;
  for (const file of files) {
    const switches = switchesOf(join(sources, file));
    const surviving = await survivorsAmong(switches, specs);
    count += switches.length;
    survivors += surviving;
    console.log(`policy/${file}: ${switches.length} conditions, ${surviving} survive`);
  }
  console.log(`${count} conditions switched off, ${survivors} survivors`);
  return survivors === 0 ? 0 : 1;
}

function isJudged(file: string): boolean {
  return !file.startsWith("bin/") && !leftOut.includes(file);
}

/** The specs of the pack, the fastest first. */
async function measuredSpecs(): Promise<readonly Spec[]> {
  const specs: Spec[] = [];
  for (const file of filesBelow(join(tests, "policy"), ".spec.js")) {
    if (!otherSpecs.some((name) => file.endsWith(`/${name}.spec.js`))) {
      specs.push(await measuredSpec(file));
    }
  }
  return specs.toSorted((one, other) => one.milliseconds - other.milliseconds);
}

async function measuredSpec(file: string): Promise<Spec> {
  startAnew(folders);
  const start = performance.now();
  if (!(await passes(file))) {
    throw new Error(`${relative(repository, file)} fails without any change.`);
  }
  const milliseconds = performance.now() - start;
  return { file, loads: new Set(loadedFrom([pack])), milliseconds };
}

async function survivorsAmong(
  switches: readonly Switch[],
  specs: readonly Spec[],
): Promise<number> {
  let count = 0;
  for (const off of switches) {
    if (await survives(off, specs)) {
      count += 1;
      console.log(`survives: ${relative(repository, off.file)}:${off.line} ${off.text}`);
    }
  }
  return count;
}

async function survives(off: Switch, specs: readonly Spec[]): Promise<boolean> {
  const file = join(pack, relative(sources, off.file).replace(/\.ts$/, ".js"));
  startAnew(folders, { file, program: switchedOff(off) });
  for (const spec of specs.filter(({ loads }) => loads.has(file))) {
    if (!(await passes(spec.file))) {
      return false;
    }
  }
  return true;
}

function filesBelow(folder: string, ending: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(ending))
    .map((file) => join(folder, file))
    .toSorted();
}

main(process.argv.slice(2)).then(
  (exitCode) => (process.exitCode = exitCode),
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);

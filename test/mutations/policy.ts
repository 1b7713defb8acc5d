import { readdirSync, readFileSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { type Checked, checkedUnits, hashOf, writeCheckedUnits } from "./checked";
import {
  description,
  runCheck,
  select,
  type Selected,
  type Selection,
  type Unit,
} from "./selection";
import { type Switch, switchedOff, switchesOf } from "./switches";
import { loadedFrom, passes, startAnew } from "./trials";

const repository = resolve(__dirname, "../../..");
const sources = join(repository, "policy");
const pack = join(sources, "bin");
const tests = join(repository, "bin", "test");
const testFolders = [join(tests, "policy"), join(tests, "support")];
const folders = [pack, ...testFolders];

/** Files in which nothing is decided, and what only the engine calls. */
const leftOut = ["configurationGuard.ts", "index.ts", "pulumiPolicies.ts", "policies/index.ts"];

/** Specs about other things than the pack's code, and those that take a minute. */
const otherSpecs = ["bundle", "generatedEnvironments", "policyCases", "policyAnalyzer"];

/** A spec that passes, and what it loads. */
interface Spec {
  readonly name: string;
  readonly file: string;
  /** The files of the pack. */
  readonly loads: ReadonlySet<string>;
  /** The sources of the tests, its own among them. */
  readonly sources: readonly string[];
  readonly milliseconds: number;
}

/** How the trial of a file's conditions ended. */
interface Outcome {
  readonly survivors: number;
  /** The names of the specs that missed a condition. */
  readonly judges: readonly string[];
}

/**
 * Switches conditions of the policy pack off, one after the other, and runs the pack's tests: a
 * condition that no test misses is a survivor. Ends with 1 when there is one. These are the conditions
 * of files that have changed since they were checked, or whose judges have, and a random twentieth of
 * the others; all of them with `--all`. `--update` writes what was checked. Arguments are files of the
 * pack to keep to, such as `policies/roles.ts`.
 */
async function main(selection: Selection): Promise<number> {
  const files = filesBelow(sources, ".ts")
    .map((file) => relative(sources, file))
    .filter(isJudged);
  const unknown = selection.names.filter((file) => !files.includes(file));
  if (unknown.length > 0) {
    console.error(`Nothing is switched off in ${unknown.join(", ")}. Known are:`);
    files.forEach((file) => console.error(`  ${file}`));
    return 1;
  }
  const specs = await measuredSpecs();
  const chosen = select(unitsOf(files, specs), selection);
  console.log(`Files of the pack: ${description(chosen, selection)}.`);
  const remember = (name: string, checked: Checked) => {
    if (selection.update) {
      writeCheckedUnits("policy", files, { [name]: checked });
    }
  };
  return (await survivorsIn(chosen, specs, remember)) === 0 ? 0 : 1;
}

function unitsOf(files: readonly string[], specs: readonly Spec[]): Unit<Switch>[] {
  const checked = checkedUnits("policy");
  return files.map((name) => {
    const { sha256, judges = [] } = checked[name] ?? {};
    const isChecked = sha256 === hashWith(name, judges, specs);
    return { name, parts: switchesOf(join(sources, name)), isChecked };
  });
}

/** How many conditions survive. Files without a survivor are remembered one by one: a run may be ended. */
async function survivorsIn(
  chosen: readonly Selected<Switch>[],
  specs: readonly Spec[],
  remember: (name: string, checked: Checked) => void,
): Promise<number> {
  let survivors = 0;
  for (const { name, parts, isWhole } of chosen) {
    const outcome = await survivorsAmong(parts, specs);
    survivors += outcome.survivors;
    console.log(`policy/${name}: ${parts.length} conditions, ${outcome.survivors} survive`);
    if (isWhole && outcome.survivors === 0) {
      const { judges } = outcome;
      remember(name, { sha256: hashWith(name, judges, specs), judges });
    }
  }
  const count = chosen.flatMap(({ parts }) => parts).length;
  console.log(`${count} conditions switched off, ${survivors} survivors`);
  return survivors;
}

/** Of a file, of the conditions that are switched off in it, and of the specs that judged it. */
function hashWith(name: string, judges: readonly string[], specs: readonly Spec[]): string {
  const file = join(sources, name);
  const switches = switchesOf(file).map(({ start, end, replacement }) => [start, end, replacement]);
  const judgedBy = judges.map((judge) =>
    specs.filter((spec) => spec.name === judge).flatMap((spec) => spec.sources.map(textOf)),
  );
  return hashOf([textOf(file), switches, judgedBy]);
}

function textOf(file: string): string {
  return readFileSync(file, "utf8");
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
  const name = basename(file, ".spec.js");
  const loads = new Set(loadedFrom([pack]));
  return { name, file, loads, sources: loadedFrom(testFolders).map(sourceOf), milliseconds };
}

async function survivorsAmong(
  switches: readonly Switch[],
  specs: readonly Spec[],
): Promise<Outcome> {
  const judges = new Set<string>();
  let survivors = 0;
  for (const off of switches) {
    const judge = await judgeOf(off, specs);
    if (judge === undefined) {
      survivors += 1;
      console.log(`survives: ${relative(repository, off.file)}:${off.line} ${off.text}`);
    } else {
      judges.add(judge.name);
    }
  }
  return { survivors, judges: [...judges].toSorted() };
}

/** The first spec that misses the condition; none when it survives. */
async function judgeOf(off: Switch, specs: readonly Spec[]): Promise<Spec | undefined> {
  const file = join(pack, relative(sources, off.file).replace(/\.ts$/, ".js"));
  startAnew(folders, { file, program: switchedOff(off) });
  for (const spec of specs.filter(({ loads }) => loads.has(file))) {
    if (!(await passes(spec.file))) {
      return spec;
    }
  }
  return undefined;
}

function sourceOf(file: string): string {
  return join(repository, "test", relative(tests, file)).replace(/\.js$/, ".ts");
}

function filesBelow(folder: string, ending: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(ending))
    .map((file) => join(folder, file))
    .toSorted();
}

runCheck(main);

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Progress } from "../console";
import { type EngineReport, refusals } from "../engine/engineReport";
import { withProjectFolder } from "../engine/projectFolder";
import { branchOf } from "../environment/branch";
import { createStack, policyArguments, runEngine } from "../environment/environmentRun";
import { expiryConfiguration } from "../environment/expiry";
import { withProgram } from "../environment/program";
import { givenConfiguration } from "../environment/runConfiguration";
import { type Target, targetOf } from "../environment/target";
import { exitCodes, ReviewError } from "../exitCodes";
import { withScratchFolder } from "../scratchFolder";
import { readSettings } from "../settings/reviewSettings";
import { reportedOfBranch } from "./reported";

/** How an environment is checked before there is one. */
export interface CheckOptions {
  /** The folder of the settings. */
  readonly settings: string;
  /** Configuration of this run alone, as `key=value`. */
  readonly set: readonly string[];
  /** The folder whose settings configure the policy pack, when it is not that of the settings. */
  readonly policies?: string;
  readonly json?: boolean;
}

/** What came of it, for programs that read it. */
interface CheckResult {
  readonly stack: string;
  /** How many resources would be created. */
  readonly changes: Readonly<Record<string, number>>;
  readonly warnings: readonly string[];
}

/**
 * Says what `up` would make of a branch, and whether the policy pack refuses it: by a preview in a state
 * backend of its own, which ends with it. It knows no cluster, and is given no credentials.
 *
 * @throws ReviewError with 5 when the pack refuses it, else when something is wrong with it.
 */
export async function check(given: string | undefined, options: CheckOptions): Promise<void> {
  const known = targetOf(readSettings(options.settings), branchOf(given));
  const target = judgedAsSaid(known, options);
  await reportedOfBranch(
    target,
    options,
    async (progress): Promise<CheckResult> => {
      const { changes, warnings } = await preview(target, options, progress);
      return { stack: target.stack, changes, warnings };
    },
    describe,
  );
}

/** Whoever changes the settings does not choose how they are judged. */
function judgedAsSaid({ settings, ...target }: Target, { policies }: CheckOptions): Target {
  return policies === undefined
    ? { ...target, settings }
    : { ...target, settings: { ...settings, policies: readSettings(policies).policies } };
}

function describe({ stack, changes, warnings }: CheckResult): string {
  return [
    ...warnings.map((warning) => `warning: ${warning}`),
    `${stack} may come up: ${changes["create"] ?? 0} resources would be created, and the policy pack refuses none. ` +
      "`review up` makes it.",
  ].join("\n");
}

async function preview(
  target: Target,
  options: CheckOptions,
  progress: Progress,
): Promise<EngineReport> {
  return withScratchFolder((scratch) => {
    const scratchTarget = inScratchBackend(target);
    const { settings } = scratchTarget;
    return withProjectFolder(settings, configurationOf(target, options), async (project) => {
      const environment = isolatedEnvironment(scratch);
      const run = { target: scratchTarget, project, progress, wait: 0, environment };
      progress.step(`Checking what ${target.stack} would be`);
      await createStack(run);
      const args = ["preview", "--config-file", project.settingsFile, ...policyArguments(run)];
      const report = await withProgram(
        target,
        (client, folder) => runEngine(run, [...args, ...client], { folder }),
        environment,
      );
      refuse(target, report);
      return report;
    });
  });
}

/** In a backend of files the owner of all stacks is called `organization`. */
function inScratchBackend({ settings, ...target }: Target): Target {
  return { ...target, settings: { ...settings, backend: undefined, organization: "organization" } };
}

/** A state backend that ends with the run, and a cluster that leads nowhere. */
function isolatedEnvironment(scratch: string): NodeJS.ProcessEnv {
  const kubeconfig = join(scratch, "kubeconfig.json");
  const cluster = { server: "http://127.0.0.1:9" };
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      "current-context": "nowhere",
      contexts: [{ name: "nowhere", context: { cluster: "nowhere", user: "nobody" } }],
      clusters: [{ name: "nowhere", cluster }],
      users: [{ name: "nobody", user: {} }],
    }),
  );
  return {
    KUBECONFIG: kubeconfig,
    PULUMI_BACKEND_URL: pathToFileURL(scratch).href,
    PULUMI_CONFIG_PASSPHRASE: "",
    // Without it a preview tells what it came to, and not what the pack objects to.
    PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true",
  };
}

/** The cluster of the settings is none of this run's. */
function configurationOf(target: Target, { set }: CheckOptions): Readonly<Record<string, unknown>> {
  const expiry = expiryConfiguration(target.settings.lifetime, []);
  const configuration = givenConfiguration(target, set, expiry);
  return Object.fromEntries(
    Object.entries(configuration).filter(
      ([key]) =>
        !["kubernetes:context", "kubernetes:cluster", "kubernetes:kubeconfig"].includes(key),
    ),
  );
}

function refuse({ stack }: Target, { exitCode, errors, violations }: EngineReport): void {
  if (exitCode !== exitCodes.done) {
    const lines = [...refusals(violations), ...errors];
    throw new ReviewError([...lines, `${stack} may not come up.`].join("\n"), exitCode);
  }
}

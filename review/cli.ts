import { Argument, Command } from "commander";
import { type CheckOptions } from "./commands/check";
import { type CommentOptions } from "./commands/comment";
import { type CredentialOptions } from "./commands/credential";
import { type DestroyOptions } from "./commands/destroy";
import { type DoctorOptions } from "./commands/doctor";
import { type ExtendOptions } from "./commands/extend";
import { type InitOptions } from "./commands/init";
import { type KubeconfigOptions } from "./commands/kubeconfig";
import { type ListOptions } from "./commands/list";
import { type OpenOptions } from "./commands/open";
import { type ReapCommandOptions } from "./commands/reap";
import { type SleepOptions } from "./commands/sleep";
import { type SweepOptions } from "./commands/sweep";
import { type UpOptions } from "./commands/up";
import { type WakeOptions } from "./commands/wake";
import { printable } from "./console";
import { exitCodeMeanings, exitCodes, ReviewError } from "./exitCodes";
import { type Shell, shells } from "./shells";
import { withWholePaths } from "./wholePaths";

const exitCodesHelp = [
  "",
  "Exit codes:",
  ...Object.entries(exitCodeMeanings).map(([code, meaning]) => `  ${code.padEnd(4)}${meaning}`),
].join("\n");

const resultOption = [
  "--result <file>",
  "write what came of it as JSON, for a later step such as `review comment`",
] as const;
const variablesOption = [
  "--variables <file>",
  "append NAMESPACE, STACK and URL as NAME=value, for later jobs",
] as const;

/** What each verb loads it loads when it is used. */
function createProgram(): Command {
  const program = new Command("review")
    .description("Review environments: one Pulumi stack for every branch.")
    .showHelpAfterError("(see `review --help`)")
    .addHelpText("after", exitCodesHelp)
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : exitCodes.usage));
  addInit(program);
  addRuns(program);
  addReap(program);
  addRests(program);
  addLooks(program);
  addCompletion(program);
  addCredential(program);
  return program;
}

/** What brings review environments to a repository. */
function addInit(program: Command): void {
  withSettings(program.command("init"))
    .description("write the settings and the pipeline of this repository; overwrites nothing")
    .option("--host <host>", "whose pipeline: github or gitlab; found out where that can be told")
    .addHelpText("after", examples("init", "init --settings environments --host gitlab"))
    .action(async (options: InitOptions) => (await import("./commands/init.js")).init(options));
}

/** What makes, changes and removes environments. */
function addRuns(program: Command): void {
  withRun(ofBranch(program.command("up")))
    .description("bring the environment of a branch up, or up to date; safe to repeat")
    .option(...resultOption)
    .option(...variablesOption)
    .option("--still-open <command>", "do nothing when this shell command fails")
    .addHelpText("after", examples("up", "up feature/login --set size=large --wait 30m"))
    .action(async (branch: string | undefined, options: UpOptions) => {
      const { up } = await import("./commands/up.js");
      await up(branch, options);
    });
  withRun(ofBranch(program.command("extend")))
    .description("set when the environment of a branch may be removed; brings it up to date, too")
    .option(...resultOption)
    .option(...variablesOption)
    .option("--for <duration>", "how long it stays from now on, such as 3d")
    .option("--until <instant>", "until when it stays, such as 2027-01-31T18:00:00Z")
    .addHelpText(
      "after",
      examples("extend --for 3d", "extend feature/login --until 2027-01-31T18:00:00Z"),
    )
    .action(async (branch: string | undefined, options: ExtendOptions) => {
      const { extend } = await import("./commands/extend.js");
      await extend(branch, options);
    });
  ofBranch(program.command("destroy"))
    .description("remove the environment of a branch and its stack; nothing there is fine")
    .option("--wait <duration>", "how long to wait for another run, and for the end", "10m")
    .option(...resultOption)
    .option("--lost-state", "delete a namespace that names the stack, and that no state has")
    .addHelpText("after", examples("destroy feature/login"))
    .action(async (branch: string | undefined, options: DestroyOptions) => {
      const { destroy } = await import("./commands/destroy.js");
      await destroy(branch, options);
    });
}

/** What removes many environments at once. */
function addReap(program: Command): void {
  withSettings(program.command("reap"))
    .description(
      "remove expired, closed and idle environments, and stacks without one; without --yes a dry run",
    )
    .option("--open-branches <file>", "the open branches, one a line: others are closed")
    .option("--open-branches-from <command>", "the same, printed by a shell command")
    .option("--idle <duration>", "remove what had no run and no new pod for so long, such as 14d")
    .option("--at-most <count>", "how many go in one run at most; 10 unless the settings say else")
    .option("--yes", "remove without asking")
    .option("--wait <duration>", "how long to wait for another run, and for each end", "10m")
    .addHelpText("after", examples("reap", "reap --open-branches-from 'cat branches.txt' --yes"))
    .action(async (options: ReapCommandOptions) => {
      const { reap } = await import("./commands/reap.js");
      await reap(options);
    });
}

/** What has an environment take nothing for a while, and its workloads run again. */
function addRests(program: Command): void {
  ofBranch(program.command("sleep"))
    .description("scale the workloads of an environment to zero, until it is woken; safe to repeat")
    .option("--wait <duration>", "how long to wait until its pods are gone; not at all by default")
    .addHelpText("after", examples("sleep", "sleep feature/login --wait 2m"))
    .action(async (branch: string | undefined, options: SleepOptions) => {
      const { sleep } = await import("./commands/sleep.js");
      await sleep(branch, options);
    });
  ofBranch(program.command("wake"))
    .description(
      "have the workloads of an environment run again as before its sleep; safe to repeat",
    )
    .addHelpText("after", examples("wake", "wake feature/login"))
    .action(async (branch: string | undefined, options: WakeOptions) => {
      const { wake } = await import("./commands/wake.js");
      await wake(branch, options);
    });
}

/** What looks at environments, and lets people in. */
function addLooks(program: Command): void {
  withSet(ofBranch(program.command("check")))
    .description("say whether the environment of a branch may come up; asks no cluster")
    .option("--policies <folder>", "the folder whose settings configure the policy pack")
    .addHelpText("after", examples("check", "check feature/login --json"))
    .action(async (branch: string | undefined, options: CheckOptions) => {
      const { check } = await import("./commands/check.js");
      await check(branch, options);
    });
  withSettings(program.command("list"))
    .description("list environments: state, owner, age, expiry, and what is used of what")
    .option("--all", "of all projects of the backend and the cluster")
    .addHelpText("after", examples("list", "list --all --json"))
    .action(async (options: ListOptions) => {
      const { list } = await import("./commands/list.js");
      await list(options);
    });
  withSettings(program.command("sweep"))
    .description(
      "judge all stacks by the policy pack, and find what was left behind; changes nothing",
    )
    .option("--all", "of all projects of the backend and the cluster")
    .addHelpText("after", examples("sweep", "sweep --all --json"))
    .action(async (options: SweepOptions) => (await import("./commands/sweep.js")).sweep(options));
  ofBranch(program.command("kubeconfig"))
    .description("write a kubeconfig of its own for an environment, and print how to use it")
    .option("--file <file>", "where to; defaults to a file below ~/.local/state")
    .option("--duration <duration>", "how long the deployer's token is good", "1h")
    .option("--developer", "for a developer, who signs in as the settings say")
    .addHelpText("after", examples("kubeconfig feature/login --duration 30m"))
    .action(async (branch: string | undefined, options: KubeconfigOptions) => {
      const { kubeconfig } = await import("./commands/kubeconfig.js");
      await kubeconfig(branch, options);
    });
  ofBranch(program.command("open"))
    .description("print where an environment answers, and open it; or forward a port of it")
    .option("--port-forward [service:port]", "lead a port on loopback there, until Ctrl-C")
    .addHelpText("after", examples("open", "open feature/login --port-forward web:80"))
    .action(async (branch: string | undefined, options: OpenOptions) => {
      const { open } = await import("./commands/open.js");
      await open(branch, options);
    });
  ofBranch(program.command("comment"))
    .description("tell on the pull or merge request how the environment is; in a pipeline")
    .requiredOption("--result <file>", "what `up`, `extend` or `destroy` wrote with --result")
    .addHelpText("after", examples("comment --result result.json"))
    .action(async (branch: string | undefined, options: CommentOptions) => {
      const { comment } = await import("./commands/comment.js");
      await comment(branch, options);
    });
  withSettings(program.command("doctor"))
    .description("say whether everything is right here, and what to do about it; changes nothing")
    .argument("[branch]", "the branch whose environment is looked at, too")
    .option("--stack <stack>", "say what holds the deletion of this stack's objects, and no more")
    .addHelpText("after", examples("doctor", "doctor feature/login --json"))
    .action(async (branch: string | undefined, options: DoctorOptions) => {
      const { doctor } = await import("./commands/doctor.js");
      await doctor(branch, options);
    });
  program
    .command("name")
    .description("print the name of a branch's stack, such as review-feature-login-x1y2z3")
    .argument("<branch>", "the branch, in full")
    .option("--config-file <file>", "refuse what reservedNames in the file of pulumi's flag names")
    .action(async (branch: string, { configFile }: { configFile?: string }) => {
      const { nameOf } = await import("./commands/name.js");
      console.log(nameOf(branch, configFile));
    });
}

/** What a shell asks of the command. */
function addCompletion(program: Command): void {
  program
    .command("completion")
    .description("print the script that has a shell complete verbs, options and branches")
    .addArgument(new Argument("<shell>", "the shell").choices(shells))
    .addHelpText("after", '\nExamples:\n  eval "$(review completion bash)"')
    .action(async (shell: Shell) => {
      const { completion } = await import("./commands/completion.js");
      completion(program, shell);
    });
}

/** What kubeconfigs call, and people do not. */
function addCredential(program: Command): void {
  program
    .command("credential", { hidden: true })
    .requiredOption("--audience <audience>", "whom the token is for")
    .action(async (options: CredentialOptions) => {
      const { credential } = await import("./commands/credential.js");
      await credential(options);
    });
}

function withSettings(command: Command): Command {
  return command
    .option("--settings <folder>", "the folder of review.yaml, or of Pulumi.yaml", ".")
    .option("--json", "print the result as JSON");
}

function ofBranch(command: Command): Command {
  const branch = "the branch, in full; defaults to the one of the pipeline or checkout";
  return withSettings(command).argument("[branch]", branch);
}

function withSet(command: Command): Command {
  const set = "configuration of this run; may be repeated";
  return command.option("--set <key=value>", set, collected, []);
}

function withRun(command: Command): Command {
  return withSet(command)
    .option("--wait <duration>", "how long to wait for another run, or a deletion", "10m")
    .option("--no-refresh", "believe the state, and do not look for changes by hand")
    .option("--no-policy", "do not judge the run by the policy pack");
}

function collected(value: string, values: readonly string[]): readonly string[] {
  return [...values, value];
}

function examples(...commands: readonly string[]): string {
  return ["", "Examples:", ...commands.map((command) => `  review ${command}`)].join("\n");
}

function tell(error: unknown): void {
  if (!(error instanceof ReviewError)) {
    throw error;
  }
  console.error(`error: ${printable(error.message)}`);
  process.exitCode = error.exitCode;
}

// A terminal that hangs up takes no more words; what runs ends in good order all the same.
[process.stdout, process.stderr].forEach((stream) => stream.on("error", () => undefined));
Object.assign(process.env, withWholePaths(process.env));
createProgram().parseAsync().catch(tell);

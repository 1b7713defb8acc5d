import { Command } from "commander";
import { doctor } from "./commands/doctor";
import { exitCodes, ReviewError } from "./exitCodes";
import { look } from "./commands/look";
import { nameOf } from "./commands/name";
import { recover } from "./commands/recover";
import { sweep } from "./commands/sweep";
import { withWholePaths } from "./wholePaths";
import { type CheckOptions } from "./commands/check";
import { type ExtendOptions } from "./commands/extend";
import { type DestroyOptions } from "./commands/destroy";
import { type KubeconfigOptions } from "./commands/kubeconfig";
import { type ListOptions } from "./commands/list";
import { type OpenOptions } from "./commands/open";
import { type UpOptions } from "./commands/up";

function createProgram(): Command {
  const program = new Command("review")
    .description("Review environments: one Pulumi stack for every branch.")
    .showHelpAfterError("(see `review --help`)")
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : exitCodes.usage));
  program
    .command("up")
    .description("bring the environment of a branch up, or up to date; safe to repeat")
    .argument("[branch]", "the branch, in full; defaults to the one of the pipeline or checkout")
    .option("--settings <folder>", "the folder of review.yaml, or of Pulumi.yaml", ".")
    .option("--set <key=value>", "configuration of this run; may be repeated", collected, [])
    .option("--wait <duration>", "how long to wait for another run", "10m")
    .option("--still-open <command>", "do nothing when this shell command fails")
    .option("--no-refresh", "believe the state, and do not look for changes by hand")
    .option("--no-policy", "do not judge the run by the policy pack")
    .option("--json", "print the result as JSON")
    .action(async (branch: string | undefined, options: UpOptions) => {
      const { up } = await import("./commands/up.js");
      await up(branch, options);
    });
  program
    .command("extend")
    .description("set when the environment of a branch may be removed; brings it up to date, too")
    .argument("[branch]", "the branch, in full; defaults to the one of the pipeline or checkout")
    .option("--for <duration>", "how long it stays from now on, such as 3d")
    .option("--until <instant>", "until when it stays, such as 2027-01-31T18:00:00Z")
    .option("--settings <folder>", "the folder of review.yaml, or of Pulumi.yaml", ".")
    .option("--set <key=value>", "configuration of this run; may be repeated", collected, [])
    .option("--wait <duration>", "how long to wait for another run", "10m")
    .option("--no-refresh", "believe the state, and do not look for changes by hand")
    .option("--no-policy", "do not judge the run by the policy pack")
    .option("--json", "print the result as JSON")
    .action(async (branch: string | undefined, options: ExtendOptions) => {
      const { extend } = await import("./commands/extend.js");
      await extend(branch, options);
    });
  program
    .command("check")
    .description("say whether the environment of a branch may come up; asks no cluster")
    .argument("[branch]", "the branch, in full; defaults to the one of the pipeline or checkout")
    .option("--settings <folder>", "the folder of review.yaml, or of Pulumi.yaml", ".")
    .option("--set <key=value>", "configuration of this run; may be repeated", collected, [])
    .option("--json", "print the result as JSON")
    .action(async (branch: string | undefined, options: CheckOptions) => {
      const { check } = await import("./commands/check.js");
      await check(branch, options);
    });
  program
    .command("destroy")
    .description("remove the environment of a branch and its stack; nothing there is fine")
    .argument("[branch]", "the branch, in full; defaults to the one of the pipeline or checkout")
    .option("--settings <folder>", "the folder of review.yaml, or of Pulumi.yaml", ".")
    .option("--wait <duration>", "how long to wait for another run", "10m")
    .option("--lost-state", "delete a namespace that names the stack, and that no state has")
    .option("--json", "print the result as JSON")
    .action(async (branch: string | undefined, options: DestroyOptions) => {
      const { destroy } = await import("./commands/destroy.js");
      await destroy(branch, options);
    });
  program
    .command("list")
    .description("list environments: state, owner, age, expiry, and what is used of what")
    .option("--settings <folder>", "the folder of review.yaml, or of Pulumi.yaml", ".")
    .option("--all", "of all projects of the backend and the cluster")
    .option("--json", "print the result as JSON")
    .action(async (options: ListOptions) => {
      const { list } = await import("./commands/list.js");
      await list(options);
    });
  program
    .command("kubeconfig")
    .description('write a kubeconfig of its own for an environment: eval "$(review kubeconfig)"')
    .argument("[branch]", "the branch, in full; defaults to the one of the pipeline or checkout")
    .option("--settings <folder>", "the folder of review.yaml, or of Pulumi.yaml", ".")
    .option("--file <file>", "where to; defaults to a file below ~/.local/state")
    .option("--duration <duration>", "how long the deployer's token is good", "1h")
    .option("--developer", "for a developer, who signs in as the settings say")
    .option("--json", "print the result as JSON")
    .action(async (branch: string | undefined, options: KubeconfigOptions) => {
      const { kubeconfig } = await import("./commands/kubeconfig.js");
      await kubeconfig(branch, options);
    });
  program
    .command("open")
    .description("print where an environment answers, and open it; or forward a port of it")
    .argument("[branch]", "the branch, in full; defaults to the one of the pipeline or checkout")
    .option("--settings <folder>", "the folder of review.yaml, or of Pulumi.yaml", ".")
    .option("--port-forward [service:port]", "lead a port on loopback there, until Ctrl-C")
    .option("--json", "print the result as JSON")
    .action(async (branch: string | undefined, options: OpenOptions) => {
      const { open } = await import("./commands/open.js");
      await open(branch, options);
    });
  program
    .command("name")
    .description("print the name of a branch's stack, such as review-feature-login-x1y2z3")
    .argument("<branch>", "the branch, in full")
    .option("--config-file <file>", "refuse what reservedNames in the file of pulumi's flag names")
    .action((branch: string, { configFile }: { configFile?: string }) =>
      console.log(nameOf(branch, configFile)),
    );
  program
    .command("recover")
    .description("put a stack in order whose run was killed; no other run may be at work on it")
    .argument("<stack>", "the stack, such as review-feature-login-x1y2z3")
    .action(recover);
  program
    .command("doctor")
    .description("say what holds the deletion of a stack's objects; changes nothing")
    .argument("<stack>", "the stack, such as review-feature-login-x1y2z3")
    .action(doctor);
  program
    .command("look")
    .description(
      "say whether a stack may be destroyed: whether its namespace is its own; changes nothing",
    )
    .argument("<stack>", "the stack, such as organization/shop/review-feature-login-x1y2z3")
    .option("--program <folder>", "the folder of the program, whose settings name the project", ".")
    .action(look);
  program
    .command("sweep")
    .description(
      "find namespaces whose stack is gone, and stacks whose namespace is; changes nothing",
    )
    .option("--except <stacks...>", "stacks that are no review environments", [])
    .option("--project <projects...>", "look for namespaces of these projects alone", [])
    .action(sweep);
  return program;
}

function collected(value: string, values: readonly string[]): readonly string[] {
  return [...values, value];
}

function tell(error: unknown): void {
  if (!(error instanceof ReviewError)) {
    throw error;
  }
  console.error(`error: ${error.message}`);
  process.exitCode = error.exitCode;
}

Object.assign(process.env, withWholePaths(process.env));
createProgram().parseAsync().catch(tell);

import { relative } from "node:path";
import Mocha from "mocha";

const { EVENT_HOOK_END, EVENT_RUN_END, EVENT_TEST_END } = Mocha.Runner.constants;

/** How many of the slowest files are named. */
const named = 8;

/** Mocha's `spec` report, closed by what took longest and one plain line that a pipeline can read. */
class Reporter extends Mocha.reporters.Spec {
  private readonly milliseconds = new Map<string, number>();

  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    runner.on(EVENT_TEST_END, (test) => this.add(test));
    runner.on(EVENT_HOOK_END, (hook) => this.add(hook));
    runner.once(EVENT_RUN_END, () => this.close());
  }

  private add({ file, duration = 0 }: Mocha.Runnable): void {
    if (file !== undefined) {
      this.milliseconds.set(file, (this.milliseconds.get(file) ?? 0) + duration);
    }
  }

  private close(): void {
    const slowest = [...this.milliseconds].sort(([, one], [, other]) => other - one);
    console.log("Slowest files, in seconds:");
    for (const [file, milliseconds] of slowest.slice(0, named)) {
      const seconds = (milliseconds / 1000).toFixed(0).padStart(6);
      console.log(`${seconds}  ${relative(process.cwd(), file)}`);
    }
    const { passes, failures, pending } = this.stats;
    const skipped = pending > 0 ? `, ${pending} skipped` : "";
    console.log(`${passes} passed, ${failures} failed${skipped}`);
  }
}

/** Mocha takes a reporter only as the module itself. */
export = Reporter;

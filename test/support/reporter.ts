import Mocha from "mocha";

/** Mocha's `spec` report, closed by one plain line that a pipeline can read. */
class Reporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    runner.once(Mocha.Runner.constants.EVENT_RUN_END, () => this.closeWithTotals());
  }

  private closeWithTotals(): void {
    const { passes, failures, pending } = this.stats;
    const skipped = pending > 0 ? `, ${pending} skipped` : "";
    console.log(`${passes} passed, ${failures} failed${skipped}`);
  }
}

/** Mocha takes a reporter only as the module itself. */
export = Reporter;

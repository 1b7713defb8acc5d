import { duration, type Reporter } from "./reporter";

const interval = 500;

/** Tells of builds that go on side by side, in one passing state. */
export class BuildProgress {
  private readonly began = Date.now();
  private readonly builds = new Map<string, () => number>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly reporter: Reporter) {}

  /**
   * Tells of a build until the function is called that it returns.
   *
   * @param packages says how many packages are compiled so far.
   */
  begin(what: string, packages: () => number): () => void {
    this.builds.set(what, packages);
    this.timer ??= setInterval(() => this.tell(), interval);
    return () => {
      this.builds.delete(what);
      if (this.builds.size === 0) {
        clearInterval(this.timer);
        this.timer = undefined;
      }
    };
  }

  private tell(): void {
    const states = [...this.builds].map(([what, packages]) => `${what} (${packages()} packages)`);
    const time = duration(Date.now() - this.began);
    this.reporter.progress(`Building for ${time}: ${states.join(", ")}`);
  }
}

/** The seconds of each part of the work. */
export class Clock {
  readonly seconds: Record<string, number> = {};
  private last = performance.now();

  end(part: string): void {
    const now = performance.now();
    this.seconds[part] = Math.round(now - this.last) / 1_000;
    this.last = now;
  }
}

/** Where progress is told: lines that stay, and a passing state that later ones replace. */
export interface Reporter {
  line(text: string): void;
  progress(text: string): void;
}

/** A reporter, or a function that takes finished lines only. */
export type Report = Reporter | ((line: string) => void);

const plainProgressInterval = 30_000;

/** Makes a reporter of the `report` that a caller gave; without one it is silent. */
export function toReporter(report: Report = () => undefined): Reporter {
  return typeof report === "function" ? plainReporter(report) : report;
}

/**
 * Writes lines only, for logs and continuous integration; of passing states at most one every 30
 * seconds, and none that lasted less.
 */
export function plainReporter(
  write: (line: string) => void,
  now: () => number = Date.now,
): Reporter {
  let lastTold = now();
  return {
    line(text) {
      lastTold = now();
      write(text);
    },
    progress(text) {
      if (now() - lastTold >= plainProgressInterval) {
        lastTold = now();
        write(text);
      }
    },
  };
}

/** Keeps passing states on one line of a terminal that updates in place. */
export function terminalReporter(terminal: NodeJS.WriteStream): Reporter {
  const clearLine = "\r\u001b[2K";
  return {
    line(text) {
      terminal.write(`${clearLine}${text}\n`);
    },
    progress(text) {
      // Some terminals do not know their width, and a wrapped line could not be replaced.
      terminal.write(`${clearLine}${text.slice(0, (terminal.columns || 80) - 1)}`);
    },
  };
}

/** A stretch of time for people: `48 s`, `3 min 05 s`. */
export function duration(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  return seconds < 60
    ? `${seconds} s`
    : `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
}

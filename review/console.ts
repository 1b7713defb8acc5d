import { describeSeconds } from "./duration";

/**
 * Tells people how a command gets on, in standard error: on a terminal one line that changes, elsewhere
 * plain lines, each with the seconds since the command began.
 */
export class Progress {
  private readonly began = performance.now();
  private isLineOpen = false;
  private ticking: NodeJS.Timeout | undefined;
  private current = "";

  constructor(private readonly terminal: Pick<NodeJS.WriteStream, "write" | "isTTY">) {}

  /** What is being done now. A step that is over soon is told on a terminal alone. */
  step(what: string): void {
    this.current = printable(what);
    if (this.terminal.isTTY) {
      this.draw();
      this.ticking ??= setInterval(() => this.draw(), 1_000).unref();
    } else {
      this.terminal.write(`[${this.elapsed}] ${this.current}\n`);
    }
  }

  /** What is being done now, where a step consists of many: told on a terminal alone. */
  detail(what: string): void {
    this.current = printable(what);
    if (this.terminal.isTTY) {
      this.draw();
    }
  }

  /** A line that stays. */
  say(line: string): void {
    this.clear();
    this.terminal.write(`${printable(line)}\n`);
  }

  /** No step is being done any more. */
  end(): void {
    clearInterval(this.ticking);
    this.ticking = undefined;
    this.clear();
  }

  private get elapsed(): string {
    return describeSeconds((performance.now() - this.began) / 1_000);
  }

  private draw(): void {
    this.clear();
    this.terminal.write(`[${this.elapsed}] ${this.current}`);
    this.isLineOpen = true;
  }

  private clear(): void {
    if (this.isLineOpen) {
      this.terminal.write("\r\u001b[2K");
      this.isLineOpen = false;
    }
  }
}

/**
 * The words of somebody else, such as of a provider, a policy pack, a lock or an annotation, as a terminal
 * may show them: what is no character, such as the beginning of a command to the terminal, what sets the
 * cursor back, or what turns the direction of writing around, is a question mark. Lines stay.
 */
export function printable(text: string): string {
  return text
    .replaceAll("\r\n", "\n")
    .replaceAll("\t", " ")
    .replace(/[^\P{C}\n]/gu, "?");
}

/** A result as JSON that says the same, and has nothing in it that a terminal may not show. */
export function printableJson(result: unknown): string {
  return JSON.stringify(result).replace(/\p{C}/gu, (character) =>
    [...Array(character.length).keys()]
      .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`)
      .join(""),
  );
}

import { argumentNames } from "#components/environment/argumentShapes";
import { shownKey } from "#components/core/problems";
import { passwordMark } from "./arbitraryArguments";

const heading = /^The environment has (1 problem|\d+ problems); nothing was created\.$/;
const ofTheInside = [passwordMark, "[object ", "undefined", "    at "];

/**
 * What is wrong with a message that refuses arguments: every line must name a property of an
 * environment, and neither a password nor the program's inside may show. Sentences; none is right.
 *
 * @param keys those of the arguments: a message may also name one that no argument has.
 */
export function refusalFaults(message: string, keys: readonly string[]): string[] {
  const [first = "", ...lines] = message.split("\n");
  const starts = [...argumentNames, "args", "stack", ...keys].flatMap((key) => [
    `  - ${key}`,
    `  - [${shownKey(key)}]`,
  ]);
  return [
    ...(heading.test(first) ? [] : [`the heading is ${JSON.stringify(first)}`]),
    ...(lines.length === 0 ? ["no property is named"] : []),
    ...lines
      .filter((line) => !starts.some((start) => isAbout(line, start)))
      .map((line) => `no property is named in ${JSON.stringify(line)}`),
    ...ofTheInside.filter((text) => message.includes(text)).map((text) => `it says ${text}`),
  ];
}

function isAbout(line: string, start: string): boolean {
  return line.startsWith(start) && /^(\.|\[|: )/.test(line.slice(start.length));
}

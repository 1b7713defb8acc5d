import { type AddressRange, intersection, parseAddress, parseCidr, toCidrs } from "./addresses";
import { problemIf, type Problem } from "./problems";

/** A range of addresses with the name under which its reader knows it. */
export interface NamedRange {
  /** Where it comes from, such as `protected.cidrs[1]`. */
  readonly name: string;
  /** The range as it was written. */
  readonly text: string;
  readonly range: AddressRange;
}

/** The ranges of a list, named after its property; texts that are no range are left out. */
export function namedRanges(
  property: string,
  texts: readonly string[] = [],
  parse: (text: string) => AddressRange | undefined = parseCidr,
): NamedRange[] {
  return texts.flatMap((text, index) => {
    const range = parse(text);
    return range === undefined ? [] : [{ name: `${property}[${index}]`, text, range }];
  });
}

/** Every text of a list that is no range in its plain form. */
export function cidrListProblems(property: string, texts: readonly string[] = []): Problem[] {
  return texts.flatMap((text, index) => cidrProblems(`${property}[${index}]`, text));
}

/** The fault of a text that is no range in its plain form. */
export function cidrProblems(property: string, text: string): Problem[] {
  const fault = "is not a range of addresses";
  return problemIf(parseCidr(text) === undefined, property, fault, cidrRemedy(text), text);
}

/** The addresses that two lists of ranges share, for people; `undefined` when they share none. */
export function describeOverlap(
  ranges: readonly AddressRange[],
  other: AddressRange,
): string | undefined {
  const common = ranges.flatMap((range) => intersection(range, other) ?? []);
  const [first, ...rest] = toCidrs(common);
  return rest.length === 0 ? first : `${first} and ${rest.length} more`;
}

function cidrRemedy(text: string): string {
  const address = parseAddress(text);
  return address === undefined
    ? "Write the first address of the range and its length, such as 203.0.113.0/24."
    : `A single address is the range ${toCidrs([address]).join()}.`;
}

import { isInstant, isLabelValue, isWebAddress } from "../core/metadata";
import { problem, type Problem } from "../core/problems";

/** The arguments that merely describe an environment; their values may be known only later. */
export interface DescriptionArguments {
  readonly owner?: unknown;
  readonly url?: unknown;
  readonly expiresAt?: unknown;
}

/** Everything wrong with the description of an environment, as far as it is known. */
export function descriptionProblems(args: DescriptionArguments): Problem[] {
  return [
    ...textProblems("owner", args.owner, isLabelValue, {
      fault: "cannot be the value of a label",
      remedy: "Use at most 63 letters, digits, -, _ and ., such as jane.doe.",
    }),
    ...textProblems("url", args.url, isWebAddress, {
      fault: "is not a web address",
      remedy:
        "Write it in full and without a password, in at most 2000 characters, such as https://shop.example.com/.",
    }),
    ...textProblems("expiresAt", args.expiresAt, isInstant, {
      fault: "is not an instant in UTC",
      remedy: "Write it as RFC 3339 in UTC to the second, such as 2027-01-31T18:00:00Z.",
    }),
  ];
}

/**
 * Judges a value when it is plain; one that is not known yet is judged where it is used. An address
 * with a user in it may hold a password, so it is not shown.
 */
function textProblems(
  property: string,
  value: unknown,
  isValid: (text: string) => boolean,
  message: Pick<Problem, "fault" | "remedy">,
): Problem[] {
  if (typeof value !== "string" || isValid(value)) {
    return [];
  }
  const found = value.includes("@") ? undefined : value;
  return [problem(property, message.fault, message.remedy, found)];
}

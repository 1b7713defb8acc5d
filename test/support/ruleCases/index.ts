import { expiryCases } from "./expiry";
import { hostCases } from "./hosts";
import { nameCases } from "./names";
import { openingCases } from "./openings";
import { type RuleCase } from "./ruleCase";

/** The cases of all rules that arguments, platform and pack share, by what they are about. */
export const ruleCases: Readonly<Record<string, readonly RuleCase[]>> = {
  openings: openingCases,
  hosts: hostCases,
  expiry: expiryCases,
  names: nameCases,
};

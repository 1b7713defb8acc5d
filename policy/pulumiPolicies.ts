import { instantOf } from "secure-environment/core";
import { policies } from "./policies";
import { pulumiPoliciesOf } from "./policyPack";

/** Tells whoever looks at the run: what a pack writes here is shown among its diagnostics. */
export const tell = (line: string) => console.error(line);

let latest = { second: NaN, instant: "" };

/** The present instant, as RFC 3339 in UTC to the second. Each policy asks for it, of each resource. */
export function now(): string {
  const second = Math.floor(Date.now() / 1_000);
  if (second !== latest.second) {
    latest = { second, instant: instantOf(new Date(second * 1_000)) };
  }
  return latest.instant;
}

/** All policies of the pack as Pulumi's SDK takes them, judged now. */
export const pulumiPolicies = pulumiPoliciesOf(policies, now);

import { instantOf } from "secure-environment/core";
import { policies } from "./policies";
import { pulumiPoliciesOf } from "./policyPack";

/** Tells whoever looks at the run: what a pack writes here is shown among its diagnostics. */
export const tell = (line: string) => console.error(line);

/** The present instant, as RFC 3339 in UTC to the second. */
export const now = () => instantOf(new Date());

/** All policies of the pack as Pulumi's SDK takes them, judged now. */
export const pulumiPolicies = pulumiPoliciesOf(policies, now);

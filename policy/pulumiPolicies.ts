import { guarantees } from "./policies";
import { policiesOf } from "./policyPack";

/** Tells whoever looks at the run: what a pack writes here is shown among its diagnostics. */
export const tell = (line: string) => console.error(line);

/** The present instant, as RFC 3339 in UTC to the second. */
export const now = () => `${new Date().toISOString().slice(0, "YYYY-MM-DDTHH:MM:SS".length)}Z`;

/** Everything that the pack guarantees, judged now. */
export const policies = policiesOf(guarantees, now);

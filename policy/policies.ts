import { guarantees } from "./guarantees";
import { policiesOf } from "./policyPack";

/** Tells whoever looks at the run: what a pack writes here is shown among its diagnostics. */
export const tell = (line: string) => console.error(line);

/** Everything that the pack guarantees, judged now. */
export const policies = policiesOf(guarantees, {
  now: () => `${new Date().toISOString().slice(0, "YYYY-MM-DDTHH:MM:SS".length)}Z`,
  tell,
});

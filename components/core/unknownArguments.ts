import { suggestKey } from "./problems";

/** What to do instead of arguments that there were once. */
const formerArguments: ReadonlyMap<string, string> = new Map([
  [
    "clusterRoles",
    "Leave it out, and set `platform` to true: the platform's ClusterRoles have fixed names.",
  ],
]);

/** What to do about an argument, or a part of one, that is not known. */
export function unknownArgumentRemedy(key: string, known: readonly string[]): string {
  return formerArguments.get(key) ?? suggestKey(key, known);
}

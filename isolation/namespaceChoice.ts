import { namespaceNameLabel } from "secure-environment/core";

import { holds, mayMatch, type Selector } from "./selectors";

/**
 * How a selector chooses namespaces: by their names, which no user can forge; by labels, which the
 * creator of a namespace sets; or hardly at all, as it only rules some out.
 */
export type NamespaceChoice =
  | { readonly by: "names"; readonly names: readonly string[] }
  | { readonly by: "labels" }
  | { readonly by: "nothing" };

/** How the selector chooses namespaces, by what is understood of it. */
export function namespaceChoice(selector: Selector): NamespaceChoice {
  const aboutNames = selector.requirements.filter(({ key }) => key === namespaceNameLabel);
  const lists = aboutNames.filter(({ operator }) => operator === "In");
  const [first] = lists;
  if (first !== undefined) {
    const names = [...first.values].filter((name) =>
      aboutNames.every((requirement) => holds(requirement, name)),
    );
    return { by: "names", names };
  }
  return { by: selectsUnlabelled(selector, "any-other-name") ? "nothing" : "labels" };
}

/** Whether it selects a namespace of that name without any label but the one all have. */
export function selectsUnlabelled(selector: Selector, name: string): boolean {
  return mayMatch(selector, { known: new Map([[namespaceNameLabel, name]]), complete: true });
}

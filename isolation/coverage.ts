import { holds, type Requirement, type Selector } from "./selectors";

/** Whether some selectors together select every possible set of labels. */
export type Coverage =
  | { readonly covers: "everything" }
  /** These labels are an example of what none of them selects. */
  | { readonly covers: "not everything"; readonly escaping: Readonly<Record<string, string>> }
  /** Too many combinations to look at. */
  | { readonly covers: "undecided" };

/** The values that a label may still have; `undefined` is its absence. */
type Choices = ReadonlyMap<string, readonly (string | undefined)[]>;

/** Far more than people write by hand; a bound, as the question is NP-complete. */
const mostSteps = 100_000;

/**
 * Looks for labels that escape all selectors: labels that fail one requirement of each. For each
 * key, the values that some selector names, one that none names, and absence are all there is to
 * try, so the search is exact.
 */
export function coverageOf(selectors: readonly Selector[]): Coverage {
  const sure = selectors.filter(({ isDoubtful }) => !isDoubtful);
  const shortestFirst = sure.toSorted(
    (one, other) => one.requirements.length - other.requirements.length,
  );
  const search = { steps: 0 };
  const escape = escapeFrom(shortestFirst, choicesOf(sure), search);
  if (escape !== undefined) {
    return { covers: "not everything", escaping: labelsOf(escape) };
  }
  return { covers: search.steps > mostSteps ? "undecided" : "everything" };
}

function escapeFrom(
  [selector, ...others]: readonly Selector[],
  choices: Choices,
  search: { steps: number },
): Choices | undefined {
  if (selector === undefined) {
    return choices;
  }
  for (const requirement of selector.requirements) {
    search.steps += 1;
    if (search.steps > mostSteps) {
      return undefined;
    }
    const rest = (choices.get(requirement.key) ?? []).filter((label) => !holds(requirement, label));
    const escape =
      rest.length === 0
        ? undefined
        : escapeFrom(others, new Map([...choices, [requirement.key, rest]]), search);
    if (escape !== undefined) {
      return escape;
    }
  }
  return undefined;
}

function choicesOf(selectors: readonly Selector[]): Choices {
  const named = new Map<string, Set<string>>();
  for (const { key, values } of selectors.flatMap(
    ({ requirements }): readonly Requirement[] => requirements,
  )) {
    named.set(key, new Set([...(named.get(key) ?? []), ...values]));
  }
  return new Map(
    [...named].map(([key, values]) => [key, [undefined, unnamedValue(values), ...values]]),
  );
}

function unnamedValue(values: ReadonlySet<string>): string {
  let value = "other";
  for (let attempt = 2; values.has(value); attempt++) {
    value = `other-${attempt}`;
  }
  return value;
}

function labelsOf(choices: Choices): Record<string, string> {
  return Object.fromEntries(
    [...choices].flatMap(([key, [value]]) => (value === undefined ? [] : [[key, value]])),
  );
}

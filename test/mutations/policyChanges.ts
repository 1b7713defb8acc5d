import { type AdmissionObjects } from "#components/platform/admission/validatingAdmissionPolicy";

type Spec = AdmissionObjects["policy"];

/** A policy of the platform with something taken out of it. */
export interface PolicyChange {
  readonly policy: string;
  /** What is taken out. */
  readonly what: string;
  readonly spec: object;
}

interface PolicySpec {
  readonly validations: readonly { readonly message: string }[];
  readonly matchConstraints: { readonly resourceRules: readonly ResourceRule[] };
}

interface ResourceRule {
  readonly resources: readonly string[];
  readonly operations: readonly string[];
}

/**
 * Every part of a policy without which it refuses less, taken out by itself: a validation, a resource
 * that it judges and an operation.
 */
export function policyChanges(objects: AdmissionObjects): PolicyChange[] {
  const { name, policy } = objects;
  const { resourceRules } = specOf(objects).matchConstraints;
  return [...validationChanges(objects), ...ruleChanges(name, policy, resourceRules)];
}

/** The policy without each of its validations. */
export function validationChanges(objects: AdmissionObjects): PolicyChange[] {
  const { name, policy } = objects;
  return withoutEach(specOf(objects).validations, always).map(({ rest, item }) =>
    change(name, `the validation "${item.message}"`, { ...policy, validations: rest }),
  );
}

function specOf({ policy }: AdmissionObjects): PolicySpec {
  return policy as unknown as PolicySpec;
}

/** A policy needs a validation, so the last one is replaced by one that always holds. */
const always = { expression: "true", message: "Nothing is wrong.", reason: "Forbidden" };

function ruleChanges(name: string, policy: Spec, rules: readonly ResourceRule[]): PolicyChange[] {
  const withRules = (resourceRules: readonly ResourceRule[]) => ({
    ...policy,
    matchConstraints: { ...(policy.matchConstraints as object), resourceRules },
  });
  return rules.flatMap((rule, index) => {
    const replaced = (changed: Partial<ResourceRule>) =>
      withRules(rules.with(index, { ...rule, ...changed }));
    return [
      ...withoutEach<string, string>(rule.resources, "nothing").map(({ rest, item }) =>
        change(name, `the resource ${item}`, replaced({ resources: rest })),
      ),
      ...withoutEach<string, string>(rule.operations)
        .filter(({ rest }) => rest.length > 0)
        .map(({ rest, item }) =>
          change(
            name,
            `the operation ${item} on ${rule.resources.join(", ")}`,
            replaced({ operations: rest }),
          ),
        ),
    ];
  });
}

function change(policy: string, what: string, spec: object): PolicyChange {
  return { policy, what, spec };
}

/** The list without each of its items; a list of one item has the other one instead. */
function withoutEach<Item, Other>(
  items: readonly Item[],
  other?: Other,
): { readonly item: Item; readonly rest: (Item | Other)[] }[] {
  return items.map((item, index) => {
    const rest: (Item | Other)[] = items.toSpliced(index, 1);
    return { item, rest: rest.length > 0 || other === undefined ? rest : [other] };
  });
}

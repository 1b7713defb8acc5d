import { type Resource } from "./additions";
import { type Cluster } from "./cluster";

interface Rule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly operations?: readonly string[];
}

interface List<Item> {
  readonly items: readonly (Item & { readonly metadata: { readonly name: string } })[];
}

interface Webhooks {
  readonly webhooks?: readonly { readonly name: string; readonly rules?: readonly Rule[] }[];
}

interface Policy {
  readonly spec: { readonly matchConstraints?: { readonly resourceRules?: readonly Rule[] } };
}

const admission = "/apis/admissionregistration.k8s.io";

/**
 * The webhooks and policies of the cluster that may write a key into objects of one of the kinds, by
 * name. What a policy writes it says itself; what a webhook writes nothing says.
 */
export async function writersOf(
  cluster: Cluster,
  resources: readonly Resource[],
  key: string,
): Promise<string[]> {
  const isJudging = (rules: readonly Rule[] = []) =>
    rules.some((rule) => resources.some((resource) => matches(rule, resource)));
  const policies = (await policiesOf(cluster)).filter(
    ({ spec }) => isJudging(spec.matchConstraints?.resourceRules) && mentions(spec, key),
  );
  if (policies.length > 0) {
    return policies.map(({ metadata }) => `the MutatingAdmissionPolicy ${metadata.name}`);
  }
  const hooks = await cluster.find<List<Webhooks>>(`${admission}/v1/mutatingwebhookconfigurations`);
  return (hooks?.items ?? []).flatMap(({ metadata, webhooks = [] }) =>
    webhooks
      .filter(({ rules }) => isJudging(rules))
      .map(
        ({ name }) => `the webhook ${name} of the MutatingWebhookConfiguration ${metadata.name}`,
      ),
  );
}

/** In an expression or a patch. A key that a policy puts together stays hidden. */
function mentions(spec: Policy["spec"], key: string): boolean {
  return JSON.stringify(spec).includes(key);
}

/** Newer clusters serve them as v1, older ones as v1beta1 or not at all. */
async function policiesOf(cluster: Cluster): Promise<List<Policy>["items"]> {
  const list =
    (await cluster.find<List<Policy>>(`${admission}/v1/mutatingadmissionpolicies`)) ??
    (await cluster.find<List<Policy>>(`${admission}/v1beta1/mutatingadmissionpolicies`));
  return list?.items ?? [];
}

function matches(
  { apiGroups = [], resources = [], operations = [] }: Rule,
  { group, resource }: Resource,
): boolean {
  return (
    hasOneOf(apiGroups, "*", group) &&
    hasOneOf(resources, "*", "*/*", resource) &&
    hasOneOf(operations, "*", "CREATE")
  );
}

function hasOneOf(list: readonly string[], ...wanted: readonly string[]): boolean {
  return wanted.some((one) => list.includes(one));
}

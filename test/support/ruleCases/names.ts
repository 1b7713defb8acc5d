import { type SecureEnvironmentArgs } from "secure-environment";
import { labels } from "#components/core/labels";
import { newNamespace } from "../../e2e/attacks/pipelineRequests";
import { fresh, type Place } from "../../e2e/attacks/places";
import { bent } from "../../e2e/support/apiRequests";
import { type RuleCase } from "./ruleCase";
import { environmentArguments } from "./surroundings";

/** What an environment may be called. */

const teamsWord =
  "which branches get no environment is the team's word; the namespace is no other's";
const namedByStack = "the stack names the namespace, and nothing else does";
const fence = "of their own project only";

export const nameCases: readonly RuleCase[] = [
  {
    what: "the namespace of a branch",
    arguments: { shown: { args: environmentArguments, stack: fresh.stack } },
    ...objectsOf(fresh),
  },
  reserved("a branch that is always reserved", "staging", {}, "is reserved (staging)"),
  reserved(
    "a branch that the arguments reserve",
    "release-1",
    { reservedNames: ["release/*"] },
    "is reserved (release/*)",
  ),
  {
    what: "the namespace of a permanent environment that is the cluster's",
    arguments: {
      shown: { args: { permanent: true }, stack: "kube-shop" },
      refuses: "belongs to the cluster (kube-*)",
    },
    ...objectsOf({ ...fresh, namespace: "kube-shop" }, "belongs to the cluster (kube-*)"),
  },
  {
    what: "the namespace of staging",
    arguments: { notJudged: namedByStack },
    ...objectsOf({ ...fresh, namespace: "staging" }, "is protected"),
  },
  {
    what: "the namespace of another project",
    arguments: { notJudged: namedByStack },
    apiServer: objectsOf({ ...fresh, namespace: "review-blog-fresh" }, "").apiServer,
    pack: { notJudged: "stack-owns-only-its-environment judges it, by the name of the stack" },
  },
];

function reserved(
  what: string,
  slug: string,
  given: SecureEnvironmentArgs,
  refuses: string,
): RuleCase {
  const stack = `review-${slug}`;
  const { apiServer, pack } = objectsOf({ ...fresh, namespace: `review-shop-${slug}`, stack });
  return {
    what: `the namespace of ${what}`,
    arguments: { shown: { args: { ...environmentArguments, ...given }, stack }, refuses },
    apiServer: { ...apiServer, notJudged: teamsWord },
    pack: { ...pack, notJudged: teamsWord },
  };
}

/** The namespace as a pipeline asks for it, and as the pack is shown it; what the pack says of it. */
function objectsOf(place: Place, refuses?: string): Pick<RuleCase, "apiServer" | "pack"> {
  const request = bent(newNamespace(place), { metadata: { labels: { [labels.nodePool]: null } } });
  return {
    apiServer: { shown: request, ...(refuses !== undefined && { refuses: fence }) },
    pack: {
      shown: {
        type: "kubernetes:core/v1:Namespace",
        name: "env",
        stack: place.stack,
        properties: { ...request.body },
      },
      ...(refuses !== undefined && { refuses }),
    },
  };
}

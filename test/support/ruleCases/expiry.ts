import { namespaceObject, newNamespace } from "../../e2e/attacks/pipelineRequests";
import { bent } from "../../e2e/support/apiRequests";
import { fresh } from "../../e2e/attacks/places";
import { annotations } from "#components/core/labels";
import { type RuleCase } from "./ruleCase";
import { environmentArguments } from "./surroundings";

/** Until when an environment stands. */

const noTime = "admission policies know no time";
const warning = "a run says with a warning that it has passed, and goes on";

export const expiryCases: readonly RuleCase[] = [
  environment("that ends later", "2099-01-31T18:00:00Z"),
  {
    ...environment("that has ended", "2020-01-31T18:00:00Z", "has passed"),
    arguments: { shown: argumentsUntil("2020-01-31T18:00:00Z"), notJudged: warning },
  },
];

function environment(what: string, expiresAt: string, refuses?: string): RuleCase {
  const changes = {
    metadata: {
      labels: { "secure-environment/node-pool": null },
      annotations: { [annotations.expiresAt]: expiresAt },
    },
  };
  const request = bent(newNamespace(fresh), changes);
  return {
    what: `an environment ${what}`,
    arguments: { shown: argumentsUntil(expiresAt) },
    apiServer: { shown: request, notJudged: noTime },
    pack: {
      shown: {
        type: "kubernetes:core/v1:Namespace",
        name: "env",
        stack: fresh.stack,
        properties: { ...namespaceObject(fresh), ...request.body },
      },
      ...(refuses !== undefined && { refuses }),
    },
  };
}

function argumentsUntil(expiresAt: string) {
  return { args: { ...environmentArguments, now: "2026-01-01T00:00:00Z", expiresAt } };
}

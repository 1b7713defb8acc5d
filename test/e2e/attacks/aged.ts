import { labels } from "#components/labels";
import { type ApiRequest, bent } from "../../support/apiRequests";
import { newIngressOf, newRoute } from "./guestRequests";
import { newNamespace } from "./pipelineRequests";
import { aged } from "./places";

/** An environment from before there was a platform, with what breaks a rule that came later. */

const foreignHost = "www.example.com";

/** The environment, on a pool that is there no more, and ways in to hosts of others. */
export function agedObjects(): ApiRequest[] {
  const namespace = bent(newNamespace(aged), {
    metadata: { labels: { [labels.nodePool]: "retired" } },
  });
  return [namespace, newIngressOf(aged, foreignHost), newRoute(aged, { hostnames: [foreignHost] })];
}

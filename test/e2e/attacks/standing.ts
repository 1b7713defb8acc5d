import { type ApiRequest, bent, corePath, patchRequest, postRequest } from "../support/apiRequests";
import { administeredObjects } from "./administered";
import {
  environmentPod,
  newAccount,
  newBudget,
  newClaim,
  newIngress,
  newRoute,
} from "./guestRequests";
import { leaving, login } from "./places";
import { type Setting } from "./settings";

/** What stands in the environment that is attacked, and waits to be changed. */
export function standing({ platform }: Setting): ApiRequest[] {
  const hosts = platform.domain === undefined ? [] : [newIngress, newRoute];
  const applied = [...hosts, newClaim, newAccount, newBudget].map((request) =>
    bent(request(login), { metadata: { name: "shop" } }),
  );
  return [...applied, ...runningPod, holdingPod, labelledNamespace, ...administeredObjects];
}

/** What an administrator has said of the environment. */
export const administeredLabels = { team: "shop" };
const labelledNamespace = patchRequest(corePath(login), {
  metadata: { labels: administeredLabels },
});

/** A pod that somebody else's controller keeps, and with it the environment that is deleted. */
const holdingPod = bent(postRequest(corePath(leaving, "pods"), environmentPod("holding")), {
  metadata: { finalizers: ["example.com/held"] },
});

/** A pod that has its node: one that has none ends at once, however long it is given. */
const runningPod: readonly ApiRequest[] = [
  postRequest(corePath(login, "pods"), environmentPod("running")),
  {
    ...postRequest(corePath(login, "pods/running/binding"), {
      metadata: { name: "running" },
      target: { kind: "Node", name: "production-1" },
    }),
    headers: { "Impersonate-User": "system:kube-scheduler" },
  },
];

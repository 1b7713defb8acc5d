import { labels } from "#components/labels";
import {
  type ApiRequest,
  bent,
  corePath,
  groupPath,
  patchRequest,
  postRequest,
} from "../../support/apiRequests";
import { newFlowSchema } from "./flowSchemas";
import { newIngressOf, newRoute } from "./guestRequests";
import { type Passage } from "./passage";
import { describeNamespace, newNamespace } from "./pipelineRequests";
import { aged } from "./places";

/** Walls from before there was a platform: each breaks a rule that came later. */

const rbacGroup = "rbac.authorization.k8s.io";
const metadata = { name: "old" };

const walls: readonly (readonly [what: string, request: ApiRequest])[] = [
  [
    "a quota that counts pods alone",
    postRequest(corePath(aged, "resourcequotas"), { metadata, spec: { hard: { pods: "10" } } }),
  ],
  [
    "a limit range that bounds memory alone",
    postRequest(corePath(aged, "limitranges"), {
      metadata,
      spec: { limits: [{ type: "Container", max: { memory: "1Gi" } }] },
    }),
  ],
  [
    "a network policy that lets everybody in",
    postRequest(groupPath(aged, "networking.k8s.io", "networkpolicies"), {
      metadata,
      spec: { podSelector: {}, ingress: [{}] },
    }),
  ],
  [
    "a binding for somebody who is on no list",
    postRequest(groupPath(aged, rbacGroup, "rolebindings"), {
      metadata,
      roleRef: { apiGroup: rbacGroup, kind: "ClusterRole", name: "secure-environment-viewer" },
      subjects: [{ apiGroup: rbacGroup, kind: "User", name: "nobody" }],
    }),
  ],
  [
    "a service account whose pods get tokens",
    postRequest(corePath(aged, "serviceaccounts"), {
      metadata,
      automountServiceAccountToken: true,
    }),
  ],
  [
    "a flow schema that no environment has",
    bent(newFlowSchema(aged), { spec: { matchingPrecedence: 9500 } }),
  ],
];

const foreignHost = "www.example.com";

/** Ways in, which a platform with a domain or without one refuses. */
const hosts: readonly ApiRequest[] = [
  newIngressOf(aged, foreignHost),
  newRoute(aged, { hostnames: [foreignHost] }),
];

/** The environment, on a pool that is there no more, its walls and its hosts. */
export function agedObjects(): ApiRequest[] {
  const namespace = bent(newNamespace(aged), {
    metadata: { labels: { [labels.nodePool]: "retired" } },
  });
  return [namespace, ...walls.map(([, request]) => request), ...hosts];
}

/** The pipeline may write about what is from before a rule, as long as it leaves alone what the rule judges. */
export const agedPassages: readonly Passage[] = [
  ...walls.map(([what, request]): Passage => ({
    what: `a pipeline says why there is ${what}`,
    by: "shopPipeline",
    request: patchRequest(pathOf(request), {
      metadata: { annotations: { "secure-environment/reason": "legacy" } },
    }),
  })),
  {
    what: "a pipeline describes an environment on a pool that is there no more",
    by: "shopPipeline",
    request: describeNamespace(aged),
  },
];

function pathOf({ path, body }: ApiRequest): string {
  const { name } = (body as { readonly metadata: { readonly name: string } }).metadata;
  return `${path}/${name}`;
}

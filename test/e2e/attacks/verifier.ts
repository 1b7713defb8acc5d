import {
  type ApiRequest,
  corePath,
  getRequest,
  groupPath,
  postRequest,
} from "../support/apiRequests";
import { type Passage } from "./passage";
import { login, type Place, post } from "./places";

/** What the verifier does to prove walls: it reads them, and asks who may do what. */

type Row = readonly [what: string, request: ApiRequest];

const authorization = "/apis/authorization.k8s.io/v1";
const developer = { user: "dean", groups: ["dev-users"] };

const walls = (place: Place): readonly Row[] => [
  ["its pods", getRequest(corePath(place, "pods"))],
  ["its quotas", getRequest(corePath(place, "resourcequotas"))],
  ["its limit ranges", getRequest(corePath(place, "limitranges"))],
  ["its service accounts", getRequest(corePath(place, "serviceaccounts"))],
  ["its network policies", getRequest(groupPath(place, "networking.k8s.io", "networkpolicies"))],
  ["its bindings", getRequest(groupPath(place, "rbac.authorization.k8s.io", "rolebindings"))],
];

const rows: readonly Row[] = [
  ["which namespaces there are", getRequest("/api/v1/namespaces")],
  [
    "who may read secrets of an environment",
    postRequest(`${authorization}/subjectaccessreviews`, {
      spec: {
        ...developer,
        resourceAttributes: { namespace: login.namespace, verb: "get", resource: "secrets" },
      },
    }),
  ],
  ...[login, post].flatMap((place) =>
    walls(place).map(([what, request]): Row => [`of ${place.namespace} ${what}`, request]),
  ),
];

/** All of them by the verifier itself. */
export const verifierPassages: readonly Passage[] = rows.map(([what, request]) => ({
  what: `the verifier learns ${what}`,
  by: "verifier",
  request,
}));

/** Every right that it has in an environment, beside those of everybody who has a login. */
export const verifierRights: readonly string[] = [
  ...["limitranges", "pods", "resourcequotas", "serviceaccounts"].flatMap(reads),
  ...reads("networkpolicies.networking.k8s.io"),
  ...reads("rolebindings.rbac.authorization.k8s.io"),
  ...reads("namespaces"),
  "create subjectaccessreviews.authorization.k8s.io",
];

function reads(resource: string): string[] {
  return ["get", "list", "watch"].map((verb) => `${verb} ${resource}`);
}

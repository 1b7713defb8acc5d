import {
  type ApiRequest,
  corePath,
  groupPath,
  patchRequest,
  postRequest,
} from "../support/apiRequests";
import { type Attack, byEach, type Attempt } from "./attack";
import { login } from "./places";
import { guardRails } from "./reasons";

/** What administrators alone put into an environment, and whoever changes it. */

const endpoints = corePath(login, "endpoints");
const endpointSlices = groupPath(login, "discovery.k8s.io", "endpointslices");
const roles = groupPath(login, "rbac.authorization.k8s.io", "roles");

const metadata = { name: "external" };
const elsewhere = "203.0.113.7";

/** There before anybody changes it. */
export const administeredObjects: readonly ApiRequest[] = [
  postRequest(endpoints, {
    metadata,
    subsets: [{ addresses: [{ ip: elsewhere }], ports: [{ port: 5432 }] }],
  }),
  postRequest(endpointSlices, {
    metadata,
    addressType: "IPv4",
    endpoints: [{ addresses: [elsewhere] }],
    ports: [{ port: 5432 }],
  }),
  postRequest(roles, {
    metadata,
    rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }],
  }),
];

const toProduction = { ip: "10.244.7.7" };
const forwards = "whoever trusts them would be sent into production (CVE-2021-25740)";

const attempts: readonly Attempt[] = [
  {
    what: "leads endpoints that are there to production",
    harm: forwards,
    request: patchRequest(`${endpoints}/external`, {
      subsets: [{ addresses: [toProduction], ports: [{ port: 5432 }] }],
    }),
    refusal: guardRails.endpoints,
  },
  {
    what: "leads an endpoint slice that is there to production",
    harm: forwards,
    request: patchRequest(`${endpointSlices}/external`, {
      endpoints: [{ addresses: [toProduction.ip] }],
    }),
    refusal: guardRails.endpoints,
  },
  {
    what: "adds rights to an administrator's Role",
    harm: "whoever is bound to it would have rights that nobody listed",
    request: patchRequest(`${roles}/external`, {
      rules: [{ apiGroups: [""], resources: ["secrets"], verbs: ["get"] }],
    }),
    refusal: guardRails.roles,
  },
];

/** By somebody who may change it, as far as RBAC goes. */
export const administeredAttacks: readonly Attack[] = attempts.flatMap((attempt) =>
  byEach(["misboundClusterAdmin"], attempt),
);

import { type AdmissionPolicy } from "../validatingAdmissionPolicy";
import { literal } from "../cel";
import { changesAny, changesMoreThanFinalizers } from "../changes";
import {
  notSentByAdministrator,
  notSentByCluster,
  notSentByOperator,
  notUpdatedByCluster,
} from "../senders";
import { type PlatformSettings } from "../../platformSettings";

/** Whether there is no address, or none that was not there before. */
const keepsAddresses =
  'object.spec.?clusterIP.orValue("None") == "None" || ' +
  "(oldObject != null && object.spec.?clusterIPs == oldObject.spec.?clusterIPs)";

/**
 * Whether the API server chose the addresses. It has done so before any policy is asked, so only the
 * managed fields tell what the request said. It drops all of them where a request brings some that it
 * cannot read, so without them the policy cannot tell.
 * See https://kubernetes.io/docs/reference/using-api/server-side-apply/#managed-fields
 */
const wereAllocated =
  "(object.metadata.?managedFields.orValue([]).size() > 0 && object.metadata.managedFields.all(entry, " +
  `!${literal(["f:clusterIP", "f:clusterIPs"])}.exists(field, entry.?fieldsV1[?"f:spec"][?field].hasValue())))`;

/**
 * Services lead to pods of their environment, and are reached from inside the cluster.
 * See https://github.com/kubernetes/kubernetes/issues/97076 (CVE-2020-8554)
 */
export const servicesStayInside: AdmissionPolicy = {
  name: "services-stay-inside",
  isForEnvironments: true,
  rules: [{ apiGroups: [""], resources: ["services"], operations: ["CREATE", "UPDATE"] }],
  matchConditions: [notUpdatedByCluster, changesAny("spec")],
  validations: [
    {
      expression: 'object.spec.?type.orValue("ClusterIP") == "ClusterIP"',
      message:
        "Services of an environment are of the type ClusterIP: others lead out of it, or let in what no network policy watches. cert-manager's solvers are so with serviceType: ClusterIP in their issuer.",
    },
    {
      expression:
        "object.spec.?externalIPs.orValue([]).size() == 0 && !has(object.spec.externalName)",
      message:
        "Services of an environment have no externalIPs and no externalName: they take addresses and names of others.",
    },
    {
      expression: `${keepsAddresses} || ${wereAllocated}`,
      message:
        "Services of an environment choose no clusterIP but None: it may be meant for somebody else. Leave clusterIP out; an empty one counts as chosen where it is applied by the server.",
    },
  ],
};

/**
 * Endpoints written by hand lead anywhere, into other namespaces too, and a Service's status takes
 * addresses. Both are the controllers' to write.
 * See https://github.com/kubernetes/kubernetes/issues/103675 (CVE-2021-25740)
 */
export function endpointsAreMadeByControllers(settings: PlatformSettings): AdmissionPolicy {
  return {
    name: "endpoints-are-made-by-controllers",
    isForEnvironments: true,
    rules: [
      { apiGroups: [""], resources: ["endpoints"], operations: ["CREATE", "UPDATE"] },
      {
        apiGroups: ["discovery.k8s.io"],
        resources: ["endpointslices"],
        operations: ["CREATE", "UPDATE"],
      },
      { apiGroups: [""], resources: ["services/status"], operations: ["UPDATE"] },
    ],
    matchConditions: [
      notSentByAdministrator(settings),
      notSentByCluster,
      notSentByOperator(settings),
      changesMoreThanFinalizers,
    ],
    validations: [
      {
        expression: "false",
        message:
          "Endpoints of an environment and the status of its Services are written by controllers. Give the Service a selector.",
      },
    ],
  };
}

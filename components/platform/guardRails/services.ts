import { type AdmissionPolicy } from "../admissionPolicy";
import { literal } from "../cel";
import { changesAny, changesMoreThanFinalizers } from "../changes";
import {
  notSentByAdministrator,
  notSentByCluster,
  notSentByOperator,
  notUpdatedByCluster,
} from "../identities";
import { type PlatformSettings } from "../platformSettings";

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
        "Services of an environment are of the type ClusterIP: others lead out of it, or let in what no network policy watches.",
    },
    {
      expression:
        "object.spec.?externalIPs.orValue([]).size() == 0 && !has(object.spec.externalName)",
      message:
        "Services of an environment have no externalIPs and no externalName: they take addresses and names of others.",
    },
    {
      expression:
        'request.operation != "CREATE" || object.spec.?clusterIP.orValue("None") == "None" || ' +
        `object.metadata.?managedFields.orValue([]).all(entry, !${literal(["f:clusterIP", "f:clusterIPs"])}.exists(field, entry.?fieldsV1[?"f:spec"][?field].hasValue()))`,
      message:
        "Services of an environment choose no clusterIP but None: it may be meant for somebody else.",
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
      notSentByOperator,
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

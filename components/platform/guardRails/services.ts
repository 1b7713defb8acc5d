import { type AdmissionPolicy } from "../admissionPolicy";
import { literal, metadataMap } from "../cel";
import { changesAny, changesMoreThanFinalizers } from "../changes";
import {
  notSentByAdministrator,
  notSentByCluster,
  notSentByOperator,
  notUpdatedByCluster,
} from "../identities";
import { type PlatformSettings } from "../platformSettings";

/**
 * With these a Service asks for a name in the public DNS.
 * See https://kubernetes-sigs.github.io/external-dns/latest/docs/annotations/annotations/
 */
const hostAnnotations = ["external-dns.alpha.kubernetes.io/", "external-dns.kubernetes.io/"];

/**
 * Services lead to pods of their environment, and are reached from inside the cluster.
 * See https://github.com/kubernetes/kubernetes/issues/97076 (CVE-2020-8554)
 */
export const servicesStayInside: AdmissionPolicy = {
  name: "services-stay-inside",
  isForEnvironments: true,
  rules: [{ apiGroups: [""], resources: ["services"], operations: ["CREATE", "UPDATE"] }],
  matchConditions: [notUpdatedByCluster, changesAny("spec", "metadata.annotations")],
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
      expression: `${metadataMap("object", "annotations")}.all(key, !${literal(hostAnnotations)}.exists(prefix, key.startsWith(prefix)))`,
      message: `Services of an environment have no annotations ${hostAnnotations.join("… and ")}…: they take hosts of others. Use an Ingress.`,
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

import { type Mesh } from "../../../environment/mesh/meshArgs";
import { plainAnnotationPrefixes, plainAnnotations } from "../../../core/rules";
import {
  type AdmissionPolicy,
  type NamedExpression,
  type ResourceRule,
} from "../validatingAdmissionPolicy";
import { addedBesideWhere, addsOnlyWhere, literal, naming } from "../cel";
import {
  notSentByAdministrator,
  notSentByCluster,
  notSentByNode,
  notSentByOperator,
  notSentByPipeline,
  notSentByScheduler,
  notUpdatedByCluster,
} from "../senders";
import { isListedOfAccount, isOfAccount } from "../serviceAccounts";
import { type PlatformSettings } from "../../platformSettings";

/** Domains of the annotations by which a mesh is told about single pods and Services. */
const meshDomains: Readonly<Record<Mesh, readonly string[]>> = {
  linkerd: ["linkerd.io"],
  istio: ["istio.io"],
  ambient: ["istio.io"],
};

/** Ingresses and routes have a list of their own; walls are judged by the fence. */
const judgedElsewhere: readonly ResourceRule[] = [
  {
    apiGroups: ["networking.k8s.io"],
    resources: ["ingresses", "ingresses/status"],
    operations: ["CREATE", "UPDATE"],
  },
  {
    apiGroups: ["gateway.networking.k8s.io"],
    resources: ["httproutes"],
    operations: ["CREATE", "UPDATE"],
  },
];

/**
 * Annotations of an environment's objects address only those whom administrators have listed.
 * Otherwise a network plugin gives a pod a second network, external-dns a Service the host of
 * production, a cloud its role, and a replicator copies a secret of production. A request
 * that writes the status of an object can write its annotations, too.
 */
export function objectsHavePlainAnnotations(settings: PlatformSettings): AdmissionPolicy {
  const { meshes, clusterAnnotations } = settings;
  const objectAnnotations = [...settings.objectAnnotations, ...clusterAnnotations];
  const domains = meshes.flatMap((mesh) => meshDomains[mesh]);
  const told = [
    ...plainAnnotationPrefixes.map((prefix) => `${prefix}/…`),
    ...plainAnnotations,
    ...domains.map((domain) => `…${domain}/…`),
    ...objectAnnotations.map((entry) => (entry.endsWith("/") ? `${entry}…` : entry)),
  ];
  const message = `Annotations of an environment's objects address nobody but: ${told.join(", ")}; keys without a domain name are free. Others are orders to networks, clouds and operators: an administrator lists harmless ones in objectAnnotations.`;
  const plain = [
    isPlain(domains, []),
    `(!(${isOfAccount}) && (${isPlain([], objectAnnotations)}))`,
    isListedOfAccount(settings),
  ].join(" || ");
  return {
    name: "objects-have-plain-annotations",
    isForEnvironments: true,
    rules: [
      { apiGroups: ["*"], resources: ["*"], operations: ["CREATE", "UPDATE"] },
      { apiGroups: ["*"], resources: ["*/status"], operations: ["UPDATE"] },
    ],
    exceptions: judgedElsewhere,
    matchConditions: [
      notSentByAdministrator(settings),
      notSentByPipeline(settings),
      notSentByOperator(settings),
      notSentByNode,
      notSentByScheduler(settings),
      notUpdatedByCluster,
      fromTemplate,
    ],
    validations: [
      {
        expression: addsOnlyWhere("annotations", plain),
        message,
        messageExpression: naming(message, addedBesideWhere("annotations", plain)),
      },
    ],
  };
}

/** Of what controllers make, pods and claims carry annotations from templates. */
const fromTemplate: NamedExpression = {
  name: "written-by-people-or-copied-from-a-template",
  expression: `request.resource.resource in ["pods", "persistentvolumeclaims"] || ${notSentByCluster.expression}`,
};

/** The same as `isPlainAnnotation` says, of the variable `key`. */
function isPlain(domains: readonly string[], allowed: readonly string[]): string {
  const prefix = 'key.split("/")[0]';
  const keys = [...plainAnnotations, ...allowed.filter((entry) => !entry.endsWith("/"))];
  const prefixes = [
    ...plainAnnotationPrefixes.map((name) => `${name}/`),
    ...allowed.filter((entry) => entry.endsWith("/")),
  ];
  return [
    `!${prefix}.contains(".")`,
    `key in ${literal(keys)}`,
    `${literal(prefixes)}.exists(entry, key.startsWith(entry))`,
    ...(domains.length === 0
      ? []
      : [
          `(key.contains("/") && ${literal(domains)}.exists(domain, ${prefix} == domain || ${prefix}.endsWith("." + domain)))`,
        ]),
  ].join(" || ");
}

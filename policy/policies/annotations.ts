import {
  isPlainAnnotation,
  isRecord,
  nodePoolAnnotationNames,
  problem,
  unreadable,
} from "secure-environment/core";
import { fieldBelow, type Field, unknownViolation } from "../fields";
import { type Violation, onObjects, type ResourcePolicy } from "../policy";
import { isOfKind, namespaceKinds } from "../kinds";
import { type KubernetesObject } from "../kubernetesObject";
import { metadataFieldsOf } from "../podTemplates";
import { isJudgedAsHost } from "./hosts";

interface AnnotationSettings {
  readonly allowedAnnotations: readonly string[];
  readonly serviceAccountAnnotations: readonly { readonly key: string; readonly value: string }[];
}

/** Whoever acts on annotations does so with rights of its own, and in any namespace. */
export const annotationsAddressNobody: ResourcePolicy<AnnotationSettings> = {
  name: "annotations-address-nobody",
  description:
    "Objects and templates of pods have annotations that describe them, and none by which a network plugin, a cloud or an operator acts.",
  threat:
    "An annotation gives a pod a second network that no policy watches, a role of the cloud, or somebody else's name in the DNS.",
  remediation:
    "Leave the annotation out, or have the platform's administrators add it to the setting `allowedAnnotations`.",
  severity: "critical",
  url: "https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/",
  example: {
    bad: 'metadata: { annotations: { "k8s.v1.cni.cncf.io/networks": "production" } }',
    good: 'metadata: { annotations: { "checksum/config": checksum } }',
  },
  settings: {
    allowedAnnotations: {
      type: "array",
      description:
        "Annotations that objects may have besides: whole keys, such as `nginx.ingress.kubernetes.io/proxy-body-size`, or prefixes that end in `/`.",
      items: { type: "string", minLength: 1 },
      default: [],
    },
    serviceAccountAnnotations: {
      type: "array",
      description:
        "Annotations by which service accounts are somebody in a cloud, each with its value, as the platform has them in `serviceAccountAnnotations`. `allowedAnnotations` is not for service accounts.",
      items: {
        type: "object",
        properties: {
          key: { type: "string", minLength: 1 },
          value: { type: "string", minLength: 1 },
        },
        required: ["key", "value"],
        additionalProperties: false,
      },
      default: [],
    },
  },
  judge: onObjects((object, settings) =>
    metadataFieldsOf(object).flatMap((metadata) => metadataViolations(object, metadata, settings)),
  ),
};

/** What a program computes as a whole is judged once more, with its values, before it is made. */
function metadataViolations(
  object: KubernetesObject,
  metadata: Field,
  settings: AnnotationSettings,
): Violation[] {
  if (metadata.value === unreadable) {
    return [];
  }
  const annotations = fieldBelow(metadata, "annotations");
  if (annotations.value === unreadable) {
    return [unknownViolation(annotations.property)];
  }
  return isRecord(annotations.value)
    ? Object.entries(annotations.value)
        .filter(([key, value]) => !isAllowed(object, key, value, settings))
        .map(([key]) => key)
        .filter((key) => !isKnownOf(object, key))
        .map((key) => foreignViolation(annotations, key))
    : [];
}

/** What a service account is for a cloud, its pods are, too: that list has values in it. */
function isAllowed(
  object: KubernetesObject,
  key: string,
  value: unknown,
  { allowedAnnotations, serviceAccountAnnotations }: AnnotationSettings,
): boolean {
  return isOfKind(object, { "": ["ServiceAccount"] })
    ? isPlainAnnotation(key) ||
        serviceAccountAnnotations.some((listed) => listed.key === key && listed.value === value)
    : isPlainAnnotation(key, allowedAnnotations);
}

/** Keys are not repeated whole: what is behind the domain could be somebody's secret. */
function foreignViolation({ property }: Field, key: string): Violation {
  const [domain = ""] = key.split("/");
  const fault = "is read by somebody who acts on it with rights of its own";
  const remedy =
    "Leave it out, or have the platform's administrators add it to the setting `allowedAnnotations`.";
  return problem(`${property}["${domain}/…"]`, fault, remedy);
}

/** What other policies judge, and what an environment itself has. */
function isKnownOf(object: KubernetesObject, key: string): boolean {
  return (
    memberAnnotations.includes(key) ||
    isJudgedAsHost(object, key) ||
    (isOfKind(object, namespaceKinds) && namespaceAnnotations.includes(key))
  );
}

/** By these a pod takes part in a mesh, or says which of its ports speak what. */
const memberAnnotations = [
  "config.linkerd.io/opaque-ports",
  "linkerd.io/inject",
  "sidecar.istio.io/inject",
];

const namespaceAnnotations: readonly string[] = [
  "config.linkerd.io/default-inbound-policy",
  ...Object.values(nodePoolAnnotationNames),
];

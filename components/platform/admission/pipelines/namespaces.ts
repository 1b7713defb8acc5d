import { annotations, labels, namespaceNameLabel } from "../../../core/labels";
import { meshNamespaceAnnotations, meshNamespaceLabels } from "../../../environment/mesh/mesh";
import { podSecurityLabels } from "../../../core/metadata";
import { reviewPrefix } from "../../../core/names";
import { nodePoolAnnotations } from "../../../environment/nodePool/nodePool";
import { maximumObjectSize } from "../../../core/rules";
import { type AdmissionPolicy, type Validation } from "../validatingAdmissionPolicy";
import {
  addedBeside,
  addsNone,
  addsOnly,
  isWritten,
  literal,
  metadataMap,
  metadataValue,
  nameOfObject,
  naming,
  whenWritten,
} from "../cel";
import { isNamedFor, isNamedForOwnProject, projectVariables, sentByPipeline } from "../senders";
import { sizeOfObject, takesAtMost } from "../objectSize";
import { type PlatformSettings } from "../../platformSettings";

const label = (object: string, key: string) => metadataValue(object, "labels", key);

/**
 * The namespaces that pipelines make, change and delete: those of their project, by name and by
 * the marker that stands in the cluster already. What an environment is never changes.
 */
export function pipelinesMakeOnlyEnvironments(settings: PlatformSettings): AdmissionPolicy {
  return {
    name: "pipelines-make-only-environments",
    rules: [{ apiGroups: [""], resources: ["namespaces"], operations: ["*"] }],
    matchConditions: [sentByPipeline(settings)],
    variables: [
      ...projectVariables(settings),
      { name: "name", expression: nameOfObject },
      isWritten,
      sizeOfObject,
      { name: "existed", expression: 'request.operation != "CREATE"' },
    ],
    validations: [
      nameValidation,
      markerValidation,
      identityValidation,
      stackValidation,
      identityStaysValidation,
      podSecurityValidation,
      labelsValidation(settings),
      annotationsValidation(settings),
      ownershipValidation,
      sizeValidation,
      ...nodePoolValidations(settings),
    ],
  };
}

const nameValidation: Validation = {
  expression: isNamedForOwnProject("variables.name"),
  message: `Pipelines make, change and delete namespaces named ${reviewPrefix}<project>-… of their own project only.`,
};

const markerValidation: Validation = {
  expression: `!variables.existed || (${label("oldObject", labels.kind)} == "review" && ${label("oldObject", labels.project)} in variables.projects)`,
  message: `The namespace is there already, and it is no review environment of this project: it lacks the labels ${labels.kind} and ${labels.project}. Nothing is adopted; use another name.`,
};

const identityValidation: Validation = {
  expression: whenWritten(
    `${label("object", labels.kind)} == "review"`,
    `variables.projects.exists(project, ${label("object", labels.project)} == project && ` +
      `${isNamedFor("project", "variables.name")})`,
  ),
  message: `Pipelines make environments that say what they are: the label ${labels.kind} is review, and ${labels.project} is the project of the name.`,
};

/** The name is that of the stack, with the project in between and perhaps a suffix behind. */
const stackValidation: Validation = {
  expression: whenWritten(
    `${label("object", labels.stack)}.startsWith(${literal(reviewPrefix)})`,
    `(variables.name + "-").startsWith(${literal(reviewPrefix)} + ${label("object", labels.project)} + "-" + ` +
      `${label("object", labels.stack)}.substring(${reviewPrefix.length}) + "-")`,
  ),
  message: `The label ${labels.stack} is not the stack that makes a namespace of this name.`,
};

const identityStaysValidation: Validation = {
  expression: whenWritten(
    `!variables.existed || ${literal([labels.kind, labels.project, labels.stack])}.all(key, ` +
      "object.metadata.?labels[?key] == oldObject.metadata.?labels[?key])",
  ),
  message: "What an environment is and whose it is never changes.",
};

const podSecurityValidation: Validation = {
  expression: whenWritten(
    `${literal(Object.entries(podSecurityLabels))}.all(entry, ` +
      'object.metadata.?labels[?entry[0]].orValue("") == entry[1])',
  ),
  message:
    "The labels pod-security.kubernetes.io/enforce, audit and warn are restricted, and their versions latest: nothing else keeps pods from the node.",
};

/** Network policies of others may trust any label, so the list is closed. */
function labelsValidation({ clusterLabels, meshes }: PlatformSettings): Validation {
  const keys = [
    namespaceNameLabel,
    labels.kind,
    labels.project,
    labels.stack,
    labels.owner,
    labels.nodePool,
    ...Object.keys(podSecurityLabels),
    ...meshes.flatMap((mesh) => Object.keys(meshNamespaceLabels(mesh))),
    ...clusterLabels,
  ];
  const message = `Environments have these labels at most: ${keys.join(", ")}. What the cluster itself adds, an administrator lists in clusterLabels.`;
  return {
    expression: whenWritten(addsOnly("labels", keys)),
    message,
    messageExpression: naming(message, addedBeside("labels", keys)),
  };
}

/** Some annotations are orders to controllers, so this list is closed as well. */
function annotationsValidation({
  clusterAnnotations,
  meshes,
  nodePools,
}: PlatformSettings): Validation {
  const keys = [
    annotations.branch,
    annotations.expiresAt,
    annotations.janitorExpires,
    annotations.url,
    ...meshes.flatMap((mesh) => Object.keys(meshNamespaceAnnotations(mesh))),
    ...nodePools.slice(0, 1).flatMap((name) => Object.keys(nodePoolAnnotations({ name }, name))),
    ...clusterAnnotations,
  ];
  const message = `Environments have these annotations at most: ${keys.join(", ")}. What the cluster itself adds, an administrator lists in clusterAnnotations.`;
  return {
    expression: whenWritten(addsOnly("annotations", keys)),
    message,
    messageExpression: naming(message, addedBeside("annotations", keys)),
  };
}

const ownershipValidation: Validation = {
  expression: whenWritten(
    addsNone("metadata", "ownerReferences"),
    addsNone("metadata", "finalizers"),
    'object.spec.?finalizers.orValue([]).all(finalizer, finalizer == "kubernetes")',
  ),
  message:
    "Environments have no owner references and no finalizers: the former let others delete them, the latter keep them from being deleted.",
};

/** Annotations may be as large as etcd takes them, and so may what managers of fields say. */
const sizeValidation: Validation = {
  expression: whenWritten(takesAtMost(maximumObjectSize)),
  message: `The namespace of an environment takes at most ${maximumObjectSize}, with all its metadata.`,
};

/** The annotations are those that the pool's name gives, so that they hold pods nowhere else. */
function nodePoolValidations({ nodePools, requireNodePool }: PlatformSettings): Validation[] {
  const pool = label("object", labels.nodePool);
  const expected = Object.fromEntries(
    nodePools.map((name) => [name, nodePoolAnnotations({ name }, name)]),
  );
  const known = `${pool} in ${literal(nodePools)}`;
  return [
    {
      expression: whenWritten(requireNodePool ? known : `${known} || ${pool} == ""`),
      message: `The label ${labels.nodePool} names one of the node pools for environments: ${nodePools.join(", ") || "there is none"}.`,
    },
    ...(nodePools.length === 0
      ? []
      : [
          {
            expression: whenWritten(
              `${literal(Object.keys(nodePoolAnnotations({ name: "" }, "")))}.all(key, ` +
                `!(key in ${metadataMap("object", "annotations")}) || (${pool} in ${literal(expected)} && ` +
                `${literal(expected)}[${pool}][key] == object.metadata.annotations[key]))`,
            ),
            message: `The annotations for node selection are those of the pool that the label ${labels.nodePool} names.`,
          },
        ]),
  ];
}

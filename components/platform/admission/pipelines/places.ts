import { labels } from "../../../core/labels";
import { reviewPrefix } from "../../../core/names";
import { leaseNames, pipelineNamespace } from "../../../core/platformNames";
import { leases } from "../../rbac/pipelineLeases";
import { type AdmissionPolicy, type Validation } from "../validatingAdmissionPolicy";
import { literal, metadataValue, requestField } from "../cel";
import { isNamedFor, projectVariables, sentByPipeline } from "../senders";
import { type PlatformSettings } from "../../platformSettings";
import { writtenKinds } from "./writtenKinds";

const writing = ["CREATE", "UPDATE", "DELETE"];

/** What pipelines ask: tokens of deployers, and what everybody may ask about themselves. */
const askedResources: readonly string[] = [
  "/serviceaccounts/token",
  "authentication.k8s.io/selfsubjectreviews",
  "authorization.k8s.io/selfsubjectaccessreviews",
  "authorization.k8s.io/selfsubjectrulesreviews",
];

/**
 * Pipelines write a closed list of kinds, in environments of their own project only. It judges
 * every request but reads, those on subresources too, so that a right that a pipeline was given
 * by mistake gains it nothing.
 */
export function pipelinesTouchOnlyEnvironments(settings: PlatformSettings): AdmissionPolicy {
  return {
    name: "pipelines-touch-only-environments",
    rules: [{ apiGroups: ["*"], resources: ["*/*"], operations: ["*"] }],
    matchConditions: [sentByPipeline(settings)],
    variables: [
      ...projectVariables(settings),
      { name: "place", expression: requestField("namespace") },
      { name: "resource", expression: requestedResource },
      { name: "isLease", expression: isLease },
    ],
    validations: [kindValidation(settings), collectionValidation, placeValidation, leaseValidation],
  };
}

const requestedResource =
  'request.resource.group + "/" + request.resource.resource + ' +
  `(${requestField("subResource")} == "" ? "" : "/" + ${requestField("subResource")})`;

const isLease = `variables.resource == ${literal(`${leases.apiGroup}/${leases.resource}`)}`;

function kindValidation({ meshes }: PlatformSettings): Validation {
  const written = writtenKinds(meshes).flatMap(({ apiGroup, resources }) =>
    resources.map((resource) => `${apiGroup}/${resource}`),
  );
  return {
    expression:
      `variables.resource in ${literal(written)} ? request.operation in ${literal(writing)} : ` +
      `variables.isLease ? request.operation in ${literal(["CREATE", "UPDATE"])} : ` +
      `variables.resource in ${literal(askedResources)} && request.operation == "CREATE"`,
    message:
      "Pipelines write namespaces of environments and their walls, and nothing else. Deploy applications with a token of the environment's service account deployer.",
  };
}

const collectionValidation: Validation = {
  expression: `request.operation != "DELETE" || ${requestField("name")} != ""`,
  message: "Pipelines delete one object at a time, by its name.",
};

const placeValidation: Validation = {
  expression:
    'variables.place == "" || request.resource.resource == "namespaces" || variables.isLease || ' +
    "variables.projects.exists(project, " +
    `${isNamedFor("project", "variables.place")} && ` +
    `${metadataValue("namespaceObject", "labels", labels.kind)} == "review" && ` +
    `${metadataValue("namespaceObject", "labels", labels.project)} == project)`,
  message: `Pipelines write in environments of their own project only: in namespaces named ${reviewPrefix}<project>-… that carry its labels.`,
};

const leaseValidation: Validation = {
  expression:
    `!variables.isLease || (${requestField("name")} in ${literal(Object.values(leaseNames))} && ` +
    `variables.projects.exists(project, variables.place == ${literal(pipelineNamespace(""))} + project))`,
  message: `Pipelines write the Leases ${Object.values(leaseNames).join(" and ")} in the namespace of their own project's pipeline, and no others.`,
};

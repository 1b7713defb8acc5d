import { type AdmissionPolicy } from "../admissionPolicy";
import { literal } from "../cel";
import { projectVariables, sentByPipeline } from "../identities";
import { flowSchemaPrecedence, priorityLevelName } from "../platformNames";
import { type PlatformSettings } from "../platformSettings";
import { reviewPrefix } from "../../names";

/**
 * The FlowSchema of an environment puts its service accounts into the share of the API server that
 * environments have together, and nobody else into any.
 */
export function pipelinesKeepFlowSchemas(settings: PlatformSettings): AdmissionPolicy {
  return {
    name: "pipelines-keep-flow-schemas",
    rules: [
      {
        apiGroups: ["flowcontrol.apiserver.k8s.io"],
        resources: ["flowschemas"],
        operations: ["*"],
      },
    ],
    matchConditions: [sentByPipeline(settings)],
    variables: [
      ...projectVariables(settings),
      {
        name: "name",
        expression:
          'request.operation == "DELETE" ? oldObject.metadata.name : object.metadata.name',
      },
    ],
    validations: [
      {
        expression: `variables.projects.exists(project, variables.name.startsWith(${literal(reviewPrefix)} + project + "-"))`,
        message: `Pipelines make, change and delete flow schemas named like their own environments: ${reviewPrefix}<project>-….`,
      },
      {
        expression:
          'request.operation == "DELETE" || ' +
          `(object.spec.priorityLevelConfiguration.name == ${literal(priorityLevelName)} && object.spec.?matchingPrecedence.orValue(0) == ${flowSchemaPrecedence})`,
        message: `The flow schema of an environment has the priority level ${priorityLevelName} and the precedence ${flowSchemaPrecedence}.`,
      },
      {
        expression:
          'request.operation == "DELETE" || object.spec.?rules.orValue([]).all(rule, rule.subjects.all(subject, ' +
          'subject.kind == "Group" && subject.group.name == "system:serviceaccounts:" + variables.name))',
        message:
          "The flow schema of an environment is for the service accounts of the namespace of its name: the group system:serviceaccounts:<name>.",
      },
    ],
  };
}

import { reviewPrefix } from "../../../core/names";
import { maximumObjectSize } from "../../../core/rules";
import { type AdmissionPolicy } from "../validatingAdmissionPolicy";
import { literal, nameOfObject } from "../cel";
import { isNamedForOwnProject, projectVariables, sentByPipeline } from "../senders";
import { environmentFlowSchemaSpec, serviceAccountGroup } from "../../../core/flowSchema";
import { sizeOfObject, takesAtMost } from "../objectSize";
import { environmentLevelName } from "../../../core/platformNames";
import { type PlatformSettings } from "../../platformSettings";

const someNamespace = "NAMESPACE";
const someProject = "PROJECT";

/** Of a name that is for an environment of a project; a project has no hyphen. */
const projectOfName = 'variables.name.split("-")[?1].orValue("")';

/** What the component makes for the namespace of the flow schema's name. */
const expectedSpec = literal(environmentFlowSchemaSpec(someNamespace, someProject))
  .replace(
    literal(serviceAccountGroup(someNamespace)),
    `${literal(serviceAccountGroup(""))} + variables.name`,
  )
  .replace(
    literal(environmentLevelName(someProject)),
    `${literal(environmentLevelName(""))} + ${projectOfName}`,
  );

/**
 * The FlowSchema of an environment puts the environment's service accounts into its project's share of
 * the API server, and no other subject into any share.
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
      { name: "name", expression: nameOfObject },
      sizeOfObject,
    ],
    validations: [
      {
        expression: isNamedForOwnProject("variables.name"),
        message: `Pipelines make, change and delete flow schemas named like their own environments: ${reviewPrefix}<project>-….`,
      },
      {
        expression: `request.operation == "DELETE" || dyn(object.spec) == ${expectedSpec}`,
        message: `The flow schema of an environment puts all requests of its service accounts, the group ${serviceAccountGroup("<namespace>")}, into the priority level ${environmentLevelName("<project>")} of its project, as the component SecureEnvironment does.`,
      },
      {
        expression: `request.operation == "DELETE" || ${takesAtMost(maximumObjectSize)}`,
        message: `The flow schema of an environment takes at most ${maximumObjectSize}, with all its metadata.`,
      },
    ],
  };
}

import { dataResources, maximumObjectSize } from "../../../core/rules";
import { type AdmissionPolicy } from "../validatingAdmissionPolicy";
import { literal } from "../cel";
import { changesMoreThanFinalizers } from "../changes";
import {
  notSentByAdministrator,
  notSentByCluster,
  notSentByOperator,
  sentByPipeline,
} from "../senders";
import { sizeOfObject, takesAtMost } from "../objectSize";
import { type PlatformSettings } from "../../platformSettings";

/**
 * Objects of an environment are small: a client that changes large ones in a loop fills etcd, and then
 * no client of the whole cluster can write. What controllers make is made of what is judged here. Pipelines
 * have service accounts outside of environments, and are no operators.
 */
export function objectsStaySmall(settings: PlatformSettings): AdmissionPolicy {
  const { maximumDataSize } = settings;
  return {
    name: "objects-stay-small",
    isForEnvironments: true,
    rules: [{ apiGroups: ["*"], resources: ["*/*"], operations: ["CREATE", "UPDATE"] }],
    matchConditions: [
      notSentByAdministrator(settings),
      notSentByCluster,
      {
        ...notSentByOperator(settings),
        expression: `${sentByPipeline(settings).expression} || ${notSentByOperator(settings).expression}`,
      },
      changesMoreThanFinalizers,
    ],
    variables: [
      sizeOfObject,
      {
        name: "holdsData",
        expression:
          'request.resource.group == "" && ' +
          `request.resource.resource in ${literal(dataResources)}`,
      },
    ],
    validations: [
      {
        expression: `!variables.holdsData || ${takesAtMost(maximumDataSize)}`,
        message: `ConfigMaps and Secrets of an environment take at most ${maximumDataSize} each, with all their metadata. Put large data into an image or a volume.`,
      },
      {
        expression: `variables.holdsData || ${takesAtMost(maximumObjectSize)}`,
        message: `Objects of an environment take at most ${maximumObjectSize} each, with all their metadata. Put large values into a ConfigMap.`,
      },
    ],
  };
}

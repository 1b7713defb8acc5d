import { admissionObjects } from "./objects";
import { type AdmissionObjects, type AdmissionPolicy } from "./validatingAdmissionPolicy";
import {
  pipelinesKeepServiceAccounts,
  pipelinesMintOnlyDeployerTokens,
} from "./pipelines/serviceAccounts";
import { pipelinesBindOnlyPlatformRoles } from "./pipelines/roleBindings";
import { pipelinesMakeOnlyEnvironments } from "./pipelines/namespaces";
import { pipelinesKeepFlowSchemas } from "./pipelines/flowSchemas";
import { pipelinesKeepLimitRanges } from "./pipelines/limitRanges";
import { pipelinesWritePlainMetadata } from "./pipelines/metadata";
import { pipelinesKeepNetworkPolicies } from "./pipelines/networkPolicies";
import { pipelinesTouchOnlyEnvironments } from "./pipelines/places";
import { pipelinesKeepQuotas } from "./pipelines/resourceQuotas";
import { objectsHavePlainAnnotations } from "./environments/annotations";
import { disruptionBudgetsAllowDisruptions } from "./environments/disruptionBudgets";
import { ingressesKeepToTheirHosts, routesKeepToTheirHosts } from "./environments/hosts";
import { objectsHoldNoOthers } from "./environments/ownerReferences";
import {
  podsAreReachedByTheirNetwork,
  podsAreReportedOnByTheCluster,
  podsEndInTime,
  podsHoldNoApiTokens,
  podsPullTheirImages,
  podsStayOnTheirNodes,
} from "./environments/pods";
import { endpointsAreMadeByControllers, servicesStayInside } from "./environments/services";
import { serviceAccountsHoldNoTokens } from "./environments/serviceAccounts";
import { objectsStaySmall } from "./environments/objectSizes";
import { secretsHoldNoTokens, tokensAreMintedByPipelines } from "./environments/tokens";
import { claimsTakeFreshVolumes, podsMountTheirOwnVolumes } from "./environments/volumes";
import {
  environmentsHaveNoRoles,
  objectsLetTheirNamespaceGo,
  onlyPipelinesMoveWalls,
} from "./environments/walls";
import {
  objectsWaitForDefaultDeny,
  objectsWaitForLimitRange,
  objectsWaitForQuota,
} from "./environments/wallGates";
import { type PlatformSettings } from "../platformSettings";
import {
  environmentsKeepTheirNamespace,
  markersAreNotForged,
  protectedNamespacesStay,
} from "./namespaces";

/** All admission policies of a platform with their bindings. */
export function platformPolicies(settings: PlatformSettings): AdmissionObjects[] {
  return [...fence(settings), ...guardRails(settings), ...protection(settings)].map(
    admissionObjects,
  );
}

/** What pipelines may do with the rights that they have everywhere. */
function fence(settings: PlatformSettings): AdmissionPolicy[] {
  return [
    pipelinesTouchOnlyEnvironments(settings),
    pipelinesMakeOnlyEnvironments(settings),
    pipelinesWritePlainMetadata(settings),
    pipelinesKeepQuotas(settings),
    pipelinesKeepLimitRanges(settings),
    pipelinesKeepNetworkPolicies(settings),
    pipelinesKeepServiceAccounts(settings),
    pipelinesMintOnlyDeployerTokens(settings),
    pipelinesBindOnlyPlatformRoles(settings),
    pipelinesKeepFlowSchemas(settings),
  ];
}

/** What holds in environments for everybody. */
function guardRails(settings: PlatformSettings): AdmissionPolicy[] {
  return [
    onlyPipelinesMoveWalls(settings),
    environmentsHaveNoRoles(settings),
    objectsLetTheirNamespaceGo(settings),
    objectsHoldNoOthers(settings),
    objectsHavePlainAnnotations(settings),
    objectsWaitForDefaultDeny(settings),
    objectsWaitForQuota(settings),
    objectsWaitForLimitRange(settings),
    objectsStaySmall(settings),
    podsStayOnTheirNodes(settings),
    podsEndInTime,
    podsHoldNoApiTokens(settings),
    ...(settings.alwaysPullImages ? [podsPullTheirImages] : []),
    podsAreReachedByTheirNetwork(settings),
    podsAreReportedOnByTheCluster(settings),
    servicesStayInside,
    endpointsAreMadeByControllers(settings),
    disruptionBudgetsAllowDisruptions(settings),
    serviceAccountsHoldNoTokens(settings),
    secretsHoldNoTokens,
    tokensAreMintedByPipelines(settings),
    ingressesKeepToTheirHosts(settings),
    routesKeepToTheirHosts(settings),
    claimsTakeFreshVolumes(settings),
    podsMountTheirOwnVolumes(settings),
  ];
}

/** What holds for all namespaces, not only for those of environments. */
function protection(settings: PlatformSettings): AdmissionPolicy[] {
  return [
    markersAreNotForged(settings),
    environmentsKeepTheirNamespace(settings),
    protectedNamespacesStay(settings),
  ];
}

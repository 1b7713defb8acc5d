import { admissionObjects } from "./admissionObjects";
import { type AdmissionObjects, type AdmissionPolicy } from "./admissionPolicy";
import { pipelinesKeepServiceAccounts, pipelinesMintOnlyDeployerTokens } from "./fence/accounts";
import { pipelinesBindOnlyPlatformRoles } from "./fence/bindings";
import { pipelinesMakeOnlyEnvironments } from "./fence/environments";
import { pipelinesKeepFlowSchemas } from "./fence/flowSchemas";
import { pipelinesKeepLimitRanges } from "./fence/limitRanges";
import { pipelinesWritePlainMetadata } from "./fence/metadata";
import { pipelinesKeepNetworkPolicies } from "./fence/networkPolicies";
import { pipelinesTouchOnlyEnvironments } from "./fence/places";
import { pipelinesKeepQuotas } from "./fence/quotas";
import { objectsHavePlainAnnotations } from "./guardRails/annotations";
import { ingressesKeepToTheirHosts, routesKeepToTheirHosts } from "./guardRails/hosts";
import { objectsHoldNoOthers } from "./guardRails/owners";
import {
  podsAreReachedByTheirNetwork,
  podsAreReportedOnByTheCluster,
  podsEndInTime,
  podsHoldNoApiTokens,
  podsPullTheirImages,
  podsStayOnTheirNodes,
} from "./guardRails/pods";
import { endpointsAreMadeByControllers, servicesStayInside } from "./guardRails/services";
import { objectsStaySmall } from "./guardRails/sizes";
import { secretsHoldNoTokens, tokensAreMintedByPipelines } from "./guardRails/tokens";
import { claimsTakeFreshVolumes, podsMountTheirOwnVolumes } from "./guardRails/volumes";
import {
  environmentsHaveNoRoles,
  objectsLetTheirNamespaceGo,
  onlyPipelinesMoveWalls,
} from "./guardRails/walls";
import {
  objectsWaitForDefaultDeny,
  objectsWaitForLimitRange,
  objectsWaitForQuota,
} from "./guardRails/wallGates";
import { type ReviewPlatformArgs } from "./platformArgs";
import { type PlatformSettings, platformSettings } from "./platformSettings";
import {
  environmentsKeepTheirNamespace,
  markersAreNotForged,
  protectedNamespacesStay,
} from "./protection";

/** All admission policies of a platform with their bindings. The arguments must have no problem. */
export function platformPolicies(args: ReviewPlatformArgs): AdmissionObjects[] {
  const settings = platformSettings(args);
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
    podsAreReachedByTheirNetwork,
    podsAreReportedOnByTheCluster,
    servicesStayInside,
    endpointsAreMadeByControllers(settings),
    secretsHoldNoTokens,
    tokensAreMintedByPipelines(settings),
    ingressesKeepToTheirHosts(settings),
    routesKeepToTheirHosts(settings),
    claimsTakeFreshVolumes(settings),
    podsMountTheirOwnVolumes(settings),
  ];
}

/** What holds for namespaces, whoever's they are. */
function protection(settings: PlatformSettings): AdmissionPolicy[] {
  return [
    markersAreNotForged(settings),
    environmentsKeepTheirNamespace(settings),
    protectedNamespacesStay(settings),
  ];
}

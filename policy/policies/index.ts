import { type AnyPolicy } from "../policy";
import { annotationsAddressNobody } from "./annotations";
import { bindingsAreNarrow } from "./bindings";
import { quotasAreWithinCeilings } from "./capacity";
import { claimsTakeFreshVolumes } from "./claims";
import { objectsEndInTime } from "./deletion";
import { disruptionBudgetsAllowDisruptions } from "./disruptionBudgets";
import { environmentIsOnOneCluster } from "./environmentCluster";
import { environmentDeniesByDefault } from "./environmentDefaultDeny";
import { environmentCannotDisplaceOthers } from "./environmentDisplacement";
import { environmentHasLimitRange } from "./environmentLimitRange";
import { environmentHasMutualTls } from "./environmentMesh";
import { environmentIsSelfContained } from "./environmentPlaces";
import { environmentHasQuota } from "./environmentQuota";
import { environmentGivesNoTokens } from "./environmentTokens";
import { nothingOutlivesItsExpiry } from "./expiry";
import { environmentHasFlowSchema, flowSchemasAreTheEnvironmentsOwn } from "./flowSchemas";
import { hostsAreTheEnvironmentsOwn } from "./hosts";
import { imagesComeFromAllowedRegistries } from "./images";
import { namespacesAreNotProtected } from "./names";
import { networkPoliciesNameTheirPeers } from "./networkPeers";
import { networkPoliciesNameTheirPorts } from "./networkPorts";
import { networkPoliciesSpareWhatIsProtected } from "./networkProtection";
import { environmentExpires, stackOwnsOnlyItsEnvironment } from "./ownership";
import { objectsAreNotPatched } from "./patches";
import { namespacesEnforcePodSecurity } from "./podSecurity";
import { providersOnlyMakeObjects } from "./providers";
import { containersHaveResources } from "./resources";
import { quotasFitTogether } from "./quotaSums";
import { rolesAreNarrow } from "./roles";
import { routesStayInside } from "./routes";
import { servicesStayInside } from "./services";
import { noLastingTokens, podsHaveNoTokens } from "./tokens";
import { objectsAreInNamespaces, objectsAreVisible, typesAreTrue } from "./types";
import { wallsFollowTheirProgram } from "./wallChanges";
import { wallsComeFirst } from "./wallOrder";
import { workloadsFitTheirEnvironment } from "./workloadFit";
import { podsAreRestricted } from "./workloads";

/** All policies of the pack: first that walls are there, then that nothing breaks them. */
export const policies: readonly AnyPolicy[] = [
  environmentHasQuota,
  environmentHasLimitRange,
  environmentCannotDisplaceOthers,
  environmentDeniesByDefault,
  environmentHasMutualTls,
  environmentGivesNoTokens,
  environmentHasFlowSchema,
  environmentIsSelfContained,
  environmentIsOnOneCluster,
  wallsComeFirst,
  environmentExpires,
  nothingOutlivesItsExpiry,
  stackOwnsOnlyItsEnvironment,
  quotasFitTogether,
  quotasAreWithinCeilings,
  networkPoliciesNameTheirPeers,
  networkPoliciesNameTheirPorts,
  networkPoliciesSpareWhatIsProtected,
  namespacesEnforcePodSecurity,
  namespacesAreNotProtected,
  rolesAreNarrow,
  bindingsAreNarrow,
  flowSchemasAreTheEnvironmentsOwn,
  noLastingTokens,
  podsHaveNoTokens,
  podsAreRestricted,
  containersHaveResources,
  workloadsFitTheirEnvironment,
  imagesComeFromAllowedRegistries,
  servicesStayInside,
  hostsAreTheEnvironmentsOwn,
  routesStayInside,
  claimsTakeFreshVolumes,
  annotationsAddressNobody,
  objectsEndInTime,
  disruptionBudgetsAllowDisruptions,
  typesAreTrue,
  objectsAreVisible,
  objectsAreInNamespaces,
  objectsAreNotPatched,
  providersOnlyMakeObjects,
  wallsFollowTheirProgram,
];

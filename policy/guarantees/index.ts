import { type AnyGuarantee } from "../policyPack";
import { bindingsAreNarrow } from "./bindings";
import { quotasAreWithinCeilings } from "./capacity";
import { environmentDeniesByDefault } from "./environmentDefaultDeny";
import { environmentCannotDisplaceOthers } from "./environmentDisplacement";
import { environmentHasLimitRange } from "./environmentLimitRange";
import { environmentHasMutualTls } from "./environmentMesh";
import { environmentIsSelfContained } from "./environmentPlaces";
import { environmentHasQuota } from "./environmentQuota";
import { environmentGivesNoTokens } from "./environmentTokens";
import { environmentHasFlowSchema, flowSchemasAreTheEnvironmentsOwn } from "./flowSchemas";
import { hostsAreTheEnvironmentsOwn } from "./hosts";
import { imagesComeFromAllowedRegistries } from "./images";
import { namespacesAreNotProtected } from "./names";
import { networkPoliciesNameTheirPeers } from "./networkPeers";
import { networkPoliciesSpareWhatIsProtected } from "./networkProtection";
import { environmentExpires, stackOwnsOnlyItsEnvironment } from "./ownership";
import { objectsAreNotPatched } from "./patches";
import { namespacesEnforcePodSecurity } from "./podSecurity";
import { providersOnlyMakeObjects } from "./providers";
import { containersHaveResources } from "./resources";
import { quotasFitTogether } from "./quotaSums";
import { rolesAreNarrow } from "./roles";
import { servicesStayInside } from "./services";
import { noLastingTokens, podsHaveNoTokens } from "./tokens";
import { objectsAreInNamespaces, objectsAreVisible, typesAreTrue } from "./types";
import { wallsFollowTheirProgram } from "./wallChanges";
import { podsAreRestricted } from "./workloads";

/** All that the pack guarantees: first that walls are there, then that nothing breaks them. */
export const guarantees: readonly AnyGuarantee[] = [
  environmentHasQuota,
  environmentHasLimitRange,
  environmentCannotDisplaceOthers,
  environmentDeniesByDefault,
  environmentHasMutualTls,
  environmentGivesNoTokens,
  environmentHasFlowSchema,
  environmentIsSelfContained,
  environmentExpires,
  stackOwnsOnlyItsEnvironment,
  quotasFitTogether,
  quotasAreWithinCeilings,
  networkPoliciesNameTheirPeers,
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
  imagesComeFromAllowedRegistries,
  servicesStayInside,
  hostsAreTheEnvironmentsOwn,
  typesAreTrue,
  objectsAreVisible,
  objectsAreInNamespaces,
  objectsAreNotPatched,
  providersOnlyMakeObjects,
  wallsFollowTheirProgram,
];

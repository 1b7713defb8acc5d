import { type AnyGuarantee } from "../policyPack";
import { bindingsAreNarrow } from "./bindings";
import { quotasAreWithinCeilings } from "./capacity";
import {
  environmentCannotDisplaceOthers,
  environmentDeniesByDefault,
  environmentHasLimitRange,
  environmentHasQuota,
  environmentIsSelfContained,
  quotasFitTogether,
} from "./environment";
import { flowSchemasAreTheEnvironmentsOwn } from "./flowSchemas";
import { imagesComeFromAllowedRegistries } from "./images";
import { namespacesAreNotProtected } from "./names";
import { networkPoliciesNameTheirPeers, networkPoliciesSpareWhatIsProtected } from "./network";
import { environmentExpires, stackOwnsOnlyItsEnvironment } from "./ownership";
import { namespacesEnforcePodSecurity } from "./podSecurity";
import { containersHaveResources } from "./resources";
import { rolesAreNarrow } from "./roles";
import { hostsAreTheEnvironmentsOwn, servicesStayInside } from "./services";
import { noLastingTokens, podsHaveNoTokens } from "./tokens";
import { objectsAreInNamespaces, objectsAreVisible, typesAreTrue } from "./types";
import { objectsAreNotPatched, providersOnlyMakeObjects, wallsFollowTheirProgram } from "./updates";
import { podsAreRestricted } from "./workloads";

/** All that the pack guarantees: first that walls are there, then that nothing breaks them. */
export const guarantees: readonly AnyGuarantee[] = [
  environmentHasQuota,
  environmentHasLimitRange,
  environmentCannotDisplaceOthers,
  environmentDeniesByDefault,
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

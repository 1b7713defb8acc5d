import { accountAttacks } from "./accounts";
import { annotationAttacks } from "./annotations";
import { type Attack } from "./attack";
import { bindingAttacks, controllerBindingAttacks } from "./bindings";
import { budgetAttacks } from "./budgets";
import {
  almightyAttacks,
  certificateAttacks,
  clusterAttacks,
  impersonationAttacks,
  schedulerPassages,
} from "./cluster";
import { cloudIdentityAttacks, cloudIdentityPassages } from "./cloudIdentities";
import { clusterWriterAttacks, clusterWriterPassages } from "./clusterWriters";
import { existingNamespaceAttacks } from "./existingNamespaces";
import { flowSchemaAttacks } from "./flowSchemas";
import { foreignNamespaceAttacks } from "./foreignNamespaces";
import { guestAccountAttacks } from "./guestAccount";
import { hostAttacks, hostPassages } from "./hosts";
import { insideAttacks } from "./inside";
import { metadataAttacks } from "./metadata";
import { namespaceWallAttacks } from "./namespaceWall";
import { missingWallAttacks } from "./missingWalls";
import { listedPeerAttacks, networkPolicyAttacks, nodeHoleAttacks } from "./networkPolicies";
import { newEnvironmentAttacks } from "./newEnvironments";
import { ownerAttacks } from "./owners";
import { type Passage } from "./passage";
import { podAttacks } from "./pods";
import { listedNamespaceAttacks, protectionAttacks } from "./protection";
import { quotaAttacks } from "./quotas";
import { sizeAttacks } from "./sizes";
import { stuckAttacks } from "./stuck";
import { updateAttacks } from "./updates";
import { verifierPassages } from "./verifier";
import { wallUpdateAttacks } from "./wallUpdates";
import { wallAttacks } from "./walls";
import { wayAttacks } from "./ways";

/** Every attack, by its class. */
export const attackClasses: Readonly<Record<string, readonly Attack[]>> = {
  "a pipeline outside its environments": foreignNamespaceAttacks,
  "new namespaces": newEnvironmentAttacks,
  "namespaces that are there": existingNamespaceAttacks,
  "labels, annotations, owners and finalizers": [...metadataAttacks, ...clusterWriterAttacks],
  "quotas and limit ranges": quotaAttacks,
  "network policies": [...networkPolicyAttacks, ...nodeHoleAttacks, ...listedPeerAttacks],
  "roles and bindings": [...bindingAttacks, ...controllerBindingAttacks],
  "service accounts and tokens": [...accountAttacks, ...cloudIdentityAttacks],
  "shares of the API server": flowSchemaAttacks,
  "what is made where walls are missing": missingWallAttacks,
  "budgets of disruptions": budgetAttacks,
  "objects that fill the store": sizeAttacks,
  pods: podAttacks,
  "services, hosts, secrets and volumes": [...wayAttacks, ...hostAttacks],
  "what holds a namespace in its deletion": stuckAttacks,
  "owners that objects hold": ownerAttacks,
  "annotations by which others act": annotationAttacks,
  "changes of what is there": updateAttacks,
  "changes of the metadata of walls": wallUpdateAttacks,
  "secrets, settings and code in pods": insideAttacks,
  walls: wallAttacks,
  "the namespace of an environment": namespaceWallAttacks,
  "protected namespaces and markers": [...protectionAttacks, ...listedNamespaceAttacks],
  "a controller that was let in": guestAccountAttacks,
  "the cluster and what is others'": clusterAttacks,
  impersonation: impersonationAttacks,
  certificates: certificateAttacks,
  "a pipeline that RBAC lets do anything": almightyAttacks,
};

/** Everything that has to be let through, beside the twins of attacks, by its class. */
export const passageClasses: Readonly<Record<string, readonly Passage[]>> = {
  "what the verifier looks at": verifierPassages,
  "what an application does to be reached": hostPassages,
  "what pods are for a cloud": cloudIdentityPassages,
  "what a second scheduler does": schedulerPassages,
  "what the cluster's own webhooks and policies add": clusterWriterPassages,
};

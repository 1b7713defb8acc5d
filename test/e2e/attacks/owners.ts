import {
  type ApiRequest,
  bent,
  corePath,
  groupPath,
  patchRequest,
  postRequest,
} from "../support/apiRequests";
import { compliantDeployment } from "../support/workloads";
import { type Attack, byEach, type Attempt, attemptsBy } from "./attack";
import { type Attacker, idle } from "./attackers";
import { newClaim, newConfigMap, newPod } from "./guestRequests";
import { login } from "./places";
import { guardRails } from "./reasons";
import { byAccessControl } from "./refusal";

/**
 * The garbage collector finds owners by their `uid` alone, in other namespaces and outside of any as
 * well: an object that blocks its owner's deletion holds whatever that is.
 */

const owner = {
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "RoleBinding",
  name: "contractor",
  uid: "11111111-1111-1111-1111-111111111111",
};
const blocking = { ...owner, blockOwnerDeletion: true };
const harm = "what has that uid, in whichever namespace, would never go";

const owned = (request: ApiRequest, reference: object): ApiRequest =>
  bent(request, { metadata: { ownerReferences: [reference] } });

const settings = corePath(login, "configmaps/settings");
const changed = (reference: object): ApiRequest =>
  patchRequest(settings, { metadata: { ownerReferences: [reference] } });

function attemptsOn(kind: string, request: ApiRequest): Attempt[] {
  return [
    ["that blocks", blocking],
    ["that blocks as its controller", { ...blocking, controller: true }],
  ].map(([what, reference]) => ({
    what: `makes ${kind} with an owner ${what as string} the owner's deletion`,
    harm,
    request: owned(request, reference as object),
    refusal: guardRails.owners,
  }));
}

const blockingUpdate: Attempt = {
  what: "has a config map that is there block the deletion of another owner",
  harm,
  request: changed(blocking),
  refusal: guardRails.owners,
};

const statefulSet = (template: object): ApiRequest => {
  const { spec } = compliantDeployment("database");
  return postRequest(groupPath(login, "apps", "statefulsets"), {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name: "database" },
    spec: { ...spec, serviceName: "database", volumeClaimTemplates: [template] },
  });
};
const claim = newClaim(login).body!;
const ownedTemplate: Attempt = {
  what: "makes a stateful set whose claims block their owner's deletion",
  harm,
  request: statefulSet(owned({ ...newClaim(login) }, blocking).body!),
  refusal: guardRails.ownersOfTemplate,
};

/** By whoever writes objects; owners that do not block are the twins. */
export function ownersBy(writers: readonly Attacker[]): Attack[] {
  return writers.flatMap((who) => [
    ...[newConfigMap(login), newPod(login), newClaim(login)].flatMap((request, index) =>
      attemptsBy(
        who,
        owned(request, owner),
        attemptsOn(["a config map", "a pod", "a claim"][index]!, request),
      ),
    ),
    ...attemptsBy(who, changed(owner), [blockingUpdate]),
    ...attemptsBy(who, statefulSet(claim), [ownedTemplate]),
  ]);
}

/** Operators do it where administrators have listed them. */
export const ownerAttacks: readonly Attack[] = [
  ...ownersBy(["developer", "debugger", "deployer", "misboundAdmin", "misboundClusterAdmin"]),
  {
    who: "unlistedOperator",
    ...blockingUpdate,
    twin: { by: "listedOperator", request: blockingUpdate.request },
  },
  ...byEach(idle, {
    what: "gives a config map an owner",
    harm: "it would go with it",
    request: changed(owner),
    refusal: byAccessControl,
  }),
];

import {
  type ApiRequest,
  bent,
  deleteRequest,
  groupPath,
  patchRequest,
  seizingRequest,
} from "../support/apiRequests";
import { type Attack } from "./attack";
import { type Attacker } from "./attackers";
import {
  newBinding,
  newDefaultDeny,
  newDeployerAccount,
  newDeployerToken,
  newLimitRange,
  newQuota,
} from "./pipelineRequests";
import { bare, cart, draft, foreignNamespaces, login, type Place, post } from "./places";
import { fence } from "./reasons";

/** What a pipeline does in its environments, and what it would be anywhere else. */
interface Deed {
  readonly what: string;
  readonly harm: string;
  /** Whether the environment has to have its walls for it. */
  readonly onWalls?: boolean;
  readonly request: (place: Place) => ApiRequest;
}

const deeds: readonly Deed[] = [
  {
    what: "makes a quota",
    harm: "nothing could be deployed any more",
    request: newQuota,
  },
  {
    what: "makes a limit range",
    harm: "new pods would be cut down or refused",
    request: newLimitRange,
  },
  {
    what: "makes a network policy that denies everything",
    harm: "nobody could be reached any more",
    request: newDefaultDeny,
  },
  {
    what: "makes a service account",
    harm: "an account of an attacker would be trusted for its namespace",
    request: newDeployerAccount,
  },
  {
    what: "lets developers in",
    harm: "developers would change what runs there",
    request: newBinding,
  },
  {
    what: "asks for a token of `deployer`",
    harm: "whatever the account may would be the attacker's",
    onWalls: true,
    request: newDeployerToken,
  },
  {
    what: "changes a network policy",
    harm: "a wall would be somebody else's",
    onWalls: true,
    request: (place) =>
      patchRequest(`${groupPath(place, "networking.k8s.io", "networkpolicies")}/hole-database`, {
        metadata: { annotations: { "secure-environment/reason": "theirs now" } },
      }),
  },
  {
    what: "seizes a network policy by server-side apply",
    harm: "a wall would be somebody else's",
    onWalls: true,
    request: (place) =>
      seizingRequest(`${groupPath(place, "networking.k8s.io", "networkpolicies")}/hole-database`, {
        apiVersion: "networking.k8s.io/v1",
        kind: "NetworkPolicy",
        metadata: { annotations: { "secure-environment/reason": "theirs now" } },
      }),
  },
  {
    what: "deletes a network policy",
    harm: "a wall would be gone",
    onWalls: true,
    request: (place) =>
      deleteRequest(`${groupPath(place, "networking.k8s.io", "networkpolicies")}/hole-database`),
  },
];

/** Every deed of a pipeline outside its environments; its twin is the same deed inside. */
export const foreignNamespaceAttacks: readonly Attack[] = [
  ...Object.entries(foreignNamespaces).flatMap(([what, namespace]) =>
    deedsIn("shopPipeline", what, { ...login, namespace }),
  ),
  ...(["shopIdentityProvider", "secondAccount", "almightyPipeline"] as const).flatMap((who) => [
    ...deedsIn(who, "production", { ...login, namespace: "production" }),
    ...deedsIn(who, "another project's environment", post),
  ]),
  ...deedsIn("blogPipeline", "production", { ...post, namespace: "production" }),
  ...deedsIn("blogPipeline", "another project's environment", login),
];

function deedsIn(who: Attacker, where: string, place: Place): Attack[] {
  const [walled, empty] = who === "blogPipeline" ? [post, draft] : [cart, bare];
  return deeds.map(({ what, harm, onWalls, request }) => ({
    who,
    what: `${what} in ${where}`,
    harm,
    request: unlabelled(request(place)),
    refusal: fence.foreignPlace,
    twin: { by: who, request: unlabelled(request(onWalls === true ? walled : empty)) },
  }));
}

/** Labels that say whose it is are compared with those of the place: here the place alone counts. */
export function unlabelled(request: ApiRequest): ApiRequest {
  return request.method === "POST" ? bent(request, { metadata: { labels: null } }) : request;
}

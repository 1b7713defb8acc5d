import {
  type ApiRequest,
  corePath,
  deleteRequest,
  groupPath,
  patchRequest,
  postRequest,
  seizingRequest,
} from "../support/apiRequests";
import { type Attack, byEach, type Attempt, attemptsBy } from "./attack";
import { guests } from "./attackers";
import { inside, newNetworkPolicy } from "./pipelineRequests";
import { leaving, login, type Place } from "./places";
import { fence, guardRails } from "./reasons";
import { byAccessControl, byEscalationCheck, type Refusal } from "./refusal";

/** The walls of an environment, and whoever wants them gone. */

const networkingGroup = "networking.k8s.io";
const rbacGroup = "rbac.authorization.k8s.io";
const quotas = corePath(login, "resourcequotas");
const policies = groupPath(login, networkingGroup, "networkpolicies");
const bindings = groupPath(login, rbacGroup, "rolebindings");
const accounts = corePath(login, "serviceaccounts");

interface Wall {
  readonly what: string;
  readonly path: string;
  readonly apiVersion: string;
  readonly kind: string;
  /** The policy by which a pipeline keeps it; none where a pipeline may remove it. */
  readonly keptBy?: Refusal;
}

const wallsOf = (place: Place): readonly Wall[] => [
  {
    what: "the quota",
    path: `${corePath(place, "resourcequotas")}/environment`,
    apiVersion: "v1",
    kind: "ResourceQuota",
    keptBy: fence.quotaStays,
  },
  {
    what: "the quota of priorities",
    path: `${corePath(place, "resourcequotas")}/no-system-priority`,
    apiVersion: "v1",
    kind: "ResourceQuota",
    keptBy: fence.quotaStays,
  },
  {
    what: "the limit range",
    path: `${corePath(place, "limitranges")}/environment`,
    apiVersion: "v1",
    kind: "LimitRange",
    keptBy: fence.limitRangeStays,
  },
  ...["default-deny", "same-environment", "dns"].map((name) => ({
    what: `the network policy ${name}`,
    path: `${groupPath(place, networkingGroup, "networkpolicies")}/${name}`,
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    keptBy: fence.networkStays,
  })),
  {
    what: "the binding of developers",
    path: `${groupPath(place, rbacGroup, "rolebindings")}/developer`,
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "RoleBinding",
  },
  {
    what: "the account of pods",
    path: `${corePath(place, "serviceaccounts")}/default`,
    apiVersion: "v1",
    kind: "ServiceAccount",
    keptBy: fence.accountsStay,
  },
  {
    what: "the deployer's account",
    path: `${corePath(place, "serviceaccounts")}/deployer`,
    apiVersion: "v1",
    kind: "ServiceAccount",
    keptBy: fence.accountsStay,
  },
];

const walls = wallsOf(login);

/** Each wall, by each verb that moves it. */
function moves({ what, path, apiVersion, kind }: Wall): Omit<Attempt, "refusal">[] {
  const metadata = { labels: { moved: "yes" } };
  return [
    {
      what: `changes ${what}`,
      harm: "it would be none",
      request: patchRequest(path, { metadata }),
    },
    { what: `deletes ${what}`, harm: "it would be gone", request: deleteRequest(path) },
    {
      what: `seizes ${what} by server-side apply`,
      harm: "its fields would be theirs",
      request: seizingRequest(path, { apiVersion, kind, metadata }),
    },
  ];
}

const collections: readonly (readonly [what: string, path: string])[] = [
  ["every quota", quotas],
  ["every limit range", corePath(login, "limitranges")],
  ["every network policy", policies],
  ["every binding", bindings],
  ["every service account", accounts],
];

const collectionMoves = collections.map(([what, path]) => ({
  what: `deletes ${what} at once`,
  harm: "every wall of the kind would be gone",
  request: deleteRequest(path),
}));

/** Of the walls these are what a pipeline may remove: one at a time. */
const everyBinding = {
  what: "deletes every binding at once",
  harm: "nobody would know any more who was let in",
  request: deleteRequest(bindings),
};

const openNetwork = newNetworkPolicy(login, "open", {
  podSelector: {},
  policyTypes: ["Ingress", "Egress"],
  ingress: [{}],
  egress: [{}],
});
const openings: readonly Omit<Attempt, "refusal">[] = [
  {
    what: "adds a network policy that allows everything",
    harm: "policies only add: the network would be open",
    request: openNetwork,
  },
  {
    what: "adds a quota of no pods",
    harm: "nothing would start in the environment any more",
    request: postRequest(quotas, inside(login, "mine", { spec: { hard: { pods: "0" } } })),
  },
  {
    what: "says in the quota's status that nothing is used",
    harm: "everything would be admitted until the controller looks again",
    request: patchRequest(`${quotas}/environment/status`, { status: { used: { pods: "0" } } }),
  },
];

const role: ApiRequest = postRequest(groupPath(login, rbacGroup, "roles"), {
  ...inside(login, "mine", {}),
  rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }],
});

/** What `admin` of Kubernetes gives, and what it does not. */
const misboundAdminMoves: readonly Attempt[] = [
  { ...openings[0]!, refusal: guardRails.walls },
  ...moves(walls[0]!).map((move) => ({ ...move, refusal: byAccessControl })),
  ...moves(walls[3]!).map((move) => ({ ...move, refusal: guardRails.walls })),
  ...moves(walls[6]!).map((move) => ({
    ...move,
    refusal: move.request.method === "DELETE" ? guardRails.walls : byEscalationCheck,
  })),
  { ...collectionMoves[2]!, refusal: guardRails.walls },
  {
    what: "writes a Role",
    harm: "rights that nobody listed could be bound",
    request: role,
    refusal: guardRails.roles,
  },
  {
    what: "lets somebody in",
    harm: "whoever was let in would be on no list",
    request: postRequest(bindings, {
      ...inside(login, "friend", {}),
      roleRef: { apiGroup: rbacGroup, kind: "ClusterRole", name: "view" },
      subjects: [{ apiGroup: rbacGroup, kind: "User", name: "eve" }],
    }),
    refusal: guardRails.walls,
  },
  {
    what: "mints a token of the deployer",
    harm: "it would outlive the access of whoever asked",
    request: postRequest(`${accounts}/deployer/token`, { spec: {} }),
    refusal: guardRails.mintedTokens,
  },
];

/** The deployer may write service accounts, but not those of the environment itself. */
function isOfAccount({ request }: Omit<Attempt, "refusal">): boolean {
  return request.path.startsWith(`${accounts}/`);
}

/** What a pipeline removes of its environment: what it has opened. */
function removeHole(place: Pick<Place, "namespace">): ApiRequest {
  return deleteRequest(`${groupPath(place, networkingGroup, "networkpolicies")}/hole-database`);
}

/** Walls that are moved, by whoever may not. */
export const wallAttacks: readonly Attack[] = [
  ...[...walls.flatMap(moves), ...collectionMoves, ...openings].flatMap((move) =>
    byEach(
      guests.filter((who) => who !== "deployer" || !isOfAccount(move)),
      { ...move, refusal: byAccessControl },
    ),
  ),
  ...walls
    .flatMap(moves)
    .filter(isOfAccount)
    .flatMap((move) => byEach(["deployer"], { ...move, refusal: guardRails.walls })),
  ...[...walls.flatMap(moves), ...collectionMoves, ...openings].flatMap((move) =>
    byEach(["misboundClusterAdmin"], { ...move, refusal: guardRails.walls }),
  ),
  ...misboundAdminMoves.flatMap((move) => byEach(["misboundAdmin"], move)),
  ...attemptsBy("almightyPipeline", removeHole(login), [
    { ...everyBinding, refusal: fence.manyAtOnce },
  ]),
  ...(["shopPipeline", "secondAccount", "almightyPipeline"] as const).flatMap((who) => [
    ...attemptsBy(who, removeHole(login), removals(login, "its environment")),
    ...attemptsBy(who, removeHole(leaving), removals(leaving, "an environment that is deleted")),
  ]),
];

/** The walls that stay as long as there may be pods. */
function removals(place: Place, whose: string): Attempt[] {
  return wallsOf(place).flatMap(({ what, path, keptBy }) =>
    keptBy === undefined
      ? []
      : [
          {
            what: `deletes ${what} of ${whose}`,
            harm: "pods would run without it",
            request: deleteRequest(path),
            refusal: keptBy,
          },
        ],
  );
}

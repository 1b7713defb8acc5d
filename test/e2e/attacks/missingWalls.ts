import { type ApiRequest, corePath, patchRequest } from "../support/apiRequests";
import { type Attack, byEach, type Attempt, attemptsBy } from "./attack";
import { walllessFromBefore } from "./aged";
import { type Attacker, idle } from "./attackers";
import {
  newBoundedPod,
  newClaim,
  newConfigMap,
  newDeployment,
  newSecret,
  newService,
} from "./guestRequests";
import {
  aged,
  login,
  type Place,
  withLimitsOfMemoryOnly,
  withoutDefaultDeny,
  withoutLimitRange,
  withoutQuota,
  withPartialDefaultDeny,
  withQuotaOfPodsOnly,
  withUncountedQuota,
} from "./places";
import { guardRails } from "./reasons";
import { byAccessControl, type Refusal } from "./refusal";

/** What is made where walls are missing, weak, or not in force yet. */

type Row = readonly [where: string, harm: string, place: Place, refusal: Refusal];

const wallsMissing: readonly Row[] = [
  [
    "where nothing denies by default",
    "it would reach everything",
    withoutDefaultDeny,
    guardRails.denialMissing,
  ],
  [
    "where the denial holds for other pods only",
    "it would reach everything",
    withPartialDefaultDeny,
    guardRails.denialWeak,
  ],
  [
    "where no quota counts it",
    "it would take as much as there is",
    withoutQuota,
    guardRails.quotaMissing,
  ],
  [
    "where the quota counts pods and nothing else",
    "it would take as much as there is",
    withQuotaOfPodsOnly,
    guardRails.quotaWeak,
  ],
  [
    "where the quota is not counted yet",
    "it would take as much as there is, and keep it",
    withUncountedQuota,
    guardRails.quotaLate,
  ],
  [
    "where no limit range bounds it",
    "what it does not declare would not be counted",
    withoutLimitRange,
    guardRails.limitRangeMissing,
  ],
  [
    "where the limit range leaves most of it unbounded",
    "what it does not declare would not be counted",
    withLimitsOfMemoryOnly,
    guardRails.limitRangeWeak,
  ],
];

interface Made {
  readonly what: string;
  readonly by: readonly Attacker[];
  readonly request: (place: Place) => ApiRequest;
}

const writers = ["developer", "debugger", "deployer", "misboundAdmin"] as const;

const made: readonly Made[] = [
  { what: "runs a pod", by: writers, request: newBoundedPod },
  { what: "claims a volume", by: writers, request: newClaim },
  { what: "makes a service", by: writers, request: newService },
  { what: "makes a config map", by: writers, request: newConfigMap },
  { what: "deploys", by: writers, request: (place) => newDeployment(place, "waiting") },
  { what: "makes a secret", by: ["deployer", "misboundAdmin"], request: newSecret },
];

const more = { cpu: "200m", memory: "64Mi", "ephemeral-storage": "64Mi" };

/** Gives a pod that runs more than it had. */
function enlarged(place: Pick<Place, "namespace">): ApiRequest {
  const resources = { requests: more, limits: more };
  return {
    method: "PATCH",
    path: corePath(place, "pods/probe/resize"),
    body: { spec: { containers: [{ name: "app", resources }] } },
    contentType: "application/strategic-merge-patch+json",
  };
}

const enlargements: readonly Attack[] = wallsMissing
  .filter(([, , place]) => walllessFromBefore.includes(place))
  .flatMap(([where, harm, place, refusal]) =>
    byEach(["operator"], {
      what: `enlarges a pod ${where}`,
      harm,
      request: enlarged(place),
      refusal,
    }).map((attack) => ({
      ...attack,
      twin: { by: "operator", request: enlarged({ namespace: "ordinary" }) },
    })),
  );

const storedClaim = corePath(aged, "persistentvolumeclaims/stored");
const storage = (amount: string): ApiRequest =>
  patchRequest(storedClaim, { spec: { resources: { requests: { storage: amount } } } });

/** Everything that an environment may hold, by everybody who may make it where the walls stand. */
export const missingWallAttacks: readonly Attack[] = [
  ...made.flatMap(({ what, by, request }) =>
    by.flatMap((who) =>
      attemptsBy(
        who,
        request(login),
        wallsMissing.map(([where, harm, place, refusal]): Attempt => ({
          what: `${what} ${where}`,
          harm,
          request: request(place),
          refusal,
        })),
      ),
    ),
  ),
  ...enlargements,
  ...attemptsBy("operator", storage("2Gi"), [
    {
      what: "enlarges a claim from before the platform to more than an environment may have",
      harm: "where no quota counts it, it would take all that there is",
      request: storage("100Ti"),
      refusal: guardRails.claimSize,
    },
  ]),
  ...byEach(idle, {
    what: "makes a config map",
    harm: "what they have no business with would be theirs to fill",
    request: newConfigMap(login),
    refusal: byAccessControl,
  }),
];

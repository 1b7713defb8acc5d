import { type ApiRequest, corePath, groupPath, patchRequest } from "../support/apiRequests";
import { administeredAttacks } from "./administered";
import { type Attack, byEach, type Attempt, attemptsBy } from "./attack";
import { type Attacker, idle } from "./attackers";
import { hostOf } from "./guestRequests";
import { login } from "./places";
import { guardRails } from "./reasons";
import { byAccessControl, type Refusal } from "./refusal";

/** What was right when it was made, and is changed into what would have been refused. */

type Row = readonly [what: string, harm: string, changes: object, refusal: Refusal];

/** An object that is there, a change that is right, and those that are not. */
interface Target {
  readonly path: string;
  readonly by: readonly Attacker[];
  readonly legitimate: object;
  readonly attempts: readonly Row[];
}

const writers = ["developer", "debugger", "deployer", "misboundAdmin"] as const;
const labelled = { metadata: { labels: { tier: "web" } } };
const worldComesIn = "the world would come in";
const othersAreTaken = "whoever calls the host would get the branch";

function annotated(key: string, value: string) {
  return { metadata: { annotations: { [key]: value } } };
}

function withHost(host: string) {
  return { spec: { rules: [{ host }] } };
}

const targets: readonly Target[] = [
  {
    path: `${corePath(login, "services")}/shop`,
    by: writers,
    legitimate: labelled,
    attempts: [
      [
        "turns its service into a load balancer",
        worldComesIn,
        { spec: { type: "LoadBalancer" } },
        guardRails.serviceType,
      ],
      [
        "gives its service an address of others",
        "traffic for that address would end here (CVE-2020-8554)",
        { spec: { externalIPs: ["203.0.113.1"] } },
        guardRails.serviceAddresses,
      ],
    ],
  },
  {
    path: `${groupPath(login, "networking.k8s.io", "ingresses")}/shop`,
    by: writers,
    legitimate: withHost(hostOf(login, "api")),
    attempts: [
      [
        "moves its ingress to a host of production",
        othersAreTaken,
        withHost("www.example.com"),
        guardRails.ingressHosts,
      ],
      [
        "gives its ingress a snippet for the controller",
        "the controller's secrets would be read",
        annotated("nginx.ingress.kubernetes.io/configuration-snippet", "return 200;"),
        guardRails.ingressAnnotations,
      ],
    ],
  },
  {
    path: `${groupPath(login, "gateway.networking.k8s.io", "httproutes")}/shop`,
    by: ["developer", "deployer"],
    legitimate: { spec: { hostnames: [hostOf(login, "api")] } },
    attempts: [
      [
        "moves its route to a host of production",
        othersAreTaken,
        { spec: { hostnames: ["www.example.com"] } },
        guardRails.routeHosts,
      ],
    ],
  },
  {
    path: `${corePath(login, "persistentvolumeclaims")}/shop`,
    by: writers,
    legitimate: labelled,
    attempts: [
      [
        "names a volume that is there in a claim that has none yet",
        "it would read what is on a volume of others",
        { spec: { volumeName: "production-data" } },
        guardRails.namedVolume,
      ],
    ],
  },
  {
    path: `${corePath(login, "configmaps")}/settings`,
    by: writers,
    legitimate: { data: { colour: "green" } },
    attempts: [
      [
        "gives a config map that is there a finalizer",
        "the namespace would never go",
        { metadata: { finalizers: ["example.com/stuck"] } },
        guardRails.finalizers,
      ],
    ],
  },
];

/** Tolerations are one list, of which the API server has written the beginning. */
function toleration(key: string): ApiRequest {
  return {
    method: "PATCH",
    path: `${corePath(login, "pods")}/waiting`,
    body: [
      {
        op: "add",
        path: "/spec/tolerations/-",
        value: { key, operator: "Exists", effect: "NoSchedule" },
      },
    ],
    contentType: "application/json-patch+json",
  };
}

const dedicated: Attempt = {
  what: "lets a pod that waits tolerate the taint of production's nodes",
  harm: "it would run on nodes set aside for others",
  request: toleration("dedicated"),
  refusal: guardRails.tolerations,
};

/** Changes of what is there, by those who may change it. */
export const updateAttacks: readonly Attack[] = [
  ...targets.flatMap(({ path, by, legitimate, attempts }) =>
    by.flatMap((who) => changes(who, path, legitimate, attempts)),
  ),
  ...writers.flatMap((who) =>
    attemptsBy(who, toleration("node.kubernetes.io/memory-pressure"), [dedicated]),
  ),
  ...byEach(idle, {
    what: "leads a service that is there to other pods",
    harm: "its callers would get what the attacker likes",
    request: patchRequest(corePath(login, "services/shop"), { spec: { selector: { app: "web" } } }),
    refusal: byAccessControl,
  }),
  ...administeredAttacks,
];

function changes(
  who: Attacker,
  path: string,
  legitimate: object,
  rows: readonly Row[],
): readonly Attack[] {
  return attemptsBy(
    who,
    patchRequest(path, legitimate),
    rows.map(([what, harm, body, refusal]) => ({
      what,
      harm,
      request: patchRequest(path, body),
      refusal,
    })),
  );
}

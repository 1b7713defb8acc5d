import { type ApiRequest, bent, corePath, groupPath, patchRequest } from "../support/apiRequests";
import { type Attack, byEach, type Attempt, attemptsBy } from "./attack";
import { type Attacker, idle } from "./attackers";
import {
  carriedOut,
  newClaim,
  newConfigMap,
  newDeployment,
  newPod,
  newSecret,
  newService,
} from "./guestRequests";
import { login } from "./places";
import { guardRails } from "./reasons";
import { byAccessControl, type Refusal } from "./refusal";

/** Annotations are orders to whoever reads them: networks, clouds, operators. */

type Row = readonly [what: string, harm: string, key: string, value: string];

const noPolicyWatches = "no network policy watches it";
const hostOfProduction = "whoever calls the host would get the branch";
const copiesSecret = "a secret of production would be theirs";

const onPods: readonly Row[] = [
  ["a second network", noPolicyWatches, "k8s.v1.cni.cncf.io/networks", "lan"],
  ["a second network of the cloud", noPolicyWatches, "networking.gke.io/interfaces", "[]"],
  [
    "an address of its choice",
    "it would take the address of others",
    "cni.projectcalico.org/ipAddrs",
    '["10.244.0.7"]',
  ],
  [
    "a role of the cloud",
    "it would act in the cloud as production",
    "iam.amazonaws.com/role",
    "production",
  ],
  [
    "a host of production in the public DNS",
    hostOfProduction,
    "external-dns.alpha.kubernetes.io/hostname",
    "www.example.com",
  ],
  [
    "more of the network than others",
    "others would get less",
    "kubernetes.io/egress-bandwidth",
    "10G",
  ],
  [
    "a node that is never taken away",
    "its node could not be given back",
    "cluster-autoscaler.kubernetes.io/safe-to-evict",
    "false",
  ],
];

const onServices: readonly Row[] = [
  [
    "a host of production in the public DNS",
    hostOfProduction,
    "external-dns.kubernetes.io/hostname",
    "www.example.com",
  ],
  [
    "a host of production, by kops",
    hostOfProduction,
    "dns.alpha.kubernetes.io/external",
    "www.example.com",
  ],
  ["a way through Ambassador", hostOfProduction, "getambassador.io/config", "---"],
  [
    "an address in the company's network",
    "the company would reach it",
    "tailscale.com/expose",
    "true",
  ],
  [
    "the same name in other clusters",
    "callers of others would get the branch",
    "service.cilium.io/global",
    "true",
  ],
  [
    "a way by a key without a slash",
    hostOfProduction,
    "traefik.http.routers.shop.rule",
    "Host(`www.example.com`)",
  ],
];

const onSecrets: readonly Row[] = [
  [
    "the content of a secret of production",
    copiesSecret,
    "replicator.v1.mittwald.de/replicate-from",
    "production/password",
  ],
  [
    "a copy in every namespace",
    "others would get it",
    "reflector.v1.k8s.emberstack.com/reflection-auto-enabled",
    "true",
  ],
];

const onClaims: readonly Row[] = [
  [
    "no class, which goes before its class",
    "it would read what is on a volume of others",
    "volume.beta.kubernetes.io/storage-class",
    "",
  ],
  [
    "a copy of a volume of production",
    "it would read what is on it",
    "k8s.io/CloneRequest",
    "production/data",
  ],
];

/** What annotations may say: nothing to anybody, what is listed, and books that tools keep. */
const harmless = {
  "checksum/config": "1",
  "kubectl.kubernetes.io/restartedAt": "2027-01-31T18:00:00Z",
  "kubernetes.io/change-cause": "a new version",
  "prometheus.io/scrape": "true",
  "pulumi.com/autonamed": "true",
  "pulumi.com/skipAwait": "true",
};

function annotated(request: ApiRequest, annotations: object): ApiRequest {
  return bent(request, { metadata: { annotations } });
}

function attemptsOn(kind: string, request: ApiRequest, rows: readonly Row[]): Attempt[] {
  return rows.map(([what, harm, key, value]) => ({
    what: `asks for ${what} by an annotation of ${kind}`,
    harm,
    request: annotated(request, { [key]: value }),
    refusal: guardRails.annotations,
  }));
}

const targets: readonly (readonly [kind: string, request: ApiRequest, rows: readonly Row[]])[] = [
  ["a pod", newPod(login), onPods],
  ["a service", newService(login), onServices],
  ["a config map", newConfigMap(login), onSecrets],
  ["a claim", newClaim(login), onClaims],
  ["a deployment", newDeployment(login, "painted"), onServices.slice(0, 1)],
];

const standing = corePath(login, "services/shop");
const described = (annotations: object) => patchRequest(standing, { metadata: { annotations } });

const secret = newSecret(login);
const scrapedPod = carriedOut(newPod(login), "replicaset-controller");
const copiedClaim = carriedOut(newClaim(login), "statefulset-controller");

/** Whoever writes a status writes the annotations beside it; controllers write the status alone. */
function statusAttempts(kind: string, path: string, refusal: Refusal): Attack[] {
  const metadata = {
    annotations: { "external-dns.alpha.kubernetes.io/hostname": "www.example.com" },
  };
  return attemptsBy("misboundClusterAdmin", patchRequest(`${path}/status`, { status: {} }), [
    {
      what: `asks for a host of production by an annotation beside the status of ${kind}`,
      harm: hostOfProduction,
      request: patchRequest(`${path}/status`, { metadata }),
      refusal,
    },
  ]);
}

/** By whoever writes objects, and by controllers that copy what templates say. */
export function annotationsBy(writers: readonly Attacker[], listed: object = {}): Attack[] {
  const twinOf = (request: ApiRequest) => annotated(request, { ...harmless, ...listed });
  return [
    ...writers.flatMap((who) =>
      targets.flatMap(([kind, request, rows]) =>
        attemptsBy(who, twinOf(request), attemptsOn(kind, request, rows)),
      ),
    ),
    ...writers.flatMap((who) =>
      attemptsBy(who, described({ ...harmless, ...listed }), [
        {
          what: "gives its service a host of production in the public DNS",
          harm: hostOfProduction,
          request: described({ "external-dns.alpha.kubernetes.io/hostname": "www.example.com" }),
          refusal: guardRails.annotations,
        },
      ]),
    ),
    ...(["deployer", "misboundAdmin"] as const).flatMap((who) =>
      attemptsBy(who, twinOf(secret), attemptsOn("a secret", secret, onSecrets)),
    ),
    ...attemptsBy(
      "replicaSetController",
      twinOf(scrapedPod),
      attemptsOn("a pod", scrapedPod, onPods),
    ),
    ...attemptsBy(
      "statefulSetController",
      twinOf(copiedClaim),
      attemptsOn("a claim", copiedClaim, onClaims),
    ),
    ...statusAttempts(
      "a claim",
      corePath(login, "persistentvolumeclaims/shop"),
      guardRails.annotations,
    ),
  ];
}

/** With what administrators have listed. */
export const annotationAttacks: readonly Attack[] = [
  ...statusAttempts(
    "an ingress",
    `${groupPath(login, "networking.k8s.io", "ingresses")}/shop`,
    guardRails.ingressAnnotations,
  ),
  ...annotationsBy(["developer", "debugger", "deployer", "misboundAdmin"], {
    "example.com/colour": "green",
    "tools.example.com/any": "thing",
  }),
  ...byEach(idle, {
    what: "annotates a service that is there",
    harm: hostOfProduction,
    request: described({ "checksum/config": "2" }),
    refusal: byAccessControl,
  }),
];

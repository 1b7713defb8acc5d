import {
  type ApiRequest,
  bent,
  corePath,
  deleteRequest,
  getRequest,
  groupPath,
  patchRequest,
  postRequest,
} from "../support/apiRequests";
import { type Attack, attemptsBy, byEach, type Attempt, type Twin } from "./attack";
import { type Attacker, guests, pipelines } from "./attackers";
import { certificateRequest } from "./certificateRequest";
import { compliantDeployment, compliantPod } from "../support/workloads";
import { type Passage } from "./passage";
import { login, type Place } from "./places";
import { fence, guardRails } from "./reasons";
import { byAccessControl, type Refusal } from "./refusal";

/** The empty cells of the table of identities: what is the cluster's, and what is others'. */

const admission = "/apis/admissionregistration.k8s.io/v1";
const certificates = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
const policy = "secure-environment-pipelines-touch-only-environments";

const production: Place = { ...login, namespace: "production" };

type Row = readonly [what: string, harm: string, request: ApiRequest];

const named = (name: string) => ({ metadata: { name } });
const hook = {
  name: "all.example.com",
  admissionReviewVersions: ["v1"],
  sideEffects: "None",
  clientConfig: { url: "https://example.com/" },
  rules: [{ apiGroups: ["*"], apiVersions: ["*"], operations: ["*"], resources: ["*"] }],
};

const secretReads: readonly Row[] = [
  [
    "lists the secrets of the cluster",
    "every password would be theirs",
    getRequest("/api/v1/secrets"),
  ],
  [
    "lists production's secrets",
    "production's passwords would be theirs",
    getRequest("/api/v1/namespaces/production/secrets"),
  ],
  [
    "reads production's secret",
    "production's password would be theirs",
    getRequest("/api/v1/namespaces/production/secrets/password"),
  ],
  [
    "watches production's secrets",
    "every new password would be theirs",
    getRequest("/api/v1/namespaces/production/secrets?watch=true&timeoutSeconds=1"),
  ],
  [
    "reads production's config map",
    "what production is connected to would be theirs",
    getRequest("/api/v1/namespaces/production/configmaps/settings"),
  ],
  [
    "lists production's pods",
    "what runs there would be known",
    getRequest("/api/v1/namespaces/production/pods"),
  ],
];

const intrusions: readonly Row[] = [
  [
    "runs a pod in production",
    "it would run with production's secrets",
    postRequest("/api/v1/namespaces/production/pods", compliantPod("intruder")),
  ],
  [
    "deploys in production",
    "it would run with production's secrets",
    postRequest("/apis/apps/v1/namespaces/production/deployments", compliantDeployment("intruder")),
  ],
  [
    "scales production to nothing",
    "production would be down",
    patchRequest("/apis/apps/v1/namespaces/production/deployments/shop/scale", {
      spec: { replicas: 0 },
    }),
  ],
  [
    "changes production's config map",
    "production would connect elsewhere",
    patchRequest("/api/v1/namespaces/production/configmaps/settings", { data: { host: "evil" } }),
  ],
  [
    "deletes every secret of production",
    "production would not start again",
    deleteRequest("/api/v1/namespaces/production/secrets"),
  ],
  [
    "reads a config map of another environment",
    "branches would spy on each other",
    getRequest("/api/v1/namespaces/review-blog-post/configmaps/settings"),
  ],
  [
    "keeps the nodes of the cluster from being drained",
    "no node could be repaired",
    postRequest(groupPath(production, "policy", "poddisruptionbudgets"), {
      ...named("never"),
      spec: { maxUnavailable: 0, selector: { matchLabels: { app: "shop" } } },
    }),
  ],
];

const guards: readonly Row[] = [
  [
    "deletes an admission policy",
    "the fence would be down",
    deleteRequest(`${admission}/validatingadmissionpolicies/${policy}`),
  ],
  [
    "deletes the binding of an admission policy",
    "the fence would be down",
    deleteRequest(`${admission}/validatingadmissionpolicybindings/${policy}`),
  ],
  [
    "lets an admission policy only warn",
    "the fence would be down",
    patchRequest(`${admission}/validatingadmissionpolicybindings/${policy}`, {
      spec: { validationActions: ["Warn"] },
    }),
  ],
  [
    "adds a webhook that changes every request",
    "everybody's requests would be theirs",
    postRequest(`${admission}/mutatingwebhookconfigurations`, {
      ...named("spy"),
      webhooks: [hook],
    }),
  ],
  [
    "adds a webhook that refuses every request",
    "the cluster would stand still",
    postRequest(`${admission}/validatingwebhookconfigurations`, {
      ...named("block"),
      webhooks: [hook],
    }),
  ],
];

const clusterObjects: readonly Row[] = [
  [
    "makes a priority class above all others",
    "its pods would displace all others",
    postRequest("/apis/scheduling.k8s.io/v1/priorityclasses", { ...named("mine"), value: 1000000 }),
  ],
  [
    "changes a node's labels",
    "pods would be sent to it",
    patchRequest("/api/v1/nodes/production-1", { metadata: { labels: { pool: "review" } } }),
  ],
  ["removes a node", "what runs there would be moved", deleteRequest("/api/v1/nodes/production-1")],
  [
    "reaches a kubelet through the API server",
    "commands would run in every pod of the node",
    getRequest("/api/v1/nodes/production-1/proxy/pods"),
  ],
  [
    "makes a persistent volume of a node's folder",
    "the node's files would be theirs",
    postRequest("/api/v1/persistentvolumes", {
      ...named("root"),
      spec: {
        capacity: { storage: "1Gi" },
        accessModes: ["ReadWriteOnce"],
        hostPath: { path: "/" },
      },
    }),
  ],
  [
    "makes a storage class",
    "its volumes would cost what nobody counted",
    postRequest("/apis/storage.k8s.io/v1/storageclasses", {
      ...named("gold"),
      provisioner: "example.com/gold",
    }),
  ],
  [
    "makes a custom resource",
    "controllers would take orders from it",
    postRequest("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", {
      metadata: { name: "things.example.com" },
      spec: {
        group: "example.com",
        scope: "Cluster",
        names: { plural: "things", kind: "Thing" },
        versions: [
          {
            name: "v1",
            served: true,
            storage: true,
            schema: { openAPIV3Schema: { type: "object" } },
          },
        ],
      },
    }),
  ],
  [
    "puts an API server of its own into the cluster's",
    "every request for the group would be theirs",
    postRequest("/apis/apiregistration.k8s.io/v1/apiservices", {
      metadata: { name: "v1.example.com" },
      spec: {
        group: "example.com",
        version: "v1",
        groupPriorityMinimum: 100,
        versionPriority: 100,
        service: { namespace: "review-shop-login", name: "web" },
        insecureSkipTLSVerify: true,
      },
    }),
  ],
  [
    "makes a runtime class",
    "its pods would run outside of their sandbox",
    postRequest("/apis/node.k8s.io/v1/runtimeclasses", { ...named("bare"), handler: "bare" }),
  ],
];

const leaseMoves: readonly Row[] = [
  [
    "moves a lease of the controllers",
    "no controller would work",
    patchRequest(
      "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/kube-controller-manager",
      {
        spec: { holderIdentity: "thief" },
      },
    ),
  ],
];

const leasesOf = (project: string) =>
  groupPath(
    { namespace: `secure-environment-pipeline-${project}` },
    "coordination.k8s.io",
    "leases",
  );
const ownLease = postRequest(leasesOf("shop"), {
  ...named("secure-environment-reap"),
  spec: { holderIdentity: "run" },
});

/** Leases by which runs of a pipeline know of each other are all that it has there. */
const leaseAttacks: readonly Attack[] = [
  ...attemptsBy("shopPipeline", ownLease, [
    {
      what: "makes a Lease beside those of its runs",
      harm: "whoever looks at leases there would take it for theirs",
      request: bent(ownLease, named("mine")),
      refusal: fence.lease,
    },
    {
      what: "takes the Lease of another project's runs",
      harm: "nothing of that project would be removed any more",
      request: { ...ownLease, path: leasesOf("blog") },
      refusal: byAccessControl,
    },
  ]),
  ...attemptsBy("almightyPipeline", ownLease, [
    {
      what: "takes the Lease of another project's runs",
      harm: "nothing of that project would be removed any more",
      request: { ...ownLease, path: leasesOf("blog") },
      refusal: fence.lease,
    },
  ]),
];

/** The request of a certificate for somebody named administrator. */
const signingRequest = postRequest(certificates, {
  ...named("administrator"),
  spec: {
    request: certificateRequest,
    signerName: "kubernetes.io/kube-apiserver-client",
    usages: ["client auth"],
  },
});

const approvals: readonly Row[] = [
  [
    "approves the certificate of somebody",
    "it would be anybody's name and group",
    {
      method: "PUT",
      path: `${certificates}/waiting/approval`,
      body: {
        apiVersion: "certificates.k8s.io/v1",
        kind: "CertificateSigningRequest",
        metadata: { name: "waiting" },
        status: {
          conditions: [{ type: "Approved", status: "True", reason: "x", message: "x" }],
        },
      },
    },
  ],
];

/** With the guard rail that holds in environments where RBAC does not, if there is one. */
type GuardedRow = readonly [...row: Row, guardRail?: Refusal];

const subresourcesIn = (place: Place): readonly GuardedRow[] => [
  [
    "says that a pod is ready at another address",
    "its service would forward into production",
    patchRequest(corePath(place, "pods/waiting/status"), { status: { podIP: "10.244.7.7" } }),
    guardRails.report,
  ],
  [
    "binds a pod to a node",
    "the pod would run on production's node",
    postRequest(corePath(place, "pods/waiting/binding"), {
      metadata: { name: "waiting" },
      target: { kind: "Node", name: "production-1" },
    }),
    guardRails.placement,
  ],
  [
    "binds a pod to a node by the older way",
    "the pod would run on production's node",
    postRequest(corePath(place, "bindings"), {
      metadata: { name: "waiting" },
      target: { kind: "Node", name: "production-1" },
    }),
    guardRails.placement,
  ],
  [
    "reaches a pod through the API server",
    "no network policy watches that way",
    getRequest(corePath(place, "pods/waiting/proxy/")),
    guardRails.reach,
  ],
  [
    "reaches a service through the API server",
    "no network policy watches that way",
    getRequest(corePath(place, "services/shop/proxy/")),
    guardRails.reach,
  ],
  [
    "deletes every pod at once",
    "everything of others would be gone",
    deleteRequest(corePath(place, "pods")),
  ],
  [
    "makes a daemon set",
    "a pod would run on every node",
    postRequest(groupPath(place, "apps", "daemonsets"), {
      ...compliantDeployment("everywhere"),
      kind: "DaemonSet",
    }),
  ],
];

const masks: readonly (readonly [what: string, headers: Readonly<Record<string, string>>])[] = [
  ["an administrator", { "Impersonate-User": "admin", "Impersonate-Group": "system:masters" }],
  [
    "the pipeline of blog",
    { "Impersonate-User": "system:serviceaccount:secure-environment-pipeline-blog:pipeline" },
  ],
  ["the controllers", { "Impersonate-User": "system:kube-controller-manager" }],
  [
    "a node",
    { "Impersonate-User": "system:node:production-1", "Impersonate-Group": "system:nodes" },
  ],
];

const impersonations: readonly Row[] = masks.map(([who, headers]) => [
  `acts for ${who}`,
  "whatever they may would be the attacker's",
  { ...getRequest("/version"), headers },
]);

const everybody = [...pipelines, ...guests, "stranger"] as const;
const outside = [
  ...[...secretReads, ...intrusions, ...guards, ...clusterObjects],
  ...[...leaseMoves, ...approvals],
];

const everywhere = [production, login] as const;

/** Every empty cell by everybody whose cell it is. */
export const clusterAttacks: readonly Attack[] = [
  ...outside.map(toAttempt).flatMap((attempt) => byEach(everybody, attempt)),
  ...leaseAttacks,
  ...everywhere.flatMap((place) =>
    everybody.flatMap((who) =>
      subresourceAttempts(place).map(({ attempt, twin }) => ({ ...attempt, who, twin })),
    ),
  ),
  ...(["operator", "misboundClusterAdmin"] as const).flatMap((who) => guarded(who, () => true)),
  ...guarded("unlistedOperator", (guardRail) => guardRail === guardRails.placement),
  ...guarded("scheduler", (guardRail) => guardRail === guardRails.reach),
];

/** What a second scheduler does that administrators have listed. */
export const schedulerPassages: readonly Passage[] = subresourcesIn(login)
  .filter(([, , , guardRail]) => [guardRails.placement, guardRails.report].includes(guardRail!))
  .map(([what, , request]) => ({ what: `the listed scheduler ${what}`, by: "scheduler", request }));

/** By somebody whom RBAC lets do anything, what guard rails of an environment refuse. */
function guarded(who: Attacker, isTried: (guardRail: Refusal) => boolean): Attack[] {
  return subresourceAttempts(login).flatMap(({ attempt, guardRail, twin }) =>
    guardRail === undefined || !isTried(guardRail)
      ? []
      : [{ ...attempt, who, refusal: guardRail, twin }],
  );
}

/** Operators may do in production what they may not in an environment. */
function subresourceAttempts(
  place: Place,
): readonly { attempt: Attempt; guardRail: Refusal | undefined; twin: Twin }[] {
  const legitimate = subresourcesIn(production);
  return subresourcesIn(place).map(([what, harm, request, guardRail], index) => ({
    attempt: toAttempt([`${what} in ${place.namespace}`, harm, request]),
    guardRail,
    twin: { by: "operator", request: legitimate[index]![2] },
  }));
}

/** Acting for others; the twin of an administrator acts for them. */
export const impersonationAttacks: readonly Attack[] = impersonations
  .map(toAttempt)
  .flatMap((attempt) => byEach([...everybody, "misboundAdmin"], attempt));

/** What the fence refuses although RBAC would allow it: everything that is no read. */
export const almightyAttacks: readonly Attack[] = [
  ...[...intrusions, ...clusterObjects, ...approvals, ...subresourcesIn(production)]
    .filter(([, , { method }]) => method !== "GET")
    .map(([what, harm, request]) => toAttempt([what, harm, request]))
    .flatMap((attempt) => byEach(["almightyPipeline"], { ...attempt, refusal: fence.otherKind })),
  ...leaseMoves
    .map(toAttempt)
    .flatMap((attempt) => byEach(["almightyPipeline"], { ...attempt, refusal: fence.lease })),
];

/** Nobody asks for certificates. */
export const certificateAttacks: readonly Attack[] = byEach(everybody, {
  what: "asks for a certificate of an administrator",
  harm: "whoever approves it by mistake would give the cluster away",
  request: signingRequest,
  refusal: byAccessControl,
});

function toAttempt([what, harm, request]: Row): Attempt {
  return { what, harm, request, refusal: byAccessControl };
}

import { expect } from "chai";
import { namespaceLabels } from "#components/core/metadata";
import {
  type ApiRequest,
  bent,
  corePath,
  createAll,
  deleteRequest,
  groupPath,
  patchRequest,
  postRequest,
  send,
} from "./support/apiRequests";
import { eventually } from "../support/eventually";
import { PlatformCluster } from "./support/platformScene";
import { compliantPod, compliantService } from "./support/workloads";

const place = { namespace: "review-shop-old" };
const rbac = "rbac.authorization.k8s.io";
const held = { finalizers: ["example.com/held"] };

const account = { kind: "ServiceAccount", name: "operator", namespace: "operators" };
const cloud = { apiGroup: rbac, kind: "User", name: "system:cloud-controller-manager" };
const outsider = { apiGroup: rbac, kind: "User", name: "network-policy-controller" };

/** Who takes their finalizers off what they have put there. */
const senders = {
  anOperator: "system:serviceaccount:operators:operator",
  theCloud: cloud.name,
  /** Clouds run operators beside the cluster, which have no service account. */
  anOutsider: outsider.name,
};

/** Something that is not as the platform's policies want it, and who holds it. */
interface Relic {
  readonly what: string;
  readonly collection: string;
  readonly body: object;
  readonly heldBy: keyof typeof senders;
  /** Where the finalizer is taken off, when not of the object itself. */
  readonly subresource?: string;
}

/** In the order in which a namespace goes: pods before all else. */
const relics: readonly Relic[] = [
  {
    what: "a pod on nodes that are not the environment's",
    collection: corePath(place, "pods"),
    body: bent(postRequest("", compliantPod("relic")), {
      spec: { tolerations: [{ key: "dedicated", operator: "Exists" }] },
    }).body!,
    heldBy: "anOperator",
  },
  {
    what: "a load balancer",
    collection: corePath(place, "services"),
    body: bent(postRequest("", compliantService("relic")), { spec: { type: "LoadBalancer" } })
      .body!,
    heldBy: "theCloud",
    subresource: "/status",
  },
  {
    what: "a service with a host of others",
    collection: corePath(place, "services"),
    body: bent(postRequest("", compliantService("other-relic")), {
      metadata: { annotations: { "external-dns.alpha.kubernetes.io/hostname": "example.com" } },
    }).body!,
    heldBy: "anOperator",
  },
  {
    what: "an ingress with a host of others",
    collection: groupPath(place, "networking.k8s.io", "ingresses"),
    body: { metadata: { name: "relic" }, spec: { rules: [{ host: "example.com" }] } },
    heldBy: "anOperator",
  },
  {
    what: "a Role",
    collection: groupPath(place, rbac, "roles"),
    body: {
      metadata: { name: "relic" },
      rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }],
    },
    heldBy: "anOperator",
  },
  {
    what: "a binding that is none of the platform's",
    collection: groupPath(place, rbac, "rolebindings"),
    body: {
      metadata: { name: "relic" },
      roleRef: { apiGroup: rbac, kind: "Role", name: "relic" },
      subjects: [],
    },
    heldBy: "anOperator",
  },
  {
    what: "a network policy that is no wall",
    collection: groupPath(place, "networking.k8s.io", "networkpolicies"),
    body: { metadata: { name: "relic" }, spec: { podSelector: {}, policyTypes: ["Ingress"] } },
    heldBy: "anOutsider",
  },
  {
    what: "a quota that is no wall",
    collection: corePath(place, "resourcequotas"),
    body: { metadata: { name: "relic" }, spec: { hard: { pods: "10" } } },
    heldBy: "anOperator",
  },
  {
    what: "an account of which pods get tokens",
    collection: corePath(place, "serviceaccounts"),
    body: { metadata: { name: "relic" } },
    heldBy: "anOperator",
  },
  {
    what: "an endpoint slice that nobody's Service asks for",
    collection: groupPath(place, "discovery.k8s.io", "endpointslices"),
    body: { metadata: { name: "relic" }, addressType: "IPv4", endpoints: [] },
    heldBy: "anOutsider",
  },
  {
    what: "a claim of a volume that is there",
    collection: corePath(place, "persistentvolumeclaims"),
    body: {
      metadata: { name: "relic" },
      spec: {
        accessModes: ["ReadWriteOnce"],
        resources: { requests: { storage: "1Gi" } },
        storageClassName: "",
        volumeName: "data",
      },
    },
    heldBy: "anOperator",
  },
];

describe("an environment from before the platform", function () {
  this.timeout(300_000);
  let cluster: PlatformCluster;

  before("make it, and the platform after it", async function () {
    this.timeout(300_000);
    cluster = await PlatformCluster.start();
    await createAll(cluster.api, [
      ...surroundings(),
      ...relics.map(({ collection, body }) =>
        bent(postRequest(collection, body), { metadata: held }),
      ),
    ]);
    await cluster.install({ projects: [{ name: "shop" }] });
    const removal = await send(cluster.api, deleteRequest(corePath(place)));
    expect(removal.status, removal.body.message).to.equal(200);
  });

  after(async function () {
    this.timeout(300_000);
    await cluster.end();
  });

  for (const relic of relics) {
    it(`lets ${relic.what} go once nobody holds it`, async () => {
      const found = () => cluster.api.request("GET", pathOf(relic));
      await eventually(async () => (await found()).body.metadata?.deletionTimestamp !== undefined);
      const release = await send(cluster.api, releaseOf(relic));
      expect(release.status, release.body.message).to.equal(200);
      await eventually(async () => (await found()).status === 404);
    });
  }

  it("goes when everything in it is gone", async () => {
    await eventually(
      async () => (await cluster.api.request("GET", corePath(place))).status === 404,
    );
  });
});

/** The namespace, marked as it was made by an earlier release, and who holds what is in it. */
function surroundings(): ApiRequest[] {
  const identity = { kind: "review", project: "shop", stack: "review-old" } as const;
  const named = (name: string, labels = {}) =>
    postRequest("/api/v1/namespaces", { metadata: { name, labels } });
  return [
    named(place.namespace, namespaceLabels(identity, {})),
    named("operators"),
    ...[account, cloud, outsider].map((subject, index) =>
      postRequest(`/apis/${rbac}/v1/clusterrolebindings`, {
        metadata: { name: `mistake-${index}` },
        roleRef: { apiGroup: rbac, kind: "ClusterRole", name: "cluster-admin" },
        subjects: [subject],
      }),
    ),
  ];
}

function pathOf({ collection, body }: Relic): string {
  const { metadata } = body as { readonly metadata: { readonly name: string } };
  return `${collection}/${metadata.name}`;
}

/** The finalizer is taken off, and nothing else is changed. */
function releaseOf(relic: Relic): ApiRequest {
  const path = `${pathOf(relic)}${relic.subresource ?? ""}`;
  const headers = { "Impersonate-User": senders[relic.heldBy] };
  return { ...patchRequest(path, { metadata: { finalizers: null } }), headers };
}

import { expect } from "chai";
import { type HoleArgs, type SecureEnvironmentArgs } from "secure-environment";
import { KubernetesApi } from "secure-environment-sandbox";
import { defineMeshes } from "./support/meshes/installation";
import { setPlatformScene } from "./support/platformScene";
import { createProduced } from "./support/producedEnvironment";
import { producedObjects } from "./support/producedObjects";

const clusterNetwork = {
  pods: ["10.244.0.0/16"],
  services: ["10.96.0.0/16"],
  nodes: ["192.0.2.0/24"],
};
const now = "2027-01-01T00:00:00Z";
const web = { ports: [{ port: 8080 }], reason: "Somebody needs it." };

const podHoles: HoleArgs[] = [
  { ...web, name: "ingress", direction: "ingress", peer: "ingressController" },
  { ...web, name: "metrics", direction: "ingress", peer: "monitoring" },
  { ...web, name: "tests", direction: "ingress", peer: "testRunner", namespace: "ci" },
  { ...web, name: "mail", direction: "egress", peer: "namespace", namespace: "shared" },
];
const addressHoles: HoleArgs[] = [
  { ...web, name: "outside", direction: "ingress", peer: "testRunner", cidr: "203.0.113.0/24" },
  { ...web, name: "partner", direction: "egress", peer: "cidr", cidr: "203.0.113.128/25" },
  { ...web, name: "internet", direction: "egress", peer: "internet" },
  {
    ...web,
    name: "for-a-week",
    direction: "ingress",
    peer: "testRunner",
    namespace: "ci",
    expiresAt: "2027-01-08T00:00:00Z",
  },
];

/** What environments ask for, and the platform has nothing against. */
const environments: Readonly<Record<string, SecureEnvironmentArgs>> = {
  "with nothing but a project": {},
  "that says everything about itself": {
    branch: "described",
    owner: "jane.doe",
    url: "https://review-shop-described.review.example.com",
    expiresAt: "2027-01-31T18:00:00Z",
    domain: "review.example.com",
  },
  "with people of all kinds": {
    access: [
      { group: "support", preset: "view" },
      { group: "dev-users", preset: "develop" },
      { user: "dora@example.com", preset: "debug", readSecrets: true },
    ],
  },
  "with holes to pods": { holes: podHoles },
  "with holes to addresses": { holes: addressHoles, clusterNetwork, now },
  "of the largest size": { size: "large" },
  "with limits of its own": {
    size: "small",
    quota: {
      pods: "5",
      "requests.storage": "0",
      "fast.storageclass.storage.k8s.io/requests.storage": "0",
    },
    podMaximum: { cpu: "1" },
    containerDefaults: { requests: { cpu: "50m" } },
  },
  "with a required priority": { priorityClass: "secure-environment-review" },
  "on a pool, held by admission plugins": { nodePool: { name: "review" } },
  "on a pool, held by the platform": { nodePool: { name: "review", enforcement: "platform" } },
  "with Linkerd": { mesh: "linkerd", meshPorts: [8080, 5432], holes: podHoles },
  "with Istio": { mesh: "istio", holes: podHoles },
  "with Istio's ambient mode": { mesh: "ambient", holes: podHoles },
};

describe("an environment whose pipeline is fenced", function () {
  this.timeout(300_000);
  const scene = setPlatformScene({
    projects: [{ name: "shop" }],
    developers: { groups: ["dev-users", "support"], users: ["dora@example.com"] },
    domain: "review.example.com",
    nodePools: ["review"],
    meshes: ["linkerd", "istio", "ambient"],
    clusterNetwork,
  });
  let pipeline: KubernetesApi;

  before("define the kinds of the meshes", async () => {
    const account = ["secure-environment-pipeline-shop", "pipeline"] as const;
    pipeline = new KubernetesApi(await scene.sandbox.serviceAccountKubeconfig(...account));
    await defineMeshes(scene.api);
  });

  after(() => {
    pipeline.close();
  });

  Object.entries(environments).forEach(([title, args], index) => {
    it(`comes up ${title}`, async () => {
      const stack = `review-${args.branch ?? `number-${index}`}`;
      const origin = { pulumiProject: "review", stack };
      const objects = producedObjects({
        args: { ...args, project: "shop", platform: true },
        origin,
      });
      await createProduced(pipeline, objects);
      const namespace = stack.replace("review-", "review-shop-");
      const { status } = await scene.api.request("GET", `/api/v1/namespaces/${namespace}`);
      expect(status).to.equal(200);
    });
  });
});

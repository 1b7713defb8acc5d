import { expect } from "chai";
import { KubernetesApi } from "secure-environment-sandbox";
import {
  type ApiRequest,
  corePath,
  createAll,
  groupPath,
  patchRequest,
  postRequest,
  send,
} from "./support/apiRequests";
import { eventually } from "../support/eventually";
import { PlatformCluster } from "./support/platformScene";
import { compliantDeployment } from "./support/workloads";
import { pipelineClients, type Clients } from "./attacks/clients";
import { buildEnvironment } from "./attacks/environments";
import { newHole } from "./attacks/pipelineRequests";
import { login, post } from "./attacks/places";
import { pipelineMistakes } from "./attacks/surroundings";

const rbac = "rbac.authorization.k8s.io";
const production = { namespace: "production" };

/** What somebody in shop's environment would hold, and who deletes it. */
interface Victim {
  readonly what: string;
  readonly path: string;
  readonly by: "shopPipeline" | "blogPipeline" | "administrator";
}

const victims: readonly Victim[] = [
  {
    what: "a hole of the own environment",
    path: `${groupPath(login, "networking.k8s.io", "networkpolicies")}/hole-database`,
    by: "shopPipeline",
  },
  {
    what: "a binding in production that is revoked",
    path: `${groupPath(production, rbac, "rolebindings")}/contractor`,
    by: "administrator",
  },
  {
    what: "a network policy of production",
    path: `${groupPath(production, "networking.k8s.io", "networkpolicies")}/open`,
    by: "administrator",
  },
  {
    what: "another project's share of the API server",
    path: `/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas/${post.namespace}`,
    by: "blogPipeline",
  },
  { what: "another project's environment", path: corePath(post), by: "blogPipeline" },
];

const foreground = { apiVersion: "v1", kind: "DeleteOptions", propagationPolicy: "Foreground" };

describe("whoever is in an environment", function () {
  this.timeout(300_000);
  let cluster: PlatformCluster;
  let clients: Pick<Clients, "shopPipeline" | "blogPipeline" | "administrator">;
  let developer: KubernetesApi;

  before("set the scene", async function () {
    this.timeout(300_000);
    cluster = await PlatformCluster.start();
    await cluster.install({
      projects: [{ name: "shop", pipelineGroup: "ci:shop" }, { name: "blog" }],
    });
    await createAll(cluster.api, [...inProduction(), ...pipelineMistakes()]);
    const door = { sandbox: cluster.sandbox, server: cluster.sandbox.servers[0]! };
    clients = { ...(await pipelineClients(door)), administrator: cluster.api };
    const people = [{ group: "dev-users" }];
    await buildEnvironment(clients.shopPipeline, login, people, {});
    await buildEnvironment(clients.blogPipeline, post, people, {});
    await createAll(clients.shopPipeline, [newHole(login)]);
    developer = await clientOf("dean", "dev-users");
  });

  after(async function () {
    this.timeout(300_000);
    developer.close();
    clients.shopPipeline.close();
    clients.blogPipeline.close();
    await cluster.end();
  });

  for (const { what, path, by } of victims) {
    it(`does not hold ${what} in its deletion`, async () => {
      await tryToHold(await uidOf(path), what.replaceAll(/[^a-z]/g, "-"));

      const removal = await clients[by].request("DELETE", path, foreground);
      expect(removal.status, JSON.stringify(removal.body)).to.be.oneOf([200, 202]);
      await eventually(async () => (await cluster.api.request("GET", path)).status === 404);
    });
  }

  for (const propagationPolicy of ["Foreground", "Background"]) {
    it(`deletes a deployment with all that belongs to it (${propagationPolicy})`, async () => {
      const deployments = groupPath(login, "apps", "deployments");
      const name = propagationPolicy.toLowerCase();
      await createAll(developer, [postRequest(deployments, compliantDeployment(name))]);
      await eventually(async () => (await replicaSetsOf(name)).length === 1);
      const options = { ...foreground, propagationPolicy };
      const removal = await developer.request("DELETE", `${deployments}/${name}`, options);
      expect(removal.status).to.equal(200);
      await eventually(
        async () =>
          (await replicaSetsOf(name)).length === 0 &&
          (await cluster.api.request("GET", `${deployments}/${name}`)).status === 404,
      );
    });
  }

  /** An object that waits for itself for ever, and then for somebody else as well. */
  async function tryToHold(uid: string, name: string): Promise<void> {
    const keeper = `${corePath(login, "configmaps")}/${name}`;
    await createAll(developer, [
      postRequest(corePath(login, "configmaps"), { metadata: { name } }),
    ]);
    const own = { apiVersion: "v1", kind: "ConfigMap", name, blockOwnerDeletion: true };
    const self = { ...own, uid: await uidOf(keeper) };
    await send(developer, ownedBy(keeper, self));
    await send(developer, ownedBy(keeper, self, { ...own, uid }));
    await developer.request("DELETE", keeper, foreground);
    await send(developer, ownedBy(keeper, self, { ...own, uid }));
  }

  async function uidOf(path: string): Promise<string> {
    const { body } = await cluster.api.request("GET", path);
    return body.metadata.uid as string;
  }

  async function replicaSetsOf(app: string): Promise<readonly unknown[]> {
    const query = { labelSelector: `app=${app}` };
    const path = groupPath(login, "apps", "replicasets");
    const { body } = await cluster.api.request("GET", path, undefined, { query });
    return body.items as readonly unknown[];
  }

  async function clientOf(name: string, ...groups: readonly string[]): Promise<KubernetesApi> {
    return new KubernetesApi(await cluster.sandbox.userKubeconfig(name, groups));
  }
});

function ownedBy(path: string, ...ownerReferences: readonly object[]): ApiRequest {
  return patchRequest(path, { metadata: { ownerReferences } });
}

function inProduction(): ApiRequest[] {
  const metadata = { name: "contractor" };
  return [
    ...[production.namespace, "operators"].map((name) =>
      postRequest("/api/v1/namespaces", { metadata: { name } }),
    ),
    postRequest(groupPath(production, rbac, "rolebindings"), {
      metadata,
      roleRef: { apiGroup: rbac, kind: "ClusterRole", name: "view" },
      subjects: [{ apiGroup: rbac, kind: "User", name: "eve" }],
    }),
    postRequest(groupPath(production, "networking.k8s.io", "networkpolicies"), {
      metadata: { name: "open" },
      spec: { podSelector: {}, ingress: [{}] },
    }),
  ];
}

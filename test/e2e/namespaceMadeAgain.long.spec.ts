import { expect } from "chai";
import { KubernetesApi } from "secure-environment-sandbox";
import { labels } from "#components/core/labels";
import {
  type ApiRequest,
  bent,
  corePath,
  createAll,
  deleteRequest,
  send,
} from "./support/apiRequests";
import { eventually } from "../support/eventually";
import { PlatformCluster } from "./support/platformScene";
import { newBoundedPod, newConfigMap } from "./attacks/guestRequests";
import {
  newDefaultDeny,
  newDeployerAccount,
  newDeployerBinding,
  newLimitRange,
  newNamespace,
  newQuota,
  removeNamespace,
} from "./attacks/pipelineRequests";
import { type Place } from "./attacks/places";

const place: Place = { namespace: "review-shop-again", project: "shop", stack: "review-again" };
const tries = 50;

describe("a namespace that is made again under its name, at another API server", function () {
  this.timeout(300_000);
  let cluster: PlatformCluster;
  let pipeline: KubernetesApi;
  let elsewhere: KubernetesApi;

  before("install the platform where there are two API servers", async function () {
    this.timeout(300_000);
    cluster = await PlatformCluster.start({ apiServers: 2 });
    await cluster.install({ projects: [{ name: "shop" }] });
    const { sandbox } = cluster;
    const account = ["secure-environment-pipeline-shop", "pipeline"] as const;
    pipeline = new KubernetesApi(await sandbox.serviceAccountKubeconfig(...account));
    elsewhere = new KubernetesApi(sandbox.kubeconfigAt(sandbox.servers[1]!, sandbox.kubeconfig));
  });

  after(async function () {
    this.timeout(300_000);
    pipeline.close();
    elsewhere.close();
    await cluster.end();
  });

  it("holds nothing by the walls of the one before, and lets its deployer in no more", async () => {
    await createAll(pipeline, [...wallsBesideTheNetwork, newDefaultDeny(place)]);
    await eventually(async () => (await send(elsewhere, pod)).status === 201);
    const deployer = await deployerElsewhere();
    await eventually(async () => (await send(deployer, newConfigMap(place))).status === 201);
    await send(elsewhere, deleteRequest(`${pod.path}/probe`));
    await send(pipeline, removeNamespace(place));
    await eventually(async () => (await elsewhere.request("GET", corePath(place))).status === 404);

    const [, statuses] = await Promise.all([
      createAll(pipeline, wallsBesideTheNetwork),
      attempts(),
    ]);
    expect([...statuses, ...(await attempts())].filter((status) => status < 300)).to.deep.equal([]);
    await eventually(async () => (await send(deployer, newConfigMap(place))).status === 401);
    deployer.close();

    await createAll(pipeline, [newDefaultDeny(place)]);
    await eventually(async () => (await send(elsewhere, pod)).status === 201);
  });

  async function deployerElsewhere(): Promise<KubernetesApi> {
    const { sandbox } = cluster;
    const kubeconfig = await sandbox.serviceAccountKubeconfig(place.namespace, "deployer");
    return new KubernetesApi(sandbox.kubeconfigAt(sandbox.servers[1]!, kubeconfig));
  }

  /** What an administrator gets who makes pods and config maps, one after the other. */
  async function attempts(): Promise<number[]> {
    const statuses: number[] = [];
    for (let count = 0; count < tries; count++) {
      for (const request of [pod, newConfigMap(place)]) {
        statuses.push((await send(elsewhere, request)).status);
      }
    }
    return statuses;
  }
});

const pod = bent(newBoundedPod(place), { spec: { nodeSelector: null } });

/** All that an environment needs but its default deny. */
const wallsBesideTheNetwork: readonly ApiRequest[] = [
  bent(newNamespace(place), { metadata: { labels: { [labels.nodePool]: null } } }),
  newQuota(place),
  newLimitRange(place),
  newDeployerAccount(place),
  newDeployerBinding(place),
];

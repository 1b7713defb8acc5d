import { expect } from "chai";
import { KubernetesApi } from "secure-environment-sandbox";
import {
  type ApiRequest,
  bent,
  corePath,
  createAll,
  patchRequest,
  postRequest,
  send,
} from "./support/apiRequests";
import { labels } from "#components/core/labels";
import { eventually } from "../support/eventually";
import { PlatformCluster } from "./support/platformScene";
import { newBoundedPod, newClaim, newSecret, newService } from "./attacks/guestRequests";
import {
  newDefaultDeny,
  newDeployerAccount,
  newDeployerBinding,
  newLimitRange,
  newNamespace,
  newQuota,
  newZeroQuota,
} from "./attacks/pipelineRequests";
import { type Place } from "./attacks/places";

/** What a controller manager does unless it is told otherwise. */
const defaultSpeed = ["--kube-api-qps=20", "--kube-api-burst=30"];
const cpuOfPod = 1;
const cpuOfQuota = 2;
const tries = 60;

describe("an environment whose walls come late", function () {
  this.timeout(300_000);
  let cluster: PlatformCluster;
  let pipeline: KubernetesApi;

  before("install the platform where controllers have their usual speed", async function () {
    this.timeout(300_000);
    cluster = await PlatformCluster.start({ extraControllerManagerArguments: defaultSpeed });
    await cluster.install({ projects: [{ name: "shop" }] });
    const account = ["secure-environment-pipeline-shop", "pipeline"] as const;
    pipeline = new KubernetesApi(await cluster.sandbox.serviceAccountKubeconfig(...account));
  });

  after(async function () {
    this.timeout(300_000);
    pipeline.close();
    await cluster.end();
  });

  it("has no more pods than its quota allows while the controller of quotas is busy", async () => {
    const place = environment("hasty");
    await createAll(pipeline, wallsBesideTheQuota(place));
    const deployer = await deployerOf(place);
    await keepQuotasBusy();

    await createAll(pipeline, [smallQuota(place)]);
    const pods = Array.from({ length: tries }, (_, index) => podNamed(place, `early-${index}`));
    await Promise.all(pods.map((pod) => send(deployer, pod)));
    expect((await podsIn(place)) * cpuOfPod).to.be.at.most(cpuOfQuota);

    // Pods that came after the quota was counted may have filled it.
    await eventually(
      async () =>
        (await podsIn(place)) > 0 ||
        (await send(deployer, podNamed(place, "later"))).status === 201,
    );
    deployer.close();
  });

  it("holds nothing but its walls where the quota was forgotten, and everything once it is there", async () => {
    const place = environment("forgotten");
    await createAll(pipeline, wallsBesideTheQuota(place));
    const deployer = await deployerOf(place);
    const wanted = [
      newClaim(place, { resources: { requests: { storage: "100Ti" } } }),
      ...many(20, newClaim(place)),
      ...many(20, newSecret(place)),
      ...many(20, newService(place)),
      ...many(20, postRequest(corePath(place, "configmaps"), { metadata: { name: "settings" } })),
    ];
    const statuses = await Promise.all(
      wanted.map(async (request) => (await send(deployer, request)).status),
    );
    // The first claim is refused by the limit range, which stands.
    expect(statuses).to.deep.equal([403, ...Array.from({ length: 80 }, () => 422)]);

    await createAll(pipeline, [newQuota(place)]);
    const allowed = [newClaim(place), newSecret(place), newService(place), newBoundedPod(place)];
    for (const request of allowed) {
      await eventually(async () => (await send(deployer, request)).status === 201);
    }
    deployer.close();
  });

  it("refuses what is made while a change of its quota does not count yet", async () => {
    const place = environment("changed");
    await createAll(pipeline, [...wallsBesideTheQuota(place), newQuota(place)]);
    const deployer = await deployerOf(place);
    await eventually(async () => (await send(deployer, podNamed(place, "first"))).status === 201);
    await keepQuotasBusy();

    const { spec } = smallQuota(place).body as { readonly spec: object };
    const smaller = patchRequest(`${corePath(place, "resourcequotas")}/environment`, { spec });
    expect((await send(pipeline, smaller)).status).to.equal(200);
    const pods = Array.from({ length: tries }, (_, index) => podNamed(place, `next-${index}`));
    await Promise.all(pods.map((pod) => send(deployer, pod)));
    expect((await podsIn(place)) * cpuOfPod).to.be.at.most(cpuOfQuota);
    deployer.close();
  });

  async function deployerOf({ namespace }: Place): Promise<KubernetesApi> {
    return new KubernetesApi(await cluster.sandbox.serviceAccountKubeconfig(namespace, "deployer"));
  }

  /** More quotas than their controller counts in a second or two. */
  async function keepQuotasBusy(): Promise<void> {
    busy += 1;
    const places = Array.from({ length: 30 }, (_, index) => environment(`busy-${busy}-${index}`));
    await Promise.all(places.map((place) => createAll(pipeline, [onNoPool(place)])));
    await Promise.all(
      places
        .flatMap((place) => [newQuota(place), newZeroQuota(place)])
        .map((request) => send(pipeline, request)),
    );
  }
  let busy = 0;

  async function podsIn(place: Place): Promise<number> {
    const { body } = await cluster.api.request("GET", corePath(place, "pods"));
    return body.items.length as number;
  }
});

function environment(slug: string): Place {
  return { namespace: `review-shop-${slug}`, project: "shop", stack: `review-${slug}` };
}

function onNoPool(place: Place): ApiRequest {
  return bent(newNamespace(place), { metadata: { labels: { [labels.nodePool]: null } } });
}

/** All that an environment needs but its quota. */
function wallsBesideTheQuota(place: Place): ApiRequest[] {
  return [
    onNoPool(place),
    newLimitRange(place),
    newDefaultDeny(place),
    newDeployerAccount(place),
    newDeployerBinding(place),
  ];
}

function smallQuota(place: Place): ApiRequest {
  return bent(newQuota(place), { spec: { hard: { "limits.cpu": String(cpuOfQuota) } } });
}

function podNamed(place: Place, name: string): ApiRequest {
  const pod = newBoundedPod(place);
  const { spec } = pod.body as { readonly spec: { readonly containers: readonly object[] } };
  const limits = { cpu: String(cpuOfPod), memory: "64Mi", "ephemeral-storage": "64Mi" };
  const containers = spec.containers.map((one) => ({ ...one, resources: { limits } }));
  return bent(pod, { metadata: { name }, spec: { containers, nodeSelector: null } });
}

/** The same request with other names. */
function many(count: number, request: ApiRequest): ApiRequest[] {
  return Array.from({ length: count }, (_, index) =>
    bent(request, { metadata: { name: `more-${index}` } }),
  );
}

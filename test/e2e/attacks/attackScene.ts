import { type KubernetesApi } from "secure-environment-sandbox";
import { labels } from "#components/core/labels";
import {
  type ApiRequest,
  bent,
  corePath,
  createAll,
  groupPath,
  send,
} from "../support/apiRequests";
import { eventually } from "../../support/eventually";
import { PlatformCluster } from "../support/platformScene";
import { agedObjects } from "./aged";
import { administratorClients, type Clients, guestClients, pipelineClients } from "./clients";
import { buildEnvironment } from "./environments";
import { countingStops, incompleteObjects } from "./incomplete";
import { newHole, newNamespace, removeNamespace } from "./pipelineRequests";
import { bare, cart, draft, leaving, login, type Place, post, twoHyphens } from "./places";
import { type Setting } from "./settings";
import { standing } from "./standing";
import { bystanders, contents, likeEnvironments, mistakes, pipelineMistakes } from "./surroundings";

/** A cluster with a platform, environments, and much that is none of their business. */
export interface AttackScene {
  /** Everybody at the first API server. */
  readonly clients: Clients;
  /** Everybody at the others. */
  readonly otherClients: readonly Clients[];
  end(): Promise<void>;
}

/** What an API server may have switched on, and serves fields that others drop: IPv6, too. */
const everyFeature = [
  "--feature-gates=PodCertificateRequest=true,CrossNamespaceVolumeDataSource=true",
  "--runtime-config=certificates.k8s.io/v1beta1=true",
  "--service-cluster-ip-range=10.96.0.0/16,fd00:10:96::/112",
];

/** Sets everything up: what is there before, the platform, then environments by their pipelines. */
export async function setAttackScene(setting: Setting, apiServers = 1): Promise<AttackScene> {
  const cluster = await PlatformCluster.start({
    apiServers,
    extraApiServerArguments: everyFeature,
  });
  try {
    return await sceneIn(cluster, setting);
  } catch (error) {
    await cluster.end();
    throw error;
  }
}

async function sceneIn(cluster: PlatformCluster, setting: Setting): Promise<AttackScene> {
  await createAll(cluster.api, [...bystanders(), ...agedObjects(), ...countingStops()]);
  await cluster.install(setting.configuration);
  await createAll(cluster.api, [
    ...incompleteObjects().map((request) => placedBy(setting, request)),
    ...pipelineMistakes(),
  ]);
  const { sandbox } = cluster;
  const doors = sandbox.servers.map((server) => ({ sandbox, server }));
  const pipelines = await Promise.all(doors.map(pipelineClients));
  await buildEnvironments(pipelines[0]!, setting);
  await createAll(cluster.api, [
    ...mistakes(),
    ...likeEnvironments(),
    ...contents(),
    ...standing(setting),
  ]);
  await depart(pipelines[0]!.shopPipeline, leaving);
  const [clients, ...otherClients] = (await Promise.all(
    doors.map(async (door, index) => ({
      ...administratorClients(door),
      ...pipelines[index]!,
      ...(await guestClients(door)),
    })),
  )) as [Clients, ...Clients[]];
  const everybody = [clients, ...otherClients];
  await Promise.all(everybody.map(({ administrator }) => everythingIsServed(administrator)));
  return {
    clients,
    otherClients,
    end: async () => {
      everybody.flatMap(Object.values<KubernetesApi>).forEach((api) => api.close());
      await cluster.end();
    },
  };
}

type Pipelines = Pick<Clients, "shopPipeline" | "blogPipeline">;

async function buildEnvironments(
  { shopPipeline, blogPipeline }: Pipelines,
  setting: Setting,
): Promise<void> {
  const { environment, people } = setting;
  await buildEnvironment(shopPipeline, login, people.shop, environment);
  await buildEnvironment(shopPipeline, cart, people.shop, environment);
  await buildEnvironment(shopPipeline, leaving, people.shop, environment);
  await buildEnvironment(shopPipeline, twoHyphens, people.shop, environment);
  await buildEnvironment(blogPipeline, post, people.blog, environment);
  const namespaceOf = (place: Place) => placedBy(setting, newNamespace(place));
  await createAll(shopPipeline, [...[login, cart, leaving].map(newHole), namespaceOf(bare)]);
  await createAll(blogPipeline, [newHole(post), namespaceOf(draft)]);
}

/** The request as it is where there are no pools of nodes: the namespace names none. */
function placedBy({ environment }: Setting, request: ApiRequest): ApiRequest {
  return request.path === "/api/v1/namespaces" && environment.nodePool === undefined
    ? bent(request, { metadata: { labels: { [labels.nodePool]: null } } })
    : request;
}

/** Begins the end of an environment; a pod in it keeps it from coming. */
async function depart(pipeline: KubernetesApi, place: Place): Promise<void> {
  const { status, body } = await send(pipeline, removeNamespace(place));
  if (status !== 200) {
    throw new Error(`The deletion of ${place.namespace} answered ${status}: ${body.message}`);
  }
}

/** A quota refuses by what its status says, and a new kind is served: both a moment late. */
async function everythingIsServed(api: KubernetesApi): Promise<void> {
  const quota = `${corePath(login, "resourcequotas")}/environment`;
  const routes = groupPath(login, "gateway.networking.k8s.io", "httproutes");
  await eventually(async () => {
    const counted = await api.request("GET", quota);
    const served = await api.request("GET", routes);
    return counted.body.status?.used?.pods !== undefined && served.status === 200;
  });
}

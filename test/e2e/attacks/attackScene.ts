import { labels } from "#components/labels";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KubernetesApi, type Sandbox, startSandbox, stopSandbox } from "secure-environment-sandbox";
import { type AccessArgs } from "secure-environment";
import { eventually } from "../../support/eventually";
import { isPatch, production, type ProducedObject } from "../../support/producedObjects";
import { compliantDeployment, compliantPod, compliantService } from "../../support/workloads";
import { type ApiRequest } from "./attack";
import { certificateRequest } from "./certificateRequest";
import { type Attacker } from "./attackers";
import { environmentPod } from "./guestRequests";
import { unlabelled } from "./foreignNamespaces";
import { incompleteEnvironments, incompleteObjects } from "./incomplete";
import { installPlatform } from "./installPlatform";
import {
  corePath,
  groupPath,
  newDeployerAccount,
  newDeployerBinding,
  newHole,
  newNamespace,
  postRequest,
} from "./pipelineRequests";
import {
  bare,
  cart,
  domain,
  draft,
  foreignNamespaces,
  login,
  nodePool,
  type Place,
  post,
} from "./places";

/** A cluster with a platform, environments, and much that is none of their business. */
export interface AttackScene {
  readonly sandbox: Sandbox;
  /** The API server as each attacker sees it. */
  readonly clients: Readonly<Record<Attacker | "administrator", KubernetesApi>>;
  end(): Promise<void>;
}

const rbacGroup = "rbac.authorization.k8s.io";

/** Sets everything up: what is there before, the platform, then environments by their pipelines. */
export async function setAttackScene(): Promise<AttackScene> {
  const folder = mkdtempSync(join(tmpdir(), "secure-environment-attacks-"));
  const sandbox = await startSandbox({ stateDirectory: join(folder, "sandbox") });
  const administrator = new KubernetesApi(sandbox.kubeconfig);
  await createAll(administrator, bystanders());
  await installPlatform(administrator);
  await createAll(administrator, incompleteObjects());
  const clients = { administrator, ...(await pipelineClients(sandbox)) };
  await buildEnvironment(clients.shopPipeline, login, shopPeople);
  await buildEnvironment(clients.shopPipeline, cart, shopPeople);
  await buildEnvironment(clients.blogPipeline, post, blogPeople);
  await createAll(clients.shopPipeline, [newNamespace(bare)]);
  await createAll(clients.blogPipeline, [newNamespace(draft)]);
  const foreign = Object.values(foreignNamespaces).filter((name) => name !== post.namespace);
  await createAll(administrator, [...mistakes(), ...foreign.flatMap(likeAnEnvironment)]);
  await createAll(clients.shopPipeline, [login, cart].map(newHole));
  await createAll(clients.blogPipeline, [newHole(post)]);
  const everybody = { ...clients, ...(await guestClients(sandbox)) };
  await createAll(administrator, contents());
  await quotaIsCounted(administrator);
  await routesAreServed(administrator);
  return {
    sandbox,
    clients: {
      ...everybody,
      replicaSetController: administrator,
      statefulSetController: administrator,
    },
    end: async () => {
      Object.values(everybody).forEach((api) => api.close());
      await stopSandbox(sandbox.stateDirectory);
      rmSync(folder, { recursive: true });
    },
  };
}

/** What was there before the platform. */
function bystanders(): ApiRequest[] {
  const named = (name: string, labelled: object = {}) =>
    postRequest("/api/v1/namespaces", { metadata: { name, labels: labelled } });
  return [
    named("production", { env: "production" }),
    named("staging", { [labels.protect]: "true" }),
    named("payments"),
    named("databases"),
    named("ordinary"),
    ...["production", "staging"].flatMap((namespace) => [
      postRequest(corePath({ namespace }, "secrets"), {
        metadata: { name: "password" },
        stringData: { password: "hunter2" },
      }),
      postRequest(corePath({ namespace }, "configmaps"), { metadata: { name: "settings" } }),
      postRequest(corePath({ namespace }, "services"), compliantService("shop")),
      postRequest(groupPath({ namespace }, "apps", "deployments"), compliantDeployment("shop")),
      postRequest(corePath({ namespace }, "pods"), compliantPod("waiting")),
    ]),
    postRequest("/api/v1/nodes", { metadata: { name: "production-1" } }),
    postRequest("/apis/coordination.k8s.io/v1/namespaces/kube-system/leases", {
      metadata: { name: "kube-controller-manager" },
    }),
    postRequest("/apis/certificates.k8s.io/v1/certificatesigningrequests", {
      metadata: { name: "waiting" },
      spec: {
        request: certificateRequest,
        signerName: "kubernetes.io/kube-apiserver-client",
        usages: ["client auth"],
      },
    }),
    postRequest("/apis/scheduling.k8s.io/v1/priorityclasses", {
      metadata: { name: "production" },
      value: 100000,
    }),
    routeDefinition,
  ];
}

const routeDefinition = postRequest("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", {
  metadata: {
    name: "httproutes.gateway.networking.k8s.io",
    annotations: { "api-approved.kubernetes.io": "unapproved, for tests" },
  },
  spec: {
    group: "gateway.networking.k8s.io",
    scope: "Namespaced",
    names: { plural: "httproutes", singular: "httproute", kind: "HTTPRoute" },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: "object",
            properties: {
              spec: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
            },
          },
        },
      },
    ],
  },
});

/** What is named like an environment's own, so that nothing but the place is foreign. */
function likeAnEnvironment(namespace: string): ApiRequest[] {
  const place = { ...login, namespace };
  return [newDeployerAccount(place), newHole(place)].map(unlabelled);
}

/** What somebody got who should not have. */
function mistakes(): ApiRequest[] {
  const bind = (name: string, place: Place, role: string, subject: object) =>
    postRequest(groupPath(place, rbacGroup, "rolebindings"), {
      metadata: { name },
      roleRef: { apiGroup: rbacGroup, kind: "ClusterRole", name: role },
      subjects: [subject],
    });
  const user = (name: string) => ({ apiGroup: rbacGroup, kind: "User", name });
  const develops = "secure-environment-developer";
  const developers = { apiGroup: rbacGroup, kind: "Group", name: "dev-users" };
  return [
    bind("mistake", login, "admin", user("adam")),
    bind("mistake", { ...login, namespace: "review-shop-unmarked" }, "admin", user("adam")),
    bind("big-mistake", login, "cluster-admin", user("cleo")),
    ...incompleteEnvironments.flatMap((place) => [
      bind("developer", place, develops, developers),
      newDeployerBindingFor(place),
      bind("mistake", place, "admin", user("adam")),
    ]),
  ];
}

/** The deployer of the environment that is attacked may deploy where walls are missing, too. */
function newDeployerBindingFor(place: Place): ApiRequest {
  const subject = { kind: "ServiceAccount", name: "deployer", namespace: login.namespace };
  const { body = {}, ...request } = newDeployerBinding(place);
  return { ...request, body: { ...body, subjects: [subject] } };
}

async function pipelineClients(sandbox: Sandbox) {
  const account = async (namespace: string, name: string) =>
    new KubernetesApi(await sandbox.serviceAccountKubeconfig(namespace, name));
  const shop = "secure-environment-pipeline-shop";
  return {
    shopPipeline: await account(shop, "pipeline"),
    secondAccount: await account(shop, "helper"),
    almightyPipeline: await account(shop, "almighty"),
    blogPipeline: await account("secure-environment-pipeline-blog", "pipeline"),
    shopIdentityProvider: new KubernetesApi(
      await sandbox.userKubeconfig("repository:shop", ["ci:shop"]),
    ),
  };
}

async function guestClients(sandbox: Sandbox) {
  const user = async (name: string, ...groups: string[]) =>
    new KubernetesApi(await sandbox.userKubeconfig(name, groups));
  const account = async ({ namespace }: Place, name: string) =>
    new KubernetesApi(await sandbox.serviceAccountKubeconfig(namespace, name));
  return {
    viewer: await user("vera", "support"),
    developer: await user("dean", "dev-users"),
    debugger: await user("dora", "on-call"),
    deployer: await account(login, "deployer"),
    defaultAccount: await account(login, "default"),
    stolenDeployer: await account(cart, "deployer"),
    misboundAdmin: await user("adam"),
    misboundClusterAdmin: await user("cleo"),
    operator: await user("olga"),
    stranger: await user("eve"),
  };
}

/** What runs in the environments. */
function contents(): ApiRequest[] {
  return [login, post].flatMap((place) => [
    postRequest(corePath(place, "configmaps"), { metadata: { name: "settings" } }),
    postRequest(corePath(place, "secrets"), {
      metadata: { name: "kept" },
      stringData: { password: "hunter2" },
    }),
    postRequest(corePath(place, "services"), compliantService("shop")),
    postRequest(corePath(place, "pods"), environmentPod("waiting")),
  ]);
}

const shopPeople: readonly AccessArgs[] = [
  { group: "support", preset: "view" },
  { group: "dev-users", preset: "develop" },
  { group: "on-call", preset: "debug" },
];
const blogPeople: readonly AccessArgs[] = [{ group: "bloggers" }];

/** Builds the environment by its pipeline, from the objects that the component makes. */
async function buildEnvironment(
  pipeline: KubernetesApi,
  place: Place,
  people: readonly AccessArgs[],
): Promise<void> {
  const { objects } = await production({
    args: {
      project: place.project,
      platform: true,
      access: [...people],
      size: "large",
      nodePool: { name: nodePool, enforcement: "platform" },
      domain,
    },
    origin: { pulumiProject: "review", stack: place.stack },
  });
  for (const object of objects) {
    await (isPatch(object) ? switchOff(pipeline, object) : createAll(pipeline, [creation(object)]));
  }
}

/** The `default` service account is there a moment after its namespace. */
async function switchOff(pipeline: KubernetesApi, { metadata, ...object }: ProducedObject) {
  const path = `${corePath({ namespace: metadata.namespace ?? "" }, "serviceaccounts")}/default`;
  const { automountServiceAccountToken } = object;
  const contentType = "application/merge-patch+json";
  await eventually(async () => {
    const patch = { automountServiceAccountToken };
    return (await pipeline.request("PATCH", path, patch, { contentType })).status === 200;
  });
}

function creation(object: ProducedObject): ApiRequest {
  const [group, version] = object.apiVersion.includes("/")
    ? object.apiVersion.split("/")
    : [undefined, object.apiVersion];
  const root = group === undefined ? `/api/${version}` : `/apis/${group}/${version}`;
  const { namespace } = object.metadata;
  const inside = namespace === undefined ? "" : `/namespaces/${namespace}`;
  const plural = `${object.kind.toLowerCase()}s`.replace(/ys$/, "ies");
  return postRequest(`${root}${inside}/${plural}`, object);
}

/** A fresh RoleBinding and a fresh namespace are honoured a moment late. */
export async function createAll(
  api: KubernetesApi,
  requests: readonly ApiRequest[],
): Promise<void> {
  for (const { method, path, body } of requests) {
    await eventually(async () => {
      const answer = await api.request(method, path, body);
      if (![201, 403, 404].includes(answer.status)) {
        throw new Error(`${method} ${path} answered ${answer.status}: ${answer.body.message}`);
      }
      return answer.status === 201;
    });
  }
}

/** A quota refuses by what its status says, which the controller writes a moment later. */
async function quotaIsCounted(api: KubernetesApi): Promise<void> {
  await eventually(async () => {
    const { body } = await api.request("GET", `${corePath(login, "resourcequotas")}/environment`);
    return body.status?.used?.pods !== undefined;
  });
}

/** A new kind is served a moment after it is defined. */
async function routesAreServed(api: KubernetesApi): Promise<void> {
  const routes = groupPath(login, "gateway.networking.k8s.io", "httproutes");
  await eventually(async () => (await api.request("GET", routes)).status === 200);
}

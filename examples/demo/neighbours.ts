import type { V1Deployment } from "@kubernetes/client-node";
import { setTimeout as sleep } from "node:timers/promises";
import { KubernetesApi } from "secure-environment-kubernetes";
import { type Reporter, type Sandbox, SandboxError } from "secure-environment-sandbox";
import { type Place, podSpec, servePage, type Visit, visit } from "./pods";
import { type Proof } from "./proofs";

/** The namespace whose pods may visit an environment, by its hole. */
export const visitors = "visitors";

/** The namespace next door, as careless as many are: it has no walls. */
const production = "production";

const copies = 60;
const longestWait = 60_000;

/**
 * Runs web pages in two environments and lets them, their visitors and production try to read them:
 * real pods and real packets. Then a load runs until the quota ends it.
 *
 * @param stack has a hole for `visitors`.
 * @param neighbour has no hole.
 */
export async function provePackets(
  sandbox: Sandbox,
  stack: string,
  neighbour: string,
  reporter: Reporter,
): Promise<Proof[]> {
  const image = sandbox.probeImage();
  const admin = new KubernetesApi(sandbox.kubeconfig);
  const [own, other] = await Promise.all([
    deployersPlace(sandbox, stack),
    deployersPlace(sandbox, neighbour),
  ]);
  try {
    await Promise.all([visitors, production].map((name) => createNamespace(admin, name)));
    reporter.progress("Deploying a web page into each environment");
    const [page, otherPage] = await Promise.all([
      servePage(own, image, "Welcome to the new login form."),
      servePage(other, image, "Prices, rounded."),
    ]);
    reporter.progress("Visiting the pages");
    const [byHole, byNeighbour, byProduction, byItself] = await Promise.all([
      visit({ namespace: visitors, api: admin }, image, page),
      visit(other, image, page),
      visit({ namespace: production, api: admin }, image, page),
      visit(other, image, otherPage),
    ]);
    reporter.progress("Putting load on the environment");
    return [
      proof("visitors read its page by the hole", byHole, "open"),
      proof("the other environment reads it", byNeighbour, "refused"),
      proof("production next door reads it", byProduction, "refused"),
      proof("the other reads its own page", byItself, "open"),
      await proveQuota(own, image),
    ];
  } finally {
    admin.close();
    own.api.close();
    other.api.close();
  }
}

async function deployersPlace(sandbox: Sandbox, namespace: string): Promise<Place> {
  const kubeconfig = await sandbox.serviceAccountKubeconfig(namespace, "deployer");
  return { namespace, api: new KubernetesApi(kubeconfig) };
}

async function createNamespace(admin: KubernetesApi, name: string): Promise<void> {
  const { status } = await admin.request("POST", "/api/v1/namespaces", { metadata: { name } });
  if (status !== 201 && status !== 409) {
    throw new SandboxError(`The namespace ${name} was not created: HTTP status ${status}.`);
  }
}

function proof(attempt: string, { outcome, page }: Visit, promised: string): Proof {
  const answer = page === undefined ? outcome : `${outcome}: ${page}`;
  return { attempt, answer, holds: outcome === promised };
}

/** Starts more pods than the environment may have, as its deployer, and takes them away again. */
async function proveQuota({ namespace, api }: Place, image: string): Promise<Proof> {
  const deployments = `/apis/apps/v1/namespaces/${namespace}/deployments`;
  const labels = { app: "load" };
  const spec = {
    replicas: copies,
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: podSpec(image, ["pause"]) },
  };
  await api.request("POST", deployments, { metadata: { name: "load" }, spec });
  const { status } = await refusedDeployment(api, `${deployments}/load`);
  await api.request("DELETE", `${deployments}/load`);
  const failure = status?.conditions?.find(({ type }) => type === "ReplicaFailure")?.message ?? "";
  const [refusal] = /exceeded quota: [\w-]+/.exec(failure) ?? [];
  const created = status?.replicas ?? 0;
  return {
    attempt: `run ${copies} copies of a load`,
    answer: `${created} copies, then ${refusal ?? failure}`,
    holds: created < copies && refusal !== undefined,
  };
}

async function refusedDeployment(api: KubernetesApi, path: string): Promise<V1Deployment> {
  const end = Date.now() + longestWait;
  for (;;) {
    const { body } = await api.request<V1Deployment>("GET", path);
    const { conditions = [], replicas = 0 } = body.status ?? {};
    if (conditions.some(({ type }) => type === "ReplicaFailure") && replicas > 0) {
      return body;
    }
    if (Date.now() > end) {
      throw new SandboxError("Waited a minute in vain: no quota refuses the load.");
    }
    await sleep(100);
  }
}

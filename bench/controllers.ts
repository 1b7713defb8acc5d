import { setTimeout as sleep } from "node:timers/promises";
import { KubernetesApi, type Sandbox } from "secure-environment-sandbox";

import type { ApiShareScene } from "./apiShareScene";
import { BenchmarkError } from "./errors";
import { duringFlood } from "./flood";
import { type Spread, spreadOf } from "./ratios";

/**
 * Seconds until a Deployment elsewhere has its first pod. They are told, and promised by nobody: what
 * controllers do for an environment is in no share of the API server.
 */
export interface ControllerWaits {
  readonly quiet: Spread;
  /** While somebody changes the Deployments of an environment that has the platform's share. */
  readonly busy: Spread;
}

const busyDeployments = 10;
const samples = 3;
const settleMilliseconds = 2_000;
const longestMilliseconds = 30_000;

/** Measures with the controller manager's default speed. */
export async function measureControllers(
  sandbox: Sandbox,
  { boundedFlood }: ApiShareScene,
  abort: AbortSignal,
): Promise<ControllerWaits> {
  const admin = new KubernetesApi(sandbox.kubeconfig);
  try {
    const busyPath = deployments("review-bounded");
    for (let index = 0; index < busyDeployments; index++) {
      await makeDeployment(admin, busyPath, `busy-${index}`, 0);
    }
    const quiet = await waits(admin, "quiet", abort);
    const flood = {
      kubeconfig: boundedFlood.kubeconfig,
      connections: busyDeployments,
      method: "PATCH",
      path: `${busyPath}/busy-#`,
      body: JSON.stringify({ spec: { template: { metadata: { annotations: { count: "@" } } } } }),
      headers: { "content-type": "application/merge-patch+json" },
    };
    const { result: busy } = await duringFlood(flood, async () => {
      await sleep(settleMilliseconds, undefined, { signal: abort });
      return waits(admin, "busy", abort);
    });
    return { quiet, busy };
  } finally {
    admin.close();
  }
}

/** The figures for people. */
export function renderControllers({ quiet, busy }: ControllerWaits): string[] {
  const seconds = ({ median, minimum, maximum }: Spread) =>
    `${median.toFixed(2)} (${minimum.toFixed(2)} – ${maximum.toFixed(2)})`;
  return [
    "Seconds until a Deployment elsewhere has its pod: median (least – most); no gate",
    `  ${seconds(quiet)} while nobody changes any, ${seconds(busy)} while an environment changes ` +
      `${busyDeployments} again and again`,
  ];
}

async function waits(admin: KubernetesApi, name: string, abort: AbortSignal): Promise<Spread> {
  const seconds: number[] = [];
  for (let sample = 0; sample < samples; sample++) {
    const start = performance.now();
    await makeDeployment(admin, deployments("everyday"), `${name}-${sample}`, 1);
    await untilPod(admin, `${name}-${sample}-`, abort);
    seconds.push((performance.now() - start) / 1_000);
  }
  return spreadOf(seconds);
}

async function untilPod(admin: KubernetesApi, prefix: string, abort: AbortSignal): Promise<void> {
  const signal = AbortSignal.any([abort, AbortSignal.timeout(longestMilliseconds)]);
  for (;;) {
    const { body } = await admin.request<{ items: { metadata: { name: string } }[] }>(
      "GET",
      "/api/v1/namespaces/everyday/pods",
    );
    if (body.items.some(({ metadata }) => metadata.name.startsWith(prefix))) {
      return;
    }
    await sleep(20, undefined, { signal });
  }
}

async function makeDeployment(
  admin: KubernetesApi,
  path: string,
  name: string,
  replicas: number,
): Promise<void> {
  const labels = { app: name };
  const containers = [{ name: "app", image: "registry.example.com/app" }];
  const template = { metadata: { labels }, spec: { containers } };
  const spec = { replicas, selector: { matchLabels: labels }, template };
  const { status, body } = await admin.request<{ message?: string }>("POST", path, {
    metadata: { name },
    spec,
  });
  if (status !== 201) {
    throw new BenchmarkError(`POST ${path} answered ${status}: ${body.message}`);
  }
}

function deployments(namespace: string): string {
  return `/apis/apps/v1/namespaces/${namespace}/deployments`;
}

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { KubernetesApi } from "secure-environment-sandbox";

import { objectNames } from "#components/core/objectNames";
import { BenchmarkError, type Figure, type Pair } from "./figures";
import type { RoundPlace } from "./life";
import { reviewSeconds, secondsOf } from "./reviewCommand";

/** How many environments are listed. */
const count = 1_000;

/** Copies that are made at the same time. */
const atOnce = 50;

const original = "review-many";

const project = "bench-list";

/**
 * Lists many environments, which are copies of one: their namespaces and quotas in the cluster, and their stacks in a
 * state backend of files. Each list is compared with Pulumi's own of the stacks.
 */
export async function measureReviewList(
  rounds: number,
  place: RoundPlace,
  folder: string,
): Promise<readonly Pair[]> {
  const checkout = join(folder, "review-list");
  const backend = join(folder, "review-list-backend");
  mkdirSync(checkout);
  writeFileSync(join(checkout, "review.yaml"), `project: ${project}\n`);
  await reviewSeconds(place, checkout, ["up", "many", "--no-policy"]);
  copyStacks(place, backend);
  await copyNamespaces(place);
  const env = { PULUMI_BACKEND_URL: pathToFileURL(backend).href };
  const pairs: Pair[] = [];
  for (let round = 0; round <= rounds; round++) {
    const numerator = await reviewSeconds(place, checkout, ["list"], env);
    const denominator = await secondsOf(
      place,
      "pulumi",
      ["stack", "ls", "--project", project],
      folder,
      env,
    );
    pairs.push({ numerator, denominator });
  }
  // What comes first finds cold file caches.
  return pairs.slice(1);
}

/** What the pairs say. */
export function reviewListFigure(pairs: readonly Pair[]): Figure {
  return {
    name: "review list",
    numerator: `review list of ${count} environments`,
    denominator: "pulumi stack ls of their stacks",
    aim: { of: "numerator", atMost: 2 },
    pairs,
  };
}

function copyStacks({ sandbox }: RoundPlace, backend: string): void {
  const source = fileURLToPath(sandbox.environment.PULUMI_BACKEND_URL ?? "");
  const folder = join(".pulumi", "stacks", project);
  const stack = readFileSync(join(source, folder, `${original}.json`), "utf8");
  mkdirSync(join(backend, folder), { recursive: true });
  const meta = join(".pulumi", "meta.yaml");
  writeFileSync(join(backend, meta), readFileSync(join(source, meta)));
  for (const name of names) {
    writeFileSync(join(backend, folder, `${name}.json`), copyOf(stack, name));
  }
}

async function copyNamespaces({ sandbox }: RoundPlace): Promise<void> {
  const api = new KubernetesApi(sandbox.kubeconfig);
  const path = `/api/v1/namespaces/${original}`;
  const namespace = await read(api, path);
  const quota = await read(api, `${path}/resourcequotas/${objectNames.quota}`);
  for (let first = 0; first < count; first += atOnce) {
    await Promise.all(
      names.slice(first, first + atOnce).map(async (name) => {
        await create(api, "/api/v1/namespaces", copyOf(namespace, name));
        await create(api, `/api/v1/namespaces/${name}/resourcequotas`, copyOf(quota, name));
      }),
    );
  }
  api.close();
}

const names = Array.from({ length: count }, (_, index) => `${original}-${index}`);

function copyOf(text: string, name: string): string {
  return text.replaceAll(original, name);
}

/** What is the object's own alone, and may not be given. */
const served = ["uid", "resourceVersion", "creationTimestamp", "managedFields"];

async function read(api: KubernetesApi, path: string): Promise<string> {
  const { status, body } = await api.request<{ metadata: object }>("GET", path);
  refuseUnless(status === 200, path, status);
  const metadata = Object.entries(body.metadata).filter(([key]) => !served.includes(key));
  return JSON.stringify({ ...body, metadata: Object.fromEntries(metadata) });
}

async function create(api: KubernetesApi, path: string, object: string): Promise<void> {
  const { status } = await api.request("POST", path, JSON.parse(object) as object);
  refuseUnless(status === 201, path, status);
}

function refuseUnless(isDone: boolean, path: string, status: number): void {
  if (!isDone) {
    throw new BenchmarkError(`${path} answered with ${status}.`);
  }
}

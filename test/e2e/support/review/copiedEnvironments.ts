import { readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stackName } from "secure-environment/core";
import { KubernetesApi } from "secure-environment-sandbox";
import { type ReviewCommand } from "./reviewCommand";

/** How a copy differs from the environment that it is one of. */
export interface CopyDifferences {
  /** What its namespace names as its end; RFC 3339. */
  readonly expiresAt?: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** When its last run ended; RFC 3339. Defaults to that of the first one. */
  readonly updatedAt?: string;
  /** Whether there is no stack, or no namespace, of it. */
  readonly without?: "stack" | "namespace";
}

interface Metadata {
  readonly uid: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/**
 * Writes environments as `review up` has made a first one, into cluster and backend: their namespaces, and states
 * that say the same of them as that of the first one.
 */
export class CopiedEnvironments {
  private constructor(
    private readonly api: KubernetesApi,
    private readonly stacks: string,
    private readonly first: {
      readonly stack: string;
      readonly state: string;
      readonly metadata: Metadata;
    },
  ) {}

  /** @param branch of the first one, which stands. */
  static async of(
    review: ReviewCommand,
    api: KubernetesApi,
    branch: string,
  ): Promise<CopiedEnvironments> {
    const stack = stackName(branch);
    const stacks = join(review.backend, ".pulumi", "stacks", "shop");
    const state = readFileSync(join(stacks, `${stack}.json`), "utf8");
    const { body } = await api.request("GET", `/api/v1/namespaces/${stack}`);
    return new CopiedEnvironments(api, stacks, { stack, state, metadata: body.metadata });
  }

  /** Writes one, of a branch whose name is that of its stack as well. */
  async write(branch: string, differences: CopyDifferences = {}): Promise<void> {
    const { stack, state, metadata } = this.first;
    const name = stackName(branch);
    const uid =
      differences.without === "namespace"
        ? "00000000-0000-0000-0000-000000000000"
        : await this.writeNamespace(name, branch, differences);
    if (differences.without !== "stack") {
      const { updatedAt } = differences;
      const copied = JSON.parse(state.replaceAll(stack, name).replaceAll(metadata.uid, uid));
      const file = join(this.stacks, `${name}.json`);
      const writtenAt = updatedAt === undefined ? new Date() : new Date(updatedAt);
      copied.checkpoint.latest.manifest.time = updatedAt ?? copied.checkpoint.latest.manifest.time;
      writeFileSync(file, JSON.stringify(copied));
      utimesSync(file, writtenAt, writtenAt);
    }
  }

  private async writeNamespace(
    name: string,
    branch: string,
    { expiresAt, labels }: CopyDifferences,
  ): Promise<string> {
    const { metadata } = this.first;
    const { status, body } = await this.api.request("POST", "/api/v1/namespaces", {
      metadata: {
        name,
        labels: { ...metadata.labels, "secure-environment/stack": name, ...labels },
        annotations: {
          "secure-environment/branch": branch,
          ...(expiresAt !== undefined && { "secure-environment/expires-at": expiresAt }),
        },
      },
    });
    if (status !== 201) {
      throw new Error(`namespace ${name}: ${JSON.stringify(body)}`);
    }
    return body.metadata.uid;
  }
}

/** Deletes all environments, for the tests that come later in the same cluster. */
export async function deleteEnvironments(kubeconfig: string): Promise<void> {
  const api = new KubernetesApi(kubeconfig);
  try {
    for (const name of await environmentsIn(api)) {
      await api.request("DELETE", `/api/v1/namespaces/${name}`);
    }
    while ((await environmentsIn(api)).length > 0) {
      await sleep(500);
    }
  } finally {
    api.close();
  }
}

async function environmentsIn(api: KubernetesApi): Promise<readonly string[]> {
  const { body } = await api.request("GET", "/api/v1/namespaces");
  const names = body.items.map(({ metadata }: { metadata: { name: string } }) => metadata.name);
  return names.filter((name: string) => name.startsWith("review-"));
}

import { stackName } from "secure-environment/core";
import { type FoundNamespace } from "secure-environment-cluster/namespaceVerdict";
import { type Scope, type Seen } from "#review/listing/environmentRows";
import { type ListedStack } from "#review/listing/listedStack";
import { type ReapOptions } from "#review/reap/reapable";

export const now = "2027-01-10T12:00:00Z";

export const scope: Scope = {
  organization: "organization",
  pulumiProject: "shop",
  labelledProject: "shop",
  all: false,
};

export const options: ReapOptions = {
  permanent: [],
  unreviewed: ["main", "release/*"],
  isClusterNamed: true,
};

/** How an environment differs from one that stands, is a day old, and has no end. */
export interface Differences {
  readonly branch?: string;
  readonly expiresAt?: string;
  readonly createdAt?: string;
  readonly deletedAt?: string;
  readonly project?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly stack?: Partial<ListedStack>;
}

/** A namespace and the stack of a branch. */
export function environment(
  branch: string,
  differences: Differences = {},
): { readonly namespace: FoundNamespace; readonly stack: ListedStack } {
  const { project = "shop" } = differences;
  const name = stackName(branch);
  const fullName = `organization/${project}/${name}`;
  const namespace: FoundNamespace = {
    metadata: {
      name: name.replace("review-", `review-${project}-`),
      uid: `uid of ${name}`,
      creationTimestamp: differences.createdAt ?? "2027-01-09T12:00:00Z",
      ...(differences.deletedAt && { deletionTimestamp: differences.deletedAt }),
      labels: {
        "secure-environment/kind": "review",
        "secure-environment/project": project,
        "secure-environment/stack": name,
        ...differences.labels,
      },
      annotations: {
        "secure-environment/branch": differences.branch ?? branch,
        ...(differences.expiresAt && { "secure-environment/expires-at": differences.expiresAt }),
      },
    },
  };
  const whole = { fullName, organization: "organization", project, name };
  const lastUpdate = "2027-01-09T12:00:30Z";
  const stack = {
    ...whole,
    isBusy: false,
    resourceCount: () => 20,
    lastUpdate,
    ...differences.stack,
  };
  return { namespace, stack };
}

/** All of them, as cluster and backend list them. */
export function seenOf(
  environments: readonly {
    readonly namespace?: FoundNamespace;
    readonly stack?: ListedStack;
  }[],
): Seen {
  return {
    namespaces: environments.flatMap(({ namespace }) => namespace ?? []),
    stacks: environments.flatMap(({ stack }) => stack ?? []),
    quotas: undefined,
    now,
  };
}

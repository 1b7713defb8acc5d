import { type FoundNamespace } from "secure-environment-cluster/namespaceVerdict";
import { type FoundQuota } from "#review/cluster/quotas";

/** The namespace of an environment of the project `shop`, as the API server has it. */
export function namespaceOf(name: string, more: FoundNamespace["metadata"] = {}): FoundNamespace {
  return {
    metadata: {
      name: `review-shop-${name}`,
      creationTimestamp: "2027-01-01T00:00:00Z",
      labels: {
        "secure-environment/kind": "review",
        "secure-environment/project": "shop",
        "secure-environment/stack": `review-${name}`,
      },
      annotations: { "secure-environment/branch": name },
      ...more,
    },
  };
}

/** The quota in it, of which more is used than it has. */
export function quotaOf(name: string, hard: Readonly<Record<string, string>>): FoundQuota {
  return {
    metadata: { namespace: `review-shop-${name}` },
    spec: { hard },
    status: { hard: { "requests.cpu": "99" }, used: { "requests.cpu": "99" } },
  };
}

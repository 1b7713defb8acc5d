/**
 * Two judges of the same objects, the policy pack and the platform: who refuses on the other side what
 * one of them refuses, by the names of policies, or why nobody does.
 */
export type Counterpart = readonly string[] | { readonly reason: string };

const beforeCreation = { reason: "it is about programs and states, which no API server sees" };

/** For each policy of the pack, policies of the platform, without their prefix. */
export const platformCounterparts: Readonly<Record<string, Counterpart>> = {
  "environment-has-quota": ["objects-wait-for-quota", "pipelines-keep-quotas"],
  "environment-has-limit-range": ["objects-wait-for-limit-range", "pipelines-keep-limit-ranges"],
  "environment-cannot-displace-others": ["pods-stay-on-their-nodes", "pipelines-keep-quotas"],
  "environment-denies-by-default": [
    "objects-wait-for-default-deny",
    "pipelines-keep-network-policies",
  ],
  "environment-has-mutual-tls": {
    reason: "a mesh's own objects are judged by their place; network policies bind beside them",
  },
  "environment-gives-no-tokens": ["pods-hold-no-api-tokens", "pipelines-keep-service-accounts"],
  "environment-has-flow-schema": {
    reason: "a pipeline that leaves it out is told of in the threat model",
  },
  "environment-is-self-contained": ["pipelines-touch-only-environments"],
  "environment-is-on-one-cluster": beforeCreation,
  "walls-come-first": [
    "objects-wait-for-default-deny",
    "objects-wait-for-quota",
    "objects-wait-for-limit-range",
  ],
  "environment-expires": { reason: "nothing is reached or taken by what stays too long" },
  "nothing-outlives-its-expiry": { reason: "admission policies know no time" },
  "stack-owns-only-its-environment": ["pipelines-make-only-environments"],
  "quotas-fit-together": ["pipelines-keep-quotas"],
  "quotas-are-within-ceilings": ["pipelines-keep-quotas"],
  "network-policies-name-their-peers": ["pipelines-keep-network-policies"],
  "network-policies-name-their-ports": ["pipelines-keep-network-policies"],
  "network-policies-spare-what-is-protected": ["pipelines-keep-network-policies"],
  "namespaces-enforce-pod-security": ["pipelines-make-only-environments"],
  "namespaces-are-not-protected": ["pipelines-make-only-environments", "protected-namespaces-stay"],
  "roles-are-narrow": ["environments-have-no-roles"],
  "bindings-are-narrow": ["pipelines-bind-only-platform-roles"],
  "flow-schemas-are-the-environments-own": ["pipelines-keep-flow-schemas"],
  "no-lasting-tokens": [
    "secrets-hold-no-tokens",
    "service-accounts-hold-no-tokens",
    "pipelines-keep-service-accounts",
  ],
  "pods-have-no-tokens": ["pods-hold-no-api-tokens", "service-accounts-hold-no-tokens"],
  "pods-are-restricted": [
    "pods-stay-on-their-nodes",
    "pods-mount-their-own-volumes",
    "pods-are-reached-by-their-network",
  ],
  "objects-end-in-time": [
    "pods-end-in-time",
    "objects-let-their-namespace-go",
    "objects-hold-no-others",
  ],
  "disruption-budgets-allow-disruptions": ["disruption-budgets-allow-disruptions"],
  "annotations-address-nobody": ["objects-have-plain-annotations", "ingresses-keep-to-their-hosts"],
  "claims-take-fresh-volumes": ["claims-take-fresh-volumes"],
  "containers-have-resources": ["objects-wait-for-limit-range"],
  "workloads-fit-their-environment": {
    reason: "the API server itself refuses what does not fit its limit ranges and quotas",
  },
  "images-come-from-allowed-registries": {
    reason: "the platform has no list of registries; alwaysPullImages is about images on the node",
  },
  "services-stay-inside": ["services-stay-inside", "endpoints-are-made-by-controllers"],
  "routes-stay-inside": ["routes-keep-to-their-hosts", "ingresses-keep-to-their-hosts"],
  "hosts-are-the-environments-own": ["ingresses-keep-to-their-hosts", "routes-keep-to-their-hosts"],
  "types-are-true": beforeCreation,
  "objects-are-visible": beforeCreation,
  "objects-are-in-namespaces": ["pipelines-touch-only-environments"],
  "objects-are-not-patched": ["pipelines-touch-only-environments", "only-pipelines-move-walls"],
  "providers-only-make-objects": beforeCreation,
  "walls-follow-their-program": beforeCreation,
};

/** For each policy of the platform about what is inside, policies of the pack. */
export const packCounterparts: Readonly<Record<string, Counterpart>> = {
  "only-pipelines-move-walls": { reason: "it is about who asks, which the pack cannot know" },
  "environments-have-no-roles": ["roles-are-narrow"],
  "objects-let-their-namespace-go": ["objects-end-in-time"],
  "objects-hold-no-others": ["objects-end-in-time"],
  "objects-have-plain-annotations": ["annotations-address-nobody"],
  "objects-wait-for-default-deny": ["walls-come-first", "environment-denies-by-default"],
  "objects-wait-for-quota": ["walls-come-first", "environment-has-quota"],
  "objects-wait-for-limit-range": ["walls-come-first", "environment-has-limit-range"],
  "objects-stay-small": {
    reason: "what a stack holds is written once; etcd is filled by changes without end",
  },
  "pods-stay-on-their-nodes": ["pods-are-restricted", "environment-cannot-displace-others"],
  "pods-end-in-time": ["objects-end-in-time"],
  "pods-hold-no-api-tokens": ["pods-have-no-tokens"],
  "pods-pull-their-images": { reason: "it is a setting of clusters, off by default" },
  "pods-are-reached-by-their-network": ["pods-are-restricted"],
  "pods-are-reported-on-by-the-cluster": { reason: "Pulumi writes no status" },
  "services-stay-inside": ["services-stay-inside"],
  "endpoints-are-made-by-controllers": ["services-stay-inside"],
  "disruption-budgets-allow-disruptions": ["disruption-budgets-allow-disruptions"],
  "service-accounts-hold-no-tokens": ["pods-have-no-tokens", "no-lasting-tokens"],
  "secrets-hold-no-tokens": ["no-lasting-tokens"],
  "tokens-are-minted-by-pipelines": { reason: "it is about who asks, which the pack cannot know" },
  "ingresses-keep-to-their-hosts": ["hosts-are-the-environments-own"],
  "routes-keep-to-their-hosts": ["hosts-are-the-environments-own", "routes-stay-inside"],
  "claims-take-fresh-volumes": ["claims-take-fresh-volumes"],
  "pods-mount-their-own-volumes": ["pods-are-restricted"],
};

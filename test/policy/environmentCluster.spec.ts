import { environmentIsOnOneCluster } from "#policy/policies/environmentCluster";
import { describePolicy, secretText } from "./support/policyCases";
import { type AnalyzedResource, secretValue, unknownText } from "./support/policyAnalyzer";
import { resourceOf } from "./support/policyResources";

type Provider = AnalyzedResource["provider"];

function namespace(provider: Provider): AnalyzedResource {
  const metadata = { name: "review-login" };
  return resourceOf("core/v1:Namespace", { metadata }, { name: "namespace", provider });
}

function inside(kind: string, provider: Provider): AnalyzedResource {
  const metadata = { name: "x", namespace: "review-login" };
  return resourceOf(`core/v1:${kind}`, { metadata }, { name: kind, provider });
}

const named = (name: string, properties: object = {}): Provider => ({
  name,
  properties: { ...properties },
});
const unknown = "is not known before the update";

describePolicy(environmentIsOnOneCluster, [
  {
    it: "passes what Pulumi's own provider makes",
    resources: [namespace({}), inside("ResourceQuota", {}), inside("Pod", {})],
  },
  {
    it: "passes providers of several versions that are configured alike",
    resources: [
      namespace(named("default", { context: "shop", namespace: "x" })),
      inside(
        "ResourceQuota",
        named("default_4_29_0", { version: "4.29.0", namespace: "x", context: "shop" }),
      ),
      inside(
        "Pod",
        named("default_4_30_1", { version: "4.30.1", context: "shop", namespace: "x" }),
      ),
    ],
  },
  {
    it: "passes one provider that is given to all",
    resources: [
      namespace(
        named("cluster", {
          kubeconfig: secretValue(secretText),
          kubeClientSettings: { burst: 1, timeouts: [2] },
        }),
      ),
      inside("Pod", named("cluster", { kubeconfig: secretValue(secretText) })),
    ],
  },
  {
    it: "passes other packages, components, and what is left out by --target",
    resources: [
      namespace(named("cluster")),
      { type: "random:index/randomString:RandomString", name: "suffix", provider: {} },
      { type: "shop:index:Shop", name: "shop", properties: { metadata: {} } },
      resourceOf("helm.sh/v4:Chart", { chart: "redis" }),
      resourceOf("core/v1:Pod", {}),
    ],
  },
  { it: "passes a stack without objects", resources: [] },
  {
    it: "refuses what another provider makes",
    resources: [
      inside("ResourceQuota", named("other")),
      namespace(named("cluster")),
      inside("Pod", named("cluster")),
      inside("LimitRange", {}),
    ],
    finds: [
      "ResourceQuota ResourceQuota is made by the provider other, and namespace by cluster",
      "LimitRange LimitRange is made by the provider default_4_29_0",
    ],
  },
  {
    it: "refuses other providers of the same configuration: nobody can tell where they lead",
    resources: [
      namespace(named("one")),
      inside("Pod", named("two")),
      inside("Secret", named("one")),
    ],
    finds: ["Pod Pod is made by the provider two, and namespace by one"],
  },
  {
    it: "refuses a provider in disguise of Pulumi's own",
    resources: [
      namespace(named("default_4_29_0")),
      inside("Pod", named("default_4_30_1", { context: "other" })),
      inside("Secret", named("defaults")),
    ],
    finds: ["is made by the provider default_4_30_1", "is made by the provider defaults"],
  },
  {
    it: "goes by the first object where there is no namespace",
    resources: [
      { type: "random:index/randomString:RandomString", name: "suffix", provider: {} },
      inside("Secret", named("one")),
      inside("Pod", named("two")),
    ],
    finds: ["Pod Pod is made by the provider two, and Secret by one"],
  },
  {
    it: "refuses objects of kinds that it does not know too",
    resources: [
      namespace({}),
      {
        type: "crds:example.com/v1:Cache",
        name: "x",
        provider: { type: "pulumi:providers:kubernetes", name: "other" },
      },
    ],
    finds: ["Cache x is made by the provider other"],
  },
  {
    it: "refuses objects of which nobody knows the provider",
    resources: [namespace({}), inside("Pod", undefined)],
    finds: ["Pod Pod has no provider"],
  },
  {
    it: "refuses a namespace of which nobody knows the provider",
    resources: [namespace(undefined), inside("Pod", {})],
    finds: ["Namespace namespace has no provider", "and namespace by none"],
  },
  {
    it: "refuses a provider that is not known yet, once",
    resources: [
      namespace(
        named("cluster", {
          kubeconfig: unknownText,
          context: "shop",
          namespace: unknownText,
          kubeClientSettings: { burst: [unknownText] },
        }),
      ),
      inside("Pod", named("cluster", { kubeconfig: unknownText })),
    ],
    finds: [
      `Namespace namespace: provider ${unknown}`,
      `: provider.kubeconfig ${unknown}`,
      `: provider.namespace ${unknown}`,
    ],
  },
]);

import { platformPolicies } from "#components/platform/policies";
import { type ReviewPlatformArgs } from "#components/platform/platformArgs";
import { platformFlowSchemas, priorityLevelSpec } from "#components/platform/apiShare";
import { platformRoles } from "#components/platform/platformRoles";
import { platformSettings } from "#components/platform/platformSettings";
import { type KubernetesApi } from "secure-environment-sandbox";
import { eventually } from "../../support/eventually";
import { type ApiRequest } from "./attack";
import { newNamespace, postRequest } from "./pipelineRequests";
import { domain, login, nodePool } from "./places";

const rbacGroup = "rbac.authorization.k8s.io";
const rbac = `/apis/${rbacGroup}/v1`;
const admission = "/apis/admissionregistration.k8s.io/v1";
const flowControl = "/apis/flowcontrol.apiserver.k8s.io/v1";

/** A platform that uses whatever a platform offers. */
export const platformArgs: ReviewPlatformArgs = {
  projects: [{ name: "shop", pipelineGroup: "ci:shop" }, { name: "blog" }],
  developers: { groups: ["dev-users", "support", "on-call", "bloggers"] },
  protected: { namespaces: ["payments", "production"], cidrs: ["198.51.100.0/24"] },
  clusterNetwork: {
    pods: ["10.244.0.0/16"],
    services: ["10.96.0.0/16"],
    nodes: ["192.0.2.0/24"],
  },
  domain,
  nodePools: [nodePool],
  requireNodePool: true,
  alwaysPullImages: true,
};

/** Installs the fence, waits until it holds, and only then lets pipelines in. */
export async function installPlatform(api: KubernetesApi): Promise<void> {
  await send(api, [...policies(), ...roles(), ...shares(), ...accounts()]);
  await send(api, pipelineBindings());
  await eventually(async () => {
    const probe = newNamespace({ ...login, namespace: "review-probe" });
    const query = { dryRun: "All" };
    const headers = {
      "Impersonate-User": "probe",
      "Impersonate-Group": "ci:shop",
    };
    const { status, body } = await api.request("POST", probe.path, probe.body, { query, headers });
    return status !== 201 && String(body.message).includes("ValidatingAdmissionPolicy");
  });
}

function policies(): ApiRequest[] {
  return platformPolicies(platformArgs).flatMap(({ name, policy, binding }) => [
    postRequest(`${admission}/validatingadmissionpolicies`, { metadata: { name }, spec: policy }),
    postRequest(`${admission}/validatingadmissionpolicybindings`, {
      metadata: { name },
      spec: binding,
    }),
  ]);
}

function roles(): ApiRequest[] {
  const rules = platformRoles(platformSettings(platformArgs));
  return Object.entries(rules).map(([name, rules]) =>
    postRequest(`${rbac}/clusterroles`, { metadata: { name }, rules }),
  );
}

function shares(): ApiRequest[] {
  const schemas = platformFlowSchemas(platformSettings(platformArgs));
  return [
    postRequest(`${flowControl}/prioritylevelconfigurations`, {
      metadata: { name: "secure-environment-review" },
      spec: priorityLevelSpec,
    }),
    ...Object.entries(schemas).map(([name, spec]) =>
      postRequest(`${flowControl}/flowschemas`, {
        metadata: { name: `secure-environment-${name}` },
        spec,
      }),
    ),
  ];
}

function accounts(): ApiRequest[] {
  const namespaces = ["pipeline-shop", "pipeline-blog", "platform"];
  const account = (namespace: string, name: string) =>
    postRequest(`/api/v1/namespaces/secure-environment-${namespace}/serviceaccounts`, {
      metadata: { name },
    });
  return [
    ...namespaces.map((name) =>
      postRequest("/api/v1/namespaces", { metadata: { name: `secure-environment-${name}` } }),
    ),
    account("pipeline-shop", "pipeline"),
    account("pipeline-shop", "helper"),
    account("pipeline-shop", "almighty"),
    account("pipeline-blog", "pipeline"),
    account("platform", "verifier"),
  ];
}

function pipelineBindings(): ApiRequest[] {
  const bind = (name: string, role: string, subject: object) =>
    postRequest(`${rbac}/clusterrolebindings`, {
      metadata: { name },
      roleRef: { apiGroup: rbacGroup, kind: "ClusterRole", name: role },
      subjects: [subject],
    });
  const account = (project: string, name: string) => ({
    kind: "ServiceAccount",
    name,
    namespace: `secure-environment-pipeline-${project}`,
  });
  const pipeline = "secure-environment-pipeline";
  const group = { apiGroup: rbacGroup, kind: "Group", name: "ci:shop" };
  const operator = { apiGroup: rbacGroup, kind: "User", name: "olga" };
  return [
    bind("shop-pipeline", pipeline, account("shop", "pipeline")),
    bind("shop-identity-provider", pipeline, group),
    bind("shop-helper", pipeline, account("shop", "helper")),
    bind("shop-almighty", "cluster-admin", account("shop", "almighty")),
    bind("blog-pipeline", pipeline, account("blog", "pipeline")),
    bind("operator", "cluster-admin", operator),
  ];
}

async function send(api: KubernetesApi, requests: readonly ApiRequest[]): Promise<void> {
  for (const { method, path, body } of requests) {
    const { status, body: answer } = await api.request(method, path, body);
    if (status !== 201) {
      throw new Error(`${method} ${path} answered ${status}: ${JSON.stringify(answer)}`);
    }
  }
}

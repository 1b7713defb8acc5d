import { labels } from "#components/core/labels";
import { type ApiRequest, corePath, groupPath, postRequest } from "../support/apiRequests";
import { compliantDeployment, compliantPod, compliantService } from "../support/workloads";
import { certificateRequest } from "./certificateRequest";
import { unlabelled } from "./foreignNamespaces";
import { environmentPod } from "./guestRequests";
import { incompleteEnvironments } from "./incomplete";
import { newDeployerAccount, newDeployerBinding, newHole } from "./pipelineRequests";
import {
  foreignNamespaces,
  guestAccount,
  login,
  operatorAccounts,
  type Place,
  post,
} from "./places";

const rbacGroup = "rbac.authorization.k8s.io";

/** What was there before the platform. */
export function bystanders(): ApiRequest[] {
  const named = (name: string, labelled: object = {}) =>
    postRequest("/api/v1/namespaces", { metadata: { name, labels: labelled } });
  return [
    named("production", { env: "production" }),
    named("staging", { [labels.protect]: "true" }),
    named("archive", { [labels.protect]: "" }),
    named("payments"),
    named("databases"),
    named("ordinary"),
    named("operators"),
    named(guestAccount.namespace),
    postRequest(corePath(guestAccount, "serviceaccounts"), {
      metadata: { name: guestAccount.name },
    }),
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
export function likeEnvironments(): ApiRequest[] {
  return Object.values(foreignNamespaces)
    .filter((namespace) => namespace !== post.namespace)
    .flatMap((namespace) => {
      const place = { ...login, namespace };
      return [newDeployerAccount(place), newHole(place)].map(unlabelled);
    });
}

/** Accounts beside shop's pipeline, and an operator: what they got, they got by mistake. */
export function pipelineMistakes(): ApiRequest[] {
  const namespace = "secure-environment-pipeline-shop";
  const account = (name: string) =>
    postRequest(corePath({ namespace }, "serviceaccounts"), { metadata: { name } });
  const bind = (role: string, subject: { readonly kind: string; readonly name: string }) =>
    postRequest(`/apis/${rbacGroup}/v1/clusterrolebindings`, {
      metadata: { name: subject.name },
      roleRef: { apiGroup: rbacGroup, kind: "ClusterRole", name: role },
      subjects: [subject],
    });
  const operator = { apiGroup: rbacGroup, kind: "User", name: "olga" };
  const operators = Object.values(operatorAccounts);
  const accountNamed = (name: string) => ({ kind: "ServiceAccount", name, namespace });
  return [
    account("helper"),
    account("almighty"),
    bind("secure-environment-pipeline", accountNamed("helper")),
    bind("cluster-admin", accountNamed("almighty")),
    bind("cluster-admin", operator),
    ...operators.map((name) =>
      postRequest(corePath({ namespace: "operators" }, "serviceaccounts"), { metadata: { name } }),
    ),
    postRequest(`/apis/${rbacGroup}/v1/clusterrolebindings`, {
      metadata: { name: "operators" },
      roleRef: { apiGroup: rbacGroup, kind: "ClusterRole", name: "cluster-admin" },
      subjects: operators.map((name) => ({
        kind: "ServiceAccount",
        name,
        namespace: "operators",
      })),
    }),
  ];
}

/** What somebody got who should not have. */
export function mistakes(): ApiRequest[] {
  const bind = (name: string, place: Place, role: string, subject: object) =>
    postRequest(groupPath(place, rbacGroup, "rolebindings"), {
      metadata: { name },
      roleRef: { apiGroup: rbacGroup, kind: "ClusterRole", name: role },
      subjects: [subject],
    });
  const user = (name: string) => ({ apiGroup: rbacGroup, kind: "User", name });
  const group = (name: string) => ({ apiGroup: rbacGroup, kind: "Group", name });
  return [
    bind("mistake", login, "admin", user("adam")),
    bind("mistake", { ...login, namespace: "review-shop-unmarked" }, "admin", user("adam")),
    bind("big-mistake", login, "cluster-admin", user("cleo")),
    ...incompleteEnvironments.flatMap((place) => [
      bind("developer", place, "secure-environment-developer", group("dev-users")),
      bind("debugger", place, "secure-environment-debugger", group("on-call")),
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

/** What runs in the environments. */
export function contents(): ApiRequest[] {
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

import { labels } from "#components/core/labels";
import { type ApiRequest, bent, corePath, groupPath, postRequest } from "../support/apiRequests";
import { compliantDeployment, compliantPod, compliantService } from "../support/workloads";
import { domain, nodePool, type Place } from "./places";

/** What the people of an environment and its deployer ask for, each as a legitimate request. */

/** A pod on the pool of environments that pulls its image anew. */
export function newPod(place: Place, spec: object = {}): ApiRequest {
  return bent(postRequest(corePath(place, "pods"), environmentPod("probe")), { spec });
}

/** The pod with other settings of its only container. */
/** A pod that has a token of its account for somebody. */
export function podWithToken(place: Place, audience: string | undefined): ApiRequest {
  const token = { path: "token", ...(audience === undefined ? {} : { audience }) };
  return newPod(place, {
    volumes: [{ name: "token", projected: { sources: [{ serviceAccountToken: token }] } }],
  });
}

export function newPodWithContainer(place: Place, changes: object): ApiRequest {
  const [container] = environmentPod("probe").spec.containers as readonly [object];
  const { body } = bent({ ...newPod(place), body: container }, changes);
  return newPod(place, { containers: [body] });
}

const computeResources = { cpu: "100m", memory: "64Mi", "ephemeral-storage": "64Mi" };

/** A pod that declares itself all that a quota asks for. */
export function newBoundedPod(place: Place): ApiRequest {
  return newPodWithContainer(place, {
    resources: { requests: computeResources, limits: computeResources },
  });
}

/** A pod that the guard rails of an environment let in. */
export function environmentPod(name: string) {
  const pod = compliantPod(name);
  pod.spec.nodeSelector = { [labels.nodePool]: nodePool };
  pod.spec.automountServiceAccountToken = false;
  pod.spec.containers[0].imagePullPolicy = "Always";
  return pod;
}

export function newDeployment(place: Pick<Place, "namespace">, name = "shop"): ApiRequest {
  return postRequest(groupPath(place, "apps", "deployments"), compliantDeployment(name));
}

export function newService(place: Place, spec: object = {}): ApiRequest {
  return bent(postRequest(corePath(place, "services"), compliantService("web")), { spec });
}

export function newConfigMap(place: Pick<Place, "namespace">): ApiRequest {
  return postRequest(corePath(place, "configmaps"), { metadata: { name: "colours" } });
}

export function newSecret(place: Place, changes: object = {}): ApiRequest {
  const secret = { metadata: { name: "password" }, stringData: { password: "hunter2" } };
  return bent(postRequest(corePath(place, "secrets"), secret), changes);
}

/** A service account as a chart makes it. */
export function newAccount(place: Place): ApiRequest {
  const account = { metadata: { name: "web" }, automountServiceAccountToken: false };
  return postRequest(corePath(place, "serviceaccounts"), account);
}

/** A budget with which a node can be drained. */
export function newBudget(place: Place, spec: object = {}): ApiRequest {
  const budget = {
    metadata: { name: "web" },
    spec: { maxUnavailable: 1, selector: { matchLabels: { app: "web" } } },
  };
  return bent(postRequest(groupPath(place, "policy", "poddisruptionbudgets"), budget), { spec });
}

const claimSpec = {
  accessModes: ["ReadWriteOnce"],
  resources: { requests: { storage: "1Gi" } },
  storageClassName: "standard",
};

export function newClaim(place: Place, spec: object = {}): ApiRequest {
  const claim = { metadata: { name: "data" }, spec: claimSpec };
  return bent(postRequest(corePath(place, "persistentvolumeclaims"), claim), { spec });
}

/** The host that an environment may have. */
export function hostOf({ namespace }: Place, name = "www"): string {
  return `${name}.${namespace}.${domain}`;
}

const backend = { service: { name: "web", port: { number: 80 } } };
const paths = [{ path: "/", pathType: "Prefix", backend }];

export function newIngress(place: Place, spec: object = {}): ApiRequest {
  const ingress = {
    metadata: { name: "web" },
    spec: { rules: [{ host: hostOf(place), http: { paths } }] },
  };
  return bent(postRequest(groupPath(place, "networking.k8s.io", "ingresses"), ingress), { spec });
}

/** An ingress with the host, or with none. */
export function newIngressOf(place: Place, host: string | undefined): ApiRequest {
  return newIngress(place, {
    rules: [{ ...(host === undefined ? {} : { host }), http: { paths } }],
  });
}

export function newRoute(place: Place, spec: object = {}): ApiRequest {
  const route = {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "HTTPRoute",
    metadata: { name: "web" },
    spec: { hostnames: [hostOf(place)], rules: [{ backendRefs: [{ name: "web", port: 80 }] }] },
  };
  const path = groupPath(place, "gateway.networking.k8s.io", "httproutes");
  return bent(postRequest(path, route), { spec });
}

/** What the controller of a template sends; it copies what the template says. */
export function carriedOut(request: ApiRequest, controller: string): ApiRequest {
  const user = `system:serviceaccount:kube-system:${controller}`;
  return { ...request, headers: { "Impersonate-User": user } };
}

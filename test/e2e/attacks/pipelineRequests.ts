import { limitRangeSpec } from "#components/environment/capacity/limitRange";
import { resolveCapacity } from "#components/environment/capacity/capacityProblems";
import { quotaSpec, zeroQuotaSpecs } from "#components/environment/capacity/resourceQuota";
import { identityLabels, namespaceLabels } from "#components/core/metadata";
import {
  defaultDenySpec,
  sameEnvironmentSpec,
} from "#components/environment/network/isolationPolicies";
import { dnsSpec } from "#components/environment/network/dns";
import { labels } from "#components/core/labels";
import {
  type ApiRequest,
  bent,
  corePath,
  deleteRequest,
  groupPath,
  patchRequest,
  postRequest,
} from "../support/apiRequests";
import { nodePool, type Place } from "./places";

/** What a pipeline asks of the API server, each as a legitimate request in a place. */

const rbacGroup = "rbac.authorization.k8s.io";
const capacity = resolveCapacity({ size: "large" });

export function newNamespace(place: Place): ApiRequest {
  return postRequest("/api/v1/namespaces", namespaceObject(place));
}

export function namespaceObject({ namespace, project, stack }: Place) {
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: {
      name: namespace,
      labels: {
        ...namespaceLabels({ kind: "review", project, stack }, { owner: "jane" }),
        [labels.nodePool]: nodePool,
      },
    },
  };
}

/** Says where the environment answers, which pipelines may say anew. */
export function describeNamespace(place: Pick<Place, "namespace">): ApiRequest {
  const metadata = { annotations: { "secure-environment/url": "https://shop.example.com" } };
  return patchRequest(corePath(place), { metadata });
}

export function removeNamespace(place: Pick<Place, "namespace">): ApiRequest {
  return deleteRequest(corePath(place));
}

export function newQuota(place: Place): ApiRequest {
  const quota = inside(place, "environment", { spec: quotaSpec(capacity.quota) });
  return postRequest(corePath(place, "resourcequotas"), quota);
}

/** The quota of zero pods with a priority of the system's. */
export function newZeroQuota(place: Place): ApiRequest {
  const [{ objectName, spec }] = zeroQuotaSpecs({}) as [{ objectName: string; spec: object }];
  return postRequest(corePath(place, "resourcequotas"), inside(place, objectName, { spec }));
}

export function newLimitRange(place: Place): ApiRequest {
  const limitRange = inside(place, "environment", { spec: limitRangeSpec(capacity) });
  return postRequest(corePath(place, "limitranges"), limitRange);
}

export function newDefaultDeny(place: Place): ApiRequest {
  return newNetworkPolicy(place, "default-deny", defaultDenySpec());
}

export function newSameEnvironment(place: Place): ApiRequest {
  return newNetworkPolicy(place, "same-environment", sameEnvironmentSpec());
}

export function newDns(place: Place): ApiRequest {
  return newNetworkPolicy(place, "dns", dnsSpec());
}

export function newNetworkPolicy(place: Place, name: string, spec: object): ApiRequest {
  const path = groupPath(place, "networking.k8s.io", "networkpolicies");
  return postRequest(path, inside(place, name, { spec }));
}

/** What a hole is open for. */
export const holePorts = [{ port: 5432, protocol: "TCP" }];

/** The databases of a namespace, by the one label that nobody can forge. */
export function peerNamed(namespace: string) {
  return {
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
    podSelector: { matchLabels: { app: "database" } },
  };
}

/** A hole to the databases that are there for environments. */
export function newHole(place: Place): ApiRequest {
  const request = newNetworkPolicy(place, "hole-database", {
    podSelector: {},
    policyTypes: ["Egress"],
    egress: [{ to: [peerNamed("databases")], ports: holePorts }],
  });
  return bent(request, { metadata: { annotations: { "secure-environment/reason": "test data" } } });
}

/** Lets the developers in. */
export function newBinding(place: Place): ApiRequest {
  const path = groupPath(place, rbacGroup, "rolebindings");
  return postRequest(path, developerBinding(place));
}

function developerBinding(place: Place) {
  return inside(place, "developer", {
    roleRef: { apiGroup: rbacGroup, kind: "ClusterRole", name: "secure-environment-developer" },
    subjects: [{ apiGroup: rbacGroup, kind: "Group", name: "dev-users" }],
  });
}

/** Lets the environment's deployer in. */
export function newDeployerBinding(place: Place): ApiRequest {
  const path = groupPath(place, rbacGroup, "rolebindings");
  const binding = inside(place, "deployer", {
    roleRef: { apiGroup: rbacGroup, kind: "ClusterRole", name: "secure-environment-deployer" },
    subjects: [{ kind: "ServiceAccount", name: "deployer", namespace: place.namespace }],
  });
  return postRequest(path, binding);
}

/** Lets the platform's verifier in. */
export function newVerifierBinding(place: Place): ApiRequest {
  const path = groupPath(place, rbacGroup, "rolebindings");
  const binding = inside(place, "verifier", {
    roleRef: { apiGroup: rbacGroup, kind: "ClusterRole", name: "secure-environment-verifier" },
    subjects: [
      { kind: "ServiceAccount", name: "verifier", namespace: "secure-environment-platform" },
    ],
  });
  return postRequest(path, binding);
}

export function newDeployerAccount(place: Place): ApiRequest {
  const account = inside(place, "deployer", { automountServiceAccountToken: false });
  return postRequest(corePath(place, "serviceaccounts"), account);
}

/** A token of ten minutes for the environment's deployer. */
export function newDeployerToken(
  place: Pick<Place, "namespace">,
  account = "deployer",
): ApiRequest {
  return postRequest(corePath(place, `serviceaccounts/${account}/token`), {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenRequest",
    spec: { expirationSeconds: 600 },
  });
}

/** An object in the place that says whose it is. */
export function inside({ namespace, project, stack }: Place, name: string, fields: object) {
  const identity = identityLabels({ kind: "review", project, stack });
  return { metadata: { name, namespace, labels: identity }, ...fields };
}

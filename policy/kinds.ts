/**
 * Which kinds of Kubernetes are inside namespaces, and which belong to the whole cluster, by API
 * group. The older ones are there too: classes for them still exist.
 * See `kubectl api-resources`, and api/discovery in the sources of Kubernetes.
 */

type KindsByGroup = Readonly<Record<string, readonly string[]>>;

/** Where an object of a kind is; `unknown` for kinds that Kubernetes itself does not have. */
export type Scope = "namespace" | "cluster" | "unknown";

const namespacedKinds: KindsByGroup = {
  "": [
    "Binding",
    "ConfigMap",
    "Endpoints",
    "Event",
    "LimitRange",
    "PersistentVolumeClaim",
    "Pod",
    "PodTemplate",
    "ReplicationController",
    "ResourceQuota",
    "Secret",
    "Service",
    "ServiceAccount",
  ],
  apps: ["ControllerRevision", "DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"],
  "authorization.k8s.io": ["LocalSubjectAccessReview"],
  autoscaling: ["HorizontalPodAutoscaler"],
  batch: ["CronJob", "Job"],
  "certificates.k8s.io": ["PodCertificateRequest"],
  "coordination.k8s.io": ["Lease", "LeaseCandidate"],
  "discovery.k8s.io": ["EndpointSlice"],
  "events.k8s.io": ["Event"],
  extensions: ["DaemonSet", "Deployment", "Ingress", "NetworkPolicy", "ReplicaSet"],
  "lifecycle.k8s.io": ["Eviction", "EvictionRequest"],
  "networking.k8s.io": ["Ingress", "NetworkPolicy"],
  policy: ["Eviction", "PodDisruptionBudget"],
  "rbac.authorization.k8s.io": ["Role", "RoleBinding"],
  "resource.k8s.io": [
    "PodScheduling",
    "PodSchedulingContext",
    "ResourceClaim",
    "ResourceClaimParameters",
    "ResourceClaimTemplate",
    "ResourceClassParameters",
  ],
  "scheduling.k8s.io": ["CompositePodGroup", "PodGroup", "Workload"],
  "settings.k8s.io": ["PodPreset"],
  "storage.k8s.io": ["CSIStorageCapacity"],
};

const clusterKinds: KindsByGroup = {
  "": ["ComponentStatus", "Namespace", "Node", "PersistentVolume"],
  "admissionregistration.k8s.io": [
    "MutatingAdmissionPolicy",
    "MutatingAdmissionPolicyBinding",
    "MutatingWebhookConfiguration",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
    "ValidatingWebhookConfiguration",
  ],
  "apiextensions.k8s.io": ["CustomResourceDefinition"],
  "apiregistration.k8s.io": ["APIService"],
  "auditregistration.k8s.io": ["AuditSink"],
  "authentication.k8s.io": ["SelfSubjectReview", "TokenReview"],
  "authorization.k8s.io": [
    "SelfSubjectAccessReview",
    "SelfSubjectRulesReview",
    "SubjectAccessReview",
  ],
  "certificates.k8s.io": ["CertificateSigningRequest", "ClusterTrustBundle"],
  extensions: ["PodSecurityPolicy"],
  "flowcontrol.apiserver.k8s.io": ["FlowSchema", "PriorityLevelConfiguration"],
  "internal.apiserver.k8s.io": ["StorageVersion"],
  "networking.k8s.io": ["ClusterCIDR", "IPAddress", "IngressClass", "ServiceCIDR"],
  "node.k8s.io": ["RuntimeClass"],
  policy: ["PodSecurityPolicy"],
  "rbac.authorization.k8s.io": ["ClusterRole", "ClusterRoleBinding"],
  "resource.k8s.io": [
    "DeviceClass",
    "DeviceTaintRule",
    "ResourceClass",
    "ResourcePoolStatusRequest",
    "ResourceSlice",
  ],
  "scheduling.k8s.io": ["PriorityClass"],
  "storage.k8s.io": [
    "CSIDriver",
    "CSINode",
    "StorageClass",
    "VolumeAttachment",
    "VolumeAttributesClass",
  ],
  "storagemigration.k8s.io": ["StorageVersionMigration"],
};

/** Kinds of the service meshes that say who reaches whom inside a namespace. */
const meshKinds: KindsByGroup = {
  "policy.linkerd.io": [
    "AuthorizationPolicy",
    "MeshTLSAuthentication",
    "NetworkAuthentication",
    "Server",
  ],
  "security.istio.io": ["AuthorizationPolicy", "PeerAuthentication"],
};

/** Namespaces. */
export const namespaceKinds: KindsByGroup = { "": ["Namespace"] };

/** What selects pods and names them in the DNS. */
export const serviceKinds: KindsByGroup = { "": ["Service"] };

/** What routes requests from outside by their hosts. */
export const ingressKinds: KindsByGroup = {
  "networking.k8s.io": ["Ingress"],
  extensions: ["Ingress"],
};

/** What isolates pods. */
export const networkPolicyKinds: KindsByGroup = {
  "networking.k8s.io": ["NetworkPolicy"],
  extensions: ["NetworkPolicy"],
};

/** What a kind is called by: its name alone may belong to several groups. */
export interface KindName {
  readonly apiVersion: string;
  readonly kind: string;
}

/** Where objects of the kind are. */
export function scopeOf(name: KindName): Scope {
  if (isOfKind(name, namespacedKinds)) {
    return "namespace";
  }
  return isOfKind(name, clusterKinds) ? "cluster" : "unknown";
}

/** Whether the kind is one of the service meshes' that an environment is walled off with. */
export function isMeshKind(name: KindName): boolean {
  return isOfKind(name, meshKinds);
}

/** Whether the kind is one of those, whatever its version. */
export function isOfKind({ apiVersion, kind }: KindName, kinds: KindsByGroup): boolean {
  const group = apiGroupOf(apiVersion);
  return Object.hasOwn(kinds, group) && kinds[group]?.includes(kind) === true;
}

/** The group of an `apiVersion`; that of the core has an empty name. */
export function apiGroupOf(apiVersion: string): string {
  return apiVersion.slice(0, Math.max(apiVersion.indexOf("/"), 0));
}

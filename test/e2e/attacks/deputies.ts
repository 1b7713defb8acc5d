/**
 * Every field by which an object of an environment makes a controller act on another object: what is
 * attacked, by words of the attacks that do it, and what is not, with the reason.
 */
export type Deputy =
  | { readonly field: string; readonly attack: RegExp }
  | { readonly field: string; readonly reason: string };

const local = "it names an object of its own namespace, and nothing else";

export const deputies: readonly Deputy[] = [
  { field: "metadata.ownerReferences[].blockOwnerDeletion", attack: /blocks the owner's deletion/ },
  {
    field: "metadata.ownerReferences[] without blockOwnerDeletion",
    reason: "the object itself goes with an owner that is gone; nothing else is touched",
  },
  { field: "metadata.finalizers", attack: /a finalizer/ },
  { field: "metadata.annotations", attack: /by an annotation of/ },
  { field: "metadata.annotations beside a status", attack: /by an annotation beside the status/ },
  {
    field: "metadata.labels",
    reason:
      "controllers of the cluster act on labels inside the namespace; whoever trusts labels of other namespaces' objects is told in the threat model",
  },
  { field: "statefulSet.spec.volumeClaimTemplates[].metadata", attack: /whose claims block/ },
  { field: "statefulSet.spec.volumeClaimTemplates[].spec", attack: /makes a claim of a volume/ },
  { field: "persistentVolumeClaim.spec.volumeName", attack: /a claim of a volume that is there/ },
  { field: "persistentVolumeClaim.spec.selector", attack: /selects volumes that are there/ },
  { field: "persistentVolumeClaim.spec.storageClassName", attack: /of no class, which is any/ },
  { field: "persistentVolumeClaim.spec.dataSource", attack: /filled by whatever an operator/ },
  { field: "persistentVolumeClaim.spec.dataSourceRef", attack: /filled from another namespace/ },
  { field: "persistentVolumeClaim.spec.volumeAttributesClassName", attack: /the fastest volumes/ },
  { field: "pod.spec.volumes[].csi", attack: /asks a driver for a volume/ },
  {
    field: "pod.spec.volumes[].ephemeral",
    reason: "its controller makes a claim of it, which is judged as one",
  },
  {
    field: "pod.spec.volumes[].projected.sources[].podCertificate",
    attack: /mounts a certificate for the API server/,
  },
  {
    field: "pod.spec.volumes[].projected.sources[].serviceAccountToken",
    attack: /mounts a token by a projected volume/,
  },
  { field: "pod.spec.serviceAccountName", attack: /mounts a token of the deployer/ },
  { field: "pod.spec.imagePullSecrets", reason: local },
  { field: "pod.spec.nodeName", attack: /names a node of production/ },
  { field: "pod.spec.nodeSelector and affinity", attack: /chooses a node of production/ },
  { field: "pod.spec.affinity to pods", attack: /away from its node/ },
  { field: "pod.spec.tolerations", attack: /tolerates the taint/ },
  {
    field: "pod.spec.runtimeClassName",
    reason:
      "a class may add tolerations and node selectors, which are judged in the pod that results",
  },
  { field: "pod.spec.priorityClassName", attack: /has the priority of/ },
  {
    field: "pod.spec.schedulerName",
    reason: "a scheduler that is not there leaves the pod waiting, and the quota counts it",
  },
  {
    field: "pod.spec.resourceClaims",
    reason: "the quota allows no claims and no templates of them",
  },
  { field: "pod.spec.containers[].resources", attack: /takes a device by the name of its class/ },
  { field: "pod.spec.containers[].livenessProbe and lifecycle", attack: /lets the kubelet probe/ },
  {
    field: "workload.spec.template.metadata.finalizers",
    attack: /what a template says, makes a pod with a finalizer/,
  },
  {
    field: "workload.spec.template.metadata.annotations",
    attack: /what a template says, asks for a second network/,
  },
  { field: "horizontalPodAutoscaler.spec.scaleTargetRef", reason: local },
  {
    field: "horizontalPodAutoscaler.spec.metrics",
    reason:
      "external metrics are numbers that the cluster's adapter gives to everybody; objects are of its own namespace",
  },
  {
    field: "podDisruptionBudget.spec",
    attack: /keeps the nodes of the cluster from being drained/,
  },
  { field: "service.spec.clusterIP", attack: /with an address of its choice/ },
  {
    field: "service.spec.clusterIPs of the other family",
    attack: /a second address of its choice/,
  },
  { field: "service.spec.externalIPs", attack: /an address of others/ },
  { field: "service.spec.externalName", attack: /that is a name of production/ },
  { field: "service.spec.selector", reason: local },
  { field: "endpointSlice.endpoints and owners", attack: /writes an endpoint slice/ },
  { field: "ingress.spec.rules[].host", attack: /takes a host of production/ },
  { field: "ingress.spec.defaultBackend", attack: /answers for every other host/ },
  { field: "ingress.spec.tls[].secretName", reason: local },
  { field: "ingress.spec.rules[].http.paths[].backend", reason: local },
  {
    field: "ingress.spec.ingressClassName",
    reason: "whichever controller it is, hosts and annotations are judged",
  },
  { field: "httpRoute.spec.rules[].backendRefs", attack: /to a service of production/ },
  { field: "httpRoute.spec.rules[].filters", attack: /asks a service of production about/ },
  {
    field: "httpRoute.spec.parentRefs",
    reason: "a gateway says itself whose routes it takes; hosts are judged whichever it is",
  },
  { field: "secret.type", attack: /becomes a lasting token/ },
  { field: "job.spec.template and cronJob.spec.jobTemplate", attack: /runs a pod|makes a pod/ },
  { field: "roleBinding.roleRef and subjects", attack: /lets somebody in/ },
];

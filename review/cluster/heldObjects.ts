/** The parts of an object in the cluster that say whether and why it waits for its end. */
export interface ObjectEnd {
  readonly kind?: string;
  readonly metadata?: {
    readonly name?: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly creationTimestamp?: string;
    readonly deletionTimestamp?: string;
    readonly finalizers?: readonly string[];
  };
  /** Of a namespace. */
  readonly status?: { readonly conditions?: readonly Condition[] };
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly message?: string;
}

/**
 * What is known of finalizers that Kubernetes itself sets: when each of them goes.
 * See https://kubernetes.io/docs/concepts/overview/working-with-objects/finalizers/
 */
const knownFinalizers: Readonly<Record<string, string>> = {
  foregroundDeletion: "it goes when the objects are gone that it owns and that block its deletion",
  orphan: "the garbage collector takes it off when no object names it as an owner any more",
  "kubernetes.io/pvc-protection": "it goes when no pod uses the claim any more",
  "kubernetes.io/pv-protection": "it goes when no claim uses the volume any more",
  "service.kubernetes.io/load-balancer-cleanup":
    "the cloud's controller takes it off when the load balancer is gone",
  "batch.kubernetes.io/job-tracking":
    "the controller of jobs takes it off when it has counted the pod",
};

/**
 * A message for each of the objects that is being deleted: since when, what holds it, what to do. An
 * object that is not being deleted has none.
 */
export function heldObjectMessages(objects: readonly ObjectEnd[]): string[] {
  return objects
    .filter(({ metadata }) => metadata?.deletionTimestamp !== undefined)
    .map((object) => [headline(object), ...reasons(object).map(indented)].join("\n"));
}

function headline({ kind, metadata }: ObjectEnd): string {
  const place = metadata?.namespace === undefined ? "" : ` in ${metadata.namespace}`;
  return `${kind} ${metadata?.name}${place} is being deleted since ${metadata?.deletionTimestamp}.`;
}

function reasons(object: ObjectEnd): string[] {
  const { kind, metadata } = object;
  const byFinalizers = (metadata?.finalizers ?? []).flatMap((name) =>
    finalizerReason(object, name),
  );
  const byContent = kind === "Namespace" ? namespaceReasons(object) : [];
  const all = [...byFinalizers, ...byContent];
  return all.length > 0 ? all : [nothingKnown(kind)];
}

function finalizerReason(object: ObjectEnd, finalizer: string): string[] {
  const known = knownFinalizers[finalizer];
  if (finalizer === "foregroundDeletion") {
    return [`Held by the finalizer ${finalizer}: ${known}.`, ...dependents(object)];
  }
  if (known !== undefined) {
    return [`Held by the finalizer ${finalizer}: ${known}.`];
  }
  return [
    `Held by the finalizer ${finalizer}: whoever set it takes it off when its work is done.`,
    "To do: see that this controller runs, and what it says of the object.",
    `If it is gone for good, an administrator takes the finalizer out, and what it was to clean up stays: ${editCommand(object)}`,
  ];
}

/** A reference to an owner holds in any namespace and by the uid alone, so no name leads there. */
function dependents(object: ObjectEnd): string[] {
  const uid = object.metadata?.uid;
  return [
    `These name the uid ${uid} in their ownerReferences, with blockOwnerDeletion: true; they may be of any kind, in any namespace.`,
    "To do: somebody who may list all kinds finds them, and deletes them or takes that reference out of them:",
    `  for kind in $(kubectl api-resources --verbs=list -o name); do kubectl get "$kind" -A -o custom-columns=KIND:.kind,NAMESPACE:.metadata.namespace,NAME:.metadata.name,OWNERS:.metadata.ownerReferences 2>/dev/null | grep ${uid}; done`,
    "If there are none, the garbage collector is late: see that kube-controller-manager runs.",
  ];
}

/**
 * What the namespace's controller says of it.
 * See https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/namespace-v1/#NamespaceStatus
 */
function namespaceReasons(namespace: ObjectEnd): string[] {
  return (namespace.status?.conditions ?? [])
    .filter(({ status }) => status === "True")
    .flatMap((condition) => conditionReason(namespace, condition));
}

function conditionReason(namespace: ObjectEnd, { type, message = "" }: Condition): string[] {
  const words = message.replaceAll(/\p{Cc}+/gu, " ");
  switch (type) {
    case "NamespaceContentRemaining":
      return contentRemaining(namespace, words);
    case "NamespaceFinalizersRemaining":
      return finalizersRemaining(words);
    case "NamespaceDeletionContentFailure":
      return [`Held by a deletion in it that fails: ${words}`, deletionRemedy(words)];
    case "NamespaceDeletionDiscoveryFailure":
    case "NamespaceDeletionGroupVersionParsingFailure":
      return [
        `Held because the API server cannot say which kinds of objects there are: ${words}`,
        "To do: kubectl get apiservices shows what is not available; an administrator repairs or removes it.",
      ];
    default:
      return [`Held by ${type}: ${words}`];
  }
}

/** Pods without a finalizer are left when no kubelet says that they have ended. */
function deletionRemedy(words: string): string {
  return /unexpected items still remain .*Resource=pods\b/.test(words)
    ? "To do: kubectl get nodes shows which are not ready. Pods of a node that is gone end when it is back, or about a minute after an administrator has deleted the Node."
    : "To do: see what refuses or does not answer: an admission webhook, a policy, an API service.";
}

function contentRemaining({ metadata }: ObjectEnd, words: string): string[] {
  const remaining = [...words.matchAll(/([^\s,]+) has (\d+) resource instances/g)].map(
    ([, resource = "", count]) => ({ resource: resource.replace(/\.$/, ""), count }),
  );
  if (remaining.length === 0) {
    return [`Held by what is still in it: ${words}`];
  }
  const counts = remaining.map(({ resource, count }) => `${resource} (${count})`).join(", ");
  const resources = remaining.map(({ resource }) => resource).join(",");
  return [
    `Held by what is still in it: ${counts}.`,
    "To do: somebody who may read them sees by their finalizers who has to let them go:",
    `  kubectl get ${resources} --namespace ${metadata?.name} -o custom-columns=KIND:.kind,NAME:.metadata.name,FINALIZERS:.metadata.finalizers`,
  ];
}

function finalizersRemaining(words: string): string[] {
  const remaining = [...words.matchAll(/([^\s,]+) in (\d+) resource instances/g)].map(
    ([, finalizer = "", count]) => {
      const reason =
        knownFinalizers[finalizer] ?? "whoever set it takes it off when its work is done";
      return `The finalizer ${finalizer} holds ${count} of them: ${reason}.`;
    },
  );
  return remaining.length > 0 ? remaining : [`Held by finalizers in it: ${words}`];
}

/** While pods are left in a namespace, its controller says nothing of what is in it. */
function nothingKnown(kind: string | undefined): string {
  return kind === "Namespace"
    ? "It does not say what holds it: its pods may still be ending, or its controller is late. Look again in a minute; if nothing changes, see that kube-controller-manager runs."
    : "No finalizer holds it. Look again in a minute.";
}

function editCommand({ kind, metadata }: ObjectEnd): string {
  const place = metadata?.namespace === undefined ? "" : ` --namespace ${metadata.namespace}`;
  return `kubectl edit ${kind?.toLowerCase()} ${metadata?.name}${place}`;
}

function indented(line: string): string {
  return `  ${line}`;
}

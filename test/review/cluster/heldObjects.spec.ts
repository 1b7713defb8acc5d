import { expect } from "chai";
import { heldObjectMessages, type ObjectEnd } from "#review/cluster/heldObjects";

const deletionTimestamp = "2027-01-31T18:00:00Z";
const uid = "0b1c2d3e-0000-4000-8000-000000000000";

function hole(...finalizers: readonly string[]): ObjectEnd {
  const metadata = { name: "hole-web", namespace: "review-a", uid, deletionTimestamp, finalizers };
  return { kind: "NetworkPolicy", metadata };
}

function namespace(...conditions: readonly (readonly [type: string, message: string])[]) {
  return {
    kind: "Namespace",
    metadata: { name: "review-a", uid, deletionTimestamp },
    status: {
      conditions: conditions.map(([type, message]) => ({ type, message, status: "True" })),
    },
  };
}

/** What is held, and what must be said of it. */
const cases: Readonly<Record<string, readonly [ObjectEnd, ...string[]]>> = {
  "a finalizer of somebody": [
    hole("example.com/audit"),
    "Held by the finalizer example.com/audit: whoever set it",
    "kubectl edit networkpolicy hole-web --namespace review-a",
  ],
  "a finalizer on what is in no namespace": [
    {
      kind: "FlowSchema",
      metadata: { name: "review-a", deletionTimestamp, finalizers: ["example.com/audit"] },
    },
    "FlowSchema review-a is being deleted",
    "kubectl edit flowschema review-a",
  ],
  "several finalizers": [
    hole("example.com/audit", "example.com/copy"),
    "the finalizer example.com/audit",
    "the finalizer example.com/copy",
  ],
  "objects that name it as an owner": [
    hole("foregroundDeletion"),
    "Held by the finalizer foregroundDeletion: it goes when the objects are gone that it owns",
    `These name the uid ${uid} in their ownerReferences`,
    "with blockOwnerDeletion: true",
    `grep ${uid}`,
  ],
  "a finalizer of Kubernetes": [
    hole("kubernetes.io/pvc-protection"),
    "it goes when no pod uses the claim any more",
  ],
  "nothing that it names": [hole(), "No finalizer holds it"],
  "content with finalizers": [
    namespace(
      [
        "NamespaceContentRemaining",
        "Some resources are remaining: configmaps. has 2 resource instances, networkpolicies.networking.k8s.io has 1 resource instances",
      ],
      [
        "NamespaceFinalizersRemaining",
        "Some content in the namespace has finalizers remaining: example.com/held in 2 resource instances, kubernetes.io/pvc-protection in 1 resource instances",
      ],
    ),
    "Held by what is still in it: configmaps (2), networkpolicies.networking.k8s.io (1).",
    "kubectl get configmaps,networkpolicies.networking.k8s.io --namespace review-a",
    "The finalizer example.com/held holds 2 of them: whoever set it",
    "The finalizer kubernetes.io/pvc-protection holds 1 of them: it goes when no pod uses the claim",
  ],
  "content in words that are not known": [
    namespace(
      ["NamespaceContentRemaining", "3 things are left"],
      ["NamespaceFinalizersRemaining", "some of them have finalizers"],
    ),
    "Held by what is still in it: 3 things are left",
    "Held by finalizers in it: some of them have finalizers",
  ],
  "a deletion that is refused": [
    namespace(["NamespaceDeletionContentFailure", 'webhook "deny" denied\u001b[2J\n::error::it']),
    'Held by a deletion in it that fails: webhook "deny" denied [2J ::error::it',
    "an admission webhook",
  ],
  "pods whose node is gone": [
    namespace([
      "NamespaceDeletionContentFailure",
      "Failed to delete all resource types, 1 remaining: unexpected items still remain in namespace: review-a for gvr: /v1, Resource=pods",
    ]),
    "Resource=pods",
    "administrator has deleted the Node",
  ],
  "an API service that does not answer": [
    namespace(["NamespaceDeletionDiscoveryFailure", "metrics.k8s.io/v1beta1: stale"]),
    "cannot say which kinds of objects there are: metrics.k8s.io/v1beta1: stale",
    "kubectl get apiservices",
  ],
  "kinds that cannot be read": [
    namespace(["NamespaceDeletionGroupVersionParsingFailure", "a/b/c"]),
    "cannot say which kinds of objects there are: a/b/c",
  ],
  "a condition that is not known": [namespace(["Other", "wait"]), "Held by Other: wait"],
  "nothing that its namespace says": [namespace(), "its pods may still be ending"],
  "a finalizer of the namespace beside its content": [
    {
      ...namespace(["NamespaceContentRemaining", "configmaps. has 1 resource instances"]),
      metadata: { name: "review-a", uid, deletionTimestamp, finalizers: ["example.com/audit"] },
    },
    "Held by the finalizer example.com/audit",
    "Held by what is still in it: configmaps (1).",
  ],
};

describe("what is said of an object that is held", () => {
  for (const [what, [object, ...sentences]] of Object.entries(cases)) {
    it(`names it, and since when, and ${what}`, () => {
      const [message = "", ...others] = heldObjectMessages([object]);
      expect(others).to.deep.equal([]);
      const { kind, metadata } = object;
      expect(message.split("\n")[0]).to.match(
        new RegExp(`^${kind} ${metadata?.name}.* is being deleted since 2027-01-31T18:00:00Z\\.$`),
      );
      sentences.forEach((sentence) => expect(message).to.contain(sentence));
      expect(message).not.to.contain("undefined");
    });
  }

  it("is one message for each object", () => {
    expect(heldObjectMessages([hole("a.example/b"), namespace()])).to.have.length(2);
  });

  it("is nothing when it is not being deleted, whatever its finalizers and conditions", () => {
    const metadata = { name: "review-a", finalizers: ["example.com/audit"] };
    const alive = { ...namespace(["NamespaceContentRemaining", "1"]), metadata };
    expect(heldObjectMessages([alive])).to.deep.equal([]);
  });

  it("leaves out what holds a namespace no more", () => {
    const gone = { type: "NamespaceContentRemaining", status: "False", message: "all gone" };
    const [message] = heldObjectMessages([{ ...namespace(), status: { conditions: [gone] } }]);
    expect(message).not.to.contain("all gone");
  });
});

import { expect } from "chai";
import { leftoversOf, podsThatGo, type Seen } from "#review/sleep/leftovers";
import { controller, workloadOf } from "./support/workloads";

const nothing: Seen = { workloads: [], replicaSets: [], pods: [], autoscalers: [] };

describe("what runs all the same in an environment that sleeps", () => {
  it("is nothing of what was put to sleep", () => {
    const seen = {
      ...nothing,
      workloads: [workloadOf("Deployment", { replicas: 0 })],
      replicaSets: [replicaSet("web", 1, controller("Deployment", "web"))],
      pods: [pod("web-1", controller("ReplicaSet", "web"))],
    };
    expect(leftoversOf(seen)).to.deep.equal([]);
    expect(podsThatGo(seen)).to.deep.equal(["web-1"]);
  });

  it("is a pod without an owner, and one of a kind that the deployer has not", () => {
    const seen = {
      ...nothing,
      pods: [pod("shell"), pod("agent", controller("DaemonSet", "agent"))],
    };
    expect(leftoversOf(seen)).to.deep.equal([
      { kind: "Pod", name: "shell", reason: "nothing would make it again, as it has no owner" },
      { kind: "Pod", name: "agent", reason: "its owner decides, the DaemonSet agent" },
    ]);
    expect(podsThatGo(seen)).to.deep.equal([]);
  });

  it("is a ReplicaSet without a Deployment, told once and not with its pods", () => {
    const seen = {
      ...nothing,
      replicaSets: [replicaSet("old", 2), replicaSet("idle", 0)],
      pods: [pod("old-1", controller("ReplicaSet", "old"))],
    };
    expect(leftoversOf(seen).map(({ kind, name }) => [kind, name])).to.deep.equal([
      ["ReplicaSet", "old"],
    ]);
    expect(podsThatGo(seen)).to.deep.equal([]);
  });

  it("is the workload of an operator, with all its pods", () => {
    const deployment = workloadOf("Deployment", { replicas: 1 });
    const owned = {
      ...deployment,
      metadata: {
        ...deployment.metadata,
        ownerReferences: [controller("Database", "orders")],
      },
    };
    const seen = {
      ...nothing,
      workloads: [owned],
      replicaSets: [replicaSet("orders", 1, controller("Deployment", "a-deployment"))],
      pods: [pod("orders-1", controller("ReplicaSet", "orders"))],
    };
    expect(leftoversOf(seen)).to.deep.equal([
      {
        kind: "Deployment",
        name: "a-deployment",
        reason: "its owner decides, the Database orders",
      },
    ]);
    expect(podsThatGo(seen)).to.deep.equal([]);
  });

  it("is no pod that has ended, or is being deleted and has no owner", () => {
    const ended = { ...pod("done"), status: { phase: "Succeeded" } };
    const going = pod("going");
    const deleted = {
      ...going,
      metadata: { ...going.metadata, deletionTimestamp: "2027-01-01T00:00:00Z" },
    };
    expect(leftoversOf({ ...nothing, pods: [ended, deleted] })).to.deep.equal([]);
  });

  it("is an autoscaler that may scale from zero, and no other one", () => {
    const autoscalers = [
      { metadata: { name: "eager" }, spec: { minReplicas: 0 } },
      { metadata: { name: "usual" }, spec: { minReplicas: 1 } },
      { metadata: { name: "silent" }, spec: {} },
    ];
    const names = leftoversOf({ ...nothing, autoscalers }).map(({ name }) => name);
    expect(names).to.deep.equal(["eager"]);
  });

  it("is waited for while a pod of a Job is being deleted", () => {
    const going = pod("migration-1", controller("Job", "migration"));
    const deleted = {
      ...going,
      metadata: { ...going.metadata, deletionTimestamp: "2027-01-01T00:00:00Z" },
    };
    expect(podsThatGo({ ...nothing, pods: [deleted] })).to.deep.equal(["migration-1"]);
  });
});

function replicaSet(name: string, replicas: number, ...owners: ReturnType<typeof controller>[]) {
  const metadata = { name, uid: `uid-of-${name}`, ownerReferences: owners };
  return { metadata, spec: { replicas } };
}

function pod(name: string, ...ownerReferences: ReturnType<typeof controller>[]) {
  return { metadata: { name, ownerReferences }, status: { phase: "Running" } };
}

import { expect } from "chai";
import * as fc from "fast-check";
import { memoryFault } from "#review/sleep/memory";
import { type NextStep, sleepStep, wakeStep } from "#review/sleep/steps";
import { isRunning, type Workload } from "#review/sleep/workload";
import { propertyRuns } from "../../support/propertyRuns";
import { anyWorkload, controller, patched, workloadOf } from "./support/workloads";

const numRuns = propertyRuns(300);
const replicasMemory = "secure-environment/replicas-before-sleep";
const suspendMemory = "secure-environment/suspended-before-sleep";

describe("a workload that is put to sleep", () => {
  it("runs nothing, and one more sleep changes nothing", () => {
    fc.assert(
      fc.property(anyWorkload, (workload) => {
        const asleep = toEnd(workload, sleepStep);
        expect(isRunning(asleep)).to.equal(false);
        expect(sleepStep(asleep)).to.equal(undefined);
      }),
      { numRuns },
    );
  });

  it("is what it was once it is woken, and nothing of the sleep is left", () => {
    fc.assert(
      fc.property(anyWorkload, (workload) => {
        const awake = toEnd(toEnd(workload, sleepStep), wakeStep);
        expect(withoutVersion(awake)).to.deep.equal(withoutVersion(workload));
      }),
      { numRuns },
    );
  });

  it("is what it was whatever was interrupted before, and sleeps as well", () => {
    const interrupted = fc.record({
      next: fc.constantFrom(sleepStep, wakeStep),
      steps: fc.nat(2),
    });
    fc.assert(
      fc.property(anyWorkload, fc.array(interrupted), (workload, runs) => {
        const left = runs.reduce(
          (current, { next, steps }) => after(current, next, steps),
          workload,
        );
        expect(withoutVersion(toEnd(left, wakeStep))).to.deep.equal(withoutVersion(workload));
        const asleep = toEnd(left, sleepStep);
        expect(isRunning(asleep)).to.equal(false);
        expect(withoutVersion(toEnd(asleep, wakeStep))).to.deep.equal(withoutVersion(workload));
      }),
      { numRuns },
    );
  });

  it("stays as somebody has scaled it meanwhile", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), (one, other) => {
        const asleep = toEnd(workloadOf("Deployment", { replicas: one }), sleepStep);
        const scaled = patched(asleep, { spec: { replicas: other } });
        const awake = toEnd(scaled, wakeStep);
        expect(awake.spec).to.deep.equal({ replicas: other });
        expect(awake.metadata?.annotations).to.deep.equal({});
        const again = toEnd(scaled, sleepStep);
        expect(again.metadata?.annotations).to.deep.equal({ [replicasMemory]: String(other) });
      }),
      { numRuns },
    );
  });

  it("says what it was in the same request, and of which version it speaks", () => {
    expect(sleepStep(workloadOf("StatefulSet", { replicas: 3 }))?.patch).to.deep.equal({
      metadata: { resourceVersion: "1", annotations: { [replicasMemory]: "3" } },
      spec: { replicas: 0 },
    });
    expect(sleepStep(workloadOf("CronJob", {}))?.patch).to.deep.equal({
      metadata: { resourceVersion: "1", annotations: { [suspendMemory]: "false" } },
      spec: { suspend: true },
    });
  });

  it("counts one replica where none are said", () => {
    const { metadata } = toEnd(workloadOf("Deployment", {}), sleepStep);
    expect(metadata?.annotations).to.deep.equal({ [replicasMemory]: "1" });
  });
});

describe("what stays as it is in a sleep", () => {
  const ended = (type: string) => ({ conditions: [{ type, status: "True" }] });
  const job = workloadOf("Job", { suspend: false });

  it("is a Job that has ended", () => {
    for (const type of ["Complete", "Failed"]) {
      expect(sleepStep({ ...job, status: ended(type) })).to.equal(undefined);
    }
    expect(sleepStep({ ...job, status: ended("Suspended") })?.does).to.equal("sleep");
  });

  it("is what an owner decides, but not the Job of a CronJob", () => {
    const ownedBy = (workload: Workload, kind: string) => ({
      ...workload,
      metadata: { ...workload.metadata, ownerReferences: [controller(kind, "owner")] },
    });
    expect(sleepStep(ownedBy(job, "JobSet"))).to.equal(undefined);
    expect(sleepStep(ownedBy(job, "CronJob"))?.does).to.equal("sleep");
    const deployment = workloadOf("Deployment", { replicas: 1 });
    expect(sleepStep(ownedBy(deployment, "CronJob"))).to.equal(undefined);
  });

  it("is what is being deleted", () => {
    const going = patched(job, { metadata: { deletionTimestamp: "2027-01-01T00:00:00Z" } });
    expect(sleepStep(going)).to.equal(undefined);
    const asleep = toEnd(job, sleepStep);
    expect(
      wakeStep(patched(asleep, { metadata: { deletionTimestamp: "2027-01-01T00:00:00Z" } })),
    ).to.equal(undefined);
  });
});

describe("a workload that is woken", () => {
  it("stays at rest when somebody has written something else into its memory", () => {
    const texts = ["", "0", "-1", "03", "1.5", "three", "2147483648", "99999999999"];
    for (const text of texts) {
      const workload = asleepWith("Deployment", { replicas: 0 }, replicasMemory, text);
      expect(wakeStep(workload), text).to.equal(undefined);
      expect(memoryFault(workload)).to.contain(JSON.stringify(text)).and.contain(replicasMemory);
    }
    const cronJob = asleepWith("CronJob", { suspend: true }, suspendMemory, "true");
    expect(wakeStep(cronJob)).to.equal(undefined);
    expect(memoryFault(cronJob)).to.contain("and not false");
  });

  it("has no fault while it can be woken, or runs already", () => {
    const asleep = asleepWith("Deployment", { replicas: 0 }, replicasMemory, "2147483647");
    expect(memoryFault(asleep)).to.equal(undefined);
    const running = asleepWith("Deployment", { replicas: 1 }, replicasMemory, "three");
    expect(memoryFault(running)).to.equal(undefined);
    expect(wakeStep(running)?.does).to.equal("forget");
  });

  it("gives up its fields, but never in a list of nobody", () => {
    const own = { manager: "review-sleep" };
    const helm = { manager: "helm" };
    const forget = (managedFields: readonly object[]) => {
      const workload = asleepWith("Deployment", { replicas: 2 }, replicasMemory, "2");
      return wakeStep(patched(workload, { metadata: { managedFields } }))?.patch;
    };
    expect(forget([helm, own])).to.deep.nested.include({ "metadata.managedFields": [helm] });
    expect(forget([own])).to.not.have.nested.property("metadata.managedFields");
  });
});

function asleepWith(
  kind: Workload["kind"],
  spec: Workload["spec"],
  annotation: string,
  text: string,
): Workload {
  return patched(workloadOf(kind, spec), { metadata: { annotations: { [annotation]: text } } });
}

/** The workload after so many steps at most. */
function after(workload: Workload, next: NextStep, steps: number): Workload {
  const step = steps === 0 ? undefined : next(workload);
  return step === undefined ? workload : after(patched(workload, step.patch), next, steps - 1);
}

/** The workload once nothing is to be done any more, which takes two steps at most. */
function toEnd(workload: Workload, next: NextStep): Workload {
  const end = after(workload, next, 2);
  expect(next(end)).to.equal(undefined);
  return end;
}

function withoutVersion({ metadata, ...rest }: Workload) {
  return { ...rest, metadata: { ...metadata, resourceVersion: "any" } };
}

import { expect } from "chai";
import { type Scene } from "../scene";
import { ReviewCommand } from "./reviewCommand";

const leaseNamespace = "budget-leases";

/** Settings of a project whose namespaces no other test makes, and which has small environments. */
export const budgetSettings = {
  project: "shop",
  leaseNamespace,
  config: { size: "small", project: "budget" },
};

/** A project with a budget, and what stands of its environments. */
export class BudgetedProject {
  readonly review: ReviewCommand;

  constructor(private readonly scene: Scene) {
    this.review = new ReviewCommand(scene.sandbox);
  }

  /** Makes the namespace of the Lease, unless it is there. */
  async makeLeaseNamespace(): Promise<void> {
    const made = { metadata: { name: leaseNamespace } };
    const { status } = await this.scene.api.request("POST", "/api/v1/namespaces", made);
    expect(status).to.be.oneOf([201, 409]);
  }

  bound(budget: object): void {
    this.review.writeSettings({ ...budgetSettings, budget });
  }

  async stands(branch: string): Promise<boolean> {
    const path = `/api/v1/namespaces/review-budget-${branch}`;
    return (await this.scene.api.request("GET", path)).status === 200;
  }

  async cpuOf(branch: string): Promise<unknown> {
    const path = `/api/v1/namespaces/review-budget-${branch}/resourcequotas/environment`;
    return (await this.scene.api.request("GET", path)).body.spec.hard["requests.cpu"];
  }

  async holderOfLease(): Promise<unknown> {
    const leases = `/apis/coordination.k8s.io/v1/namespaces/${leaseNamespace}/leases`;
    const path = `${leases}/secure-environment-budget`;
    return (await this.scene.api.request("GET", path)).body.spec.holderIdentity;
  }

  async destroyAll(): Promise<void> {
    for (const branch of ["first", "second", "third"]) {
      await this.review.succeed(["destroy", branch]);
    }
  }
}

/** A project for the tests of a `describe`, of which nothing stands after each. Its field is there once they run. */
export function setBudgetedProject(scene: Scene): { readonly project: BudgetedProject } {
  const set = {} as { project: BudgetedProject };
  before("make the namespace of the Lease", async () => {
    set.project = new BudgetedProject(scene);
    await set.project.makeLeaseNamespace();
  });
  afterEach(() => set.project.destroyAll());
  return set;
}

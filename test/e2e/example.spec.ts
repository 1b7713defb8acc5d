import { expect } from "chai";
import { analyzeState } from "../policy/support/exportedState";
import { History } from "./support/history";
import { violatedPolicies } from "../policy/support/rawProgram";
import { setScene } from "./support/scene";

const stack = "review-example";

describe("the example of one program", function () {
  this.timeout(300_000);
  const scene = setScene("examples/one-program");

  before(async () => {
    await scene.program.createStack(stack);
  });

  after(async () => {
    await scene.program.destroy(stack);
  });

  it("is deployed into its environment only after every wall and binding stands", async () => {
    const history = await History.of(scene.api, stack);
    const up = await scene.program.up(stack);
    expect(up.exitCode, up.output).to.equal(0);
    const binding = await history.until("ADDED", "RoleBinding/developer");
    history.stop();
    const deployment = await scene.api.request(
      "GET",
      `/apis/apps/v1/namespaces/${stack}/deployments/shop`,
    );
    expect(deployment.status).to.equal(200);
    const created = await scene.program.outputs(stack);
    expect(created).to.include({ namespace: stack, application: "shop" });
    expect(BigInt(deployment.body.metadata.resourceVersion) > binding.revision).to.equal(true);
  });

  it("is known to the policy pack to wait for every wall, by its namespace alone", async () => {
    const args = ["stack", "export", "--stack", stack];
    const { stdout } = await scene.program.succeed(args);
    const found = await analyzeState(scene.program, stdout);
    expect(violatedPolicies(found), found.output).to.deep.equal([]);

    const late = await analyzeState(scene.program, withoutDependencies(stdout, ":Deployment"));
    expect(violatedPolicies(late), late.output).to.deep.equal(["walls-come-first"]);
  });
});

/** The exported state, in which resources of the type wait for nothing. */
function withoutDependencies(exported: string, type: string): string {
  const state = JSON.parse(exported) as { deployment: { resources: StateResource[] } };
  for (const resource of state.deployment.resources.filter((one) => one.type.endsWith(type))) {
    resource.dependencies = [];
    resource.propertyDependencies = {};
  }
  return JSON.stringify(state);
}

interface StateResource {
  readonly type: string;
  dependencies?: readonly string[];
  propertyDependencies?: object;
}

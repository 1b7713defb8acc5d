import { join } from "node:path";
import { expect } from "chai";
import { KubernetesApi } from "secure-environment-sandbox";
import { objectsIn } from "./support/namespaceObjects";
import { promisedObjects } from "./support/promised";
import { ApiGate } from "./support/review/apiGate";
import { killedRun, type Target } from "./support/review/killedRun";
import { ReviewCommand } from "./support/review/reviewCommand";
import { setScene } from "./support/scene";

/** How many writes an `up` of an environment makes at least, and a `destroy`. */
const writes = { up: 14, destroy: 1 } as const;

type Kill = readonly [signal: NodeJS.Signals, target: Target];

const kills: readonly Kill[] = [
  ["SIGINT", "command"],
  ["SIGKILL", "job"],
  ["SIGKILL", "command"],
  ["SIGTERM", "command"],
];

/**
 * Every kill at every write when all are asked for, else each kill once: at the first write, at one in the
 * middle, at the last, and so on in turn.
 */
function triedAt(count: number): readonly (readonly [kill: Kill, write: number])[] {
  const some = [1, Math.ceil(count / 2), count];
  const all = Array.from({ length: count }, (_, index) => index + 1);
  return process.env.EXHAUSTIVE === undefined
    ? kills.map((kill, index) => [kill, some[index % some.length] ?? 1])
    : kills.flatMap((kill) => all.map((write) => [kill, write] as const));
}

describe("a run of `review` that is killed while it writes", function () {
  this.timeout(600_000);
  const scene = setScene();
  let review: ReviewCommand;
  let gate: ApiGate;
  let api: KubernetesApi;
  let KUBECONFIG: string;

  before(async () => {
    review = new ReviewCommand(scene.sandbox);
    gate = await ApiGate.start(scene.sandbox.kubeconfig);
    KUBECONFIG = gate.writeKubeconfig(join(review.backend, "kubeconfig.json"));
  });

  // Between two tests a connection would be closed.
  beforeEach(() => {
    api = new KubernetesApi(scene.sandbox.kubeconfig);
  });

  afterEach(() => api.close());

  after(() => gate.close());

  for (const verb of ["up", "destroy"] as const) {
    for (const [[signal, target], write] of triedAt(writes[verb])) {
      it(`by ${signal} to the ${target}, at write ${write} of ${verb}, is finished by the next`, async () => {
        const branch = `${verb}-${signal.toLowerCase()}-${target}-${write}`;
        const namespace = `review-${branch}`;
        if (verb === "destroy") {
          await review.succeed(["up", branch]);
        }
        const kill = { write, signal, target };
        const killed = await killedRun(review, gate, KUBECONFIG, [verb, branch], kill);
        expect(killed.exitCode, killed.output).not.to.equal(0);

        const next = await review.succeed([verb, branch]);
        if (verb === "up") {
          expect(await objectsIn(api, namespace), next.output).to.deep.equal(promisedObjects);
          await review.succeed(["destroy", branch]);
        }
        const { status } = await api.request("GET", `/api/v1/namespaces/${namespace}`);
        expect(status).to.equal(404);
        expect(review.filesOfBackend("locks")).to.deep.equal([]);
        expect(review.filesOfBackend("stacks")).to.deep.equal([]);
      });
    }
  }
});

import { expect } from "chai";
import { ReviewCommand } from "./support/review/reviewCommand";
import { setScene } from "./support/scene";

const branches = Array.from({ length: 20 }, (_, index) => `feature/${index}`);

describe("twenty environments at once, from one machine", function () {
  this.timeout(900_000);
  const scene = setScene();
  let review: ReviewCommand;

  before(() => {
    review = new ReviewCommand(scene.sandbox);
  });

  it("come up, are listed, and go, and leave nothing", async () => {
    await all("up");
    const { stdout } = await review.succeed(["list", "--json"]);
    const { environments } = JSON.parse(stdout);
    expect(environments.map(({ state, branch }: Row) => `${state} ${branch}`)).to.have.members(
      branches.map((branch) => `up ${branch}`),
    );
    expect(review.filesOfBackend("locks")).to.deep.equal([]);
    await all("destroy");
    for (const kind of ["locks", "stacks"] as const) {
      expect(review.filesOfBackend(kind)).to.deep.equal([]);
    }
    const { body } = await scene.api.request("GET", "/api/v1/namespaces");
    const names = body.items.map(({ metadata }: { metadata: { name: string } }) => metadata.name);
    expect(names.filter((name: string) => name.startsWith("review-"))).to.deep.equal([]);
  });

  async function all(verb: "up" | "destroy"): Promise<void> {
    const runs = await Promise.all(branches.map((branch) => review.run([verb, branch])));
    const ends = runs.map(({ exitCode, output }) => (exitCode === 0 ? "done" : output));
    expect(ends).to.deep.equal(branches.map(() => "done"));
  }
});

interface Row {
  readonly state: string;
  readonly branch: string;
}

import { expect } from "chai";
import { type SecureEnvironmentArgs } from "secure-environment";
import { judgeEnvironment } from "#components/environment/resolvedEnvironment";
import { type GuardedArguments, guardedProblems } from "#components/environment/guardedProblems";
import { describeProblems } from "#components/core/problems";

const registry = { host: "registry.example.com", username: "jane", password: "hunter2" };
const noProject =
  "  - project: is missing, and a platform tells by it whose the environment is. Set the project whose pipeline makes the environment, such as shop.";
const secret =
  "  - imageRegistries: take a Secret, and a platform lets pipelines write none. Leave them out; the deployer may make the Secret, and pods name it in `imagePullSecrets`.";

describe("the arguments of an environment under a platform", () => {
  const accepted: readonly GuardedArguments[] = [
    {},
    { imageRegistries: [registry] },
    { platform: false, imageRegistries: [registry] },
    { platform: true, project: "shop" },
    { platform: true, project: "shop", imageRegistries: [] },
    { platform: true, project: "shop", holes: [{ peer: "internet" }] },
    { platform: true, project: "shop", permanent: true, holes: [{ peer: "apiServer" }] },
    { holes: [{ peer: "apiServer" }] },
  ];
  for (const args of accepted) {
    it(`may be ${JSON.stringify(args)}`, () => {
      expect(guardedProblems(args)).to.deep.equal([]);
    });
  }

  const refused: readonly (readonly [string, GuardedArguments, readonly string[]])[] = [
    ["no project", { platform: true }, [noProject]],
    [
      "image registries",
      { platform: true, project: "shop", imageRegistries: [registry] },
      [secret],
    ],
    [
      "a hole to the API server",
      { platform: true, project: "shop", holes: [{ peer: "internet" }, { peer: "apiServer" }] },
      [
        '  - holes[1].peer: opens the API server, and a platform lets no pipeline do so (found "apiServer"). Leave the hole out; what needs the API server runs outside review environments.',
      ],
    ],
    ["both", { platform: true, imageRegistries: [registry] }, [noProject, secret]],
  ];
  for (const [what, args, lines] of refused) {
    it(`are refused with ${what}`, () => {
      expect(describeProblems(guardedProblems(args)).split("\n").slice(1)).to.deep.equal(lines);
    });
  }

  it("tell their faults with all others", () => {
    const args: SecureEnvironmentArgs = {
      platform: true,
      developerGroup: "",
      imageRegistries: [{ ...registry, password: "" }],
      owner: "Jane Doe",
    };
    const origin = { pulumiProject: "review", stack: "review-login" };
    expect(judgeEnvironment(args, origin).problems.map(({ property }) => property)).to.deep.equal([
      "developerGroup",
      "imageRegistries[0].password",
      "project",
      "imageRegistries",
      "owner",
    ]);
  });
});

import { expect } from "chai";
import { type SecureEnvironmentArgs } from "secure-environment";
import { kindOf } from "#components/environment/environmentProblems";
import { judgeEnvironment } from "#components/environment/resolvedEnvironment";
import { stackName } from "#components/core/names";
import { describeProblems } from "#components/core/problems";
import { type Origin } from "#components/environment/stackProblems";

const reservedRemedy =
  "Use another branch: reserved names belong to environments that must not be touched.";
const groupRemedy = "Name a group of your identity provider, such as dev-users.";
const projectRemedy =
  "Use at most 20 characters of a-z and 0-9, such as shop. A hyphen would make it ambiguous where the project ends.";
const urlRemedy =
  "Write it in full and without a password, in at most 2000 characters, such as https://shop.example.com/.";
const ownerRemedy = "Use at most 63 letters, digits, -, _ and ., such as jane.doe.";
const instantRemedy = "Write it as RFC 3339 in UTC to the second, such as 2027-01-31T18:00:00Z.";
const branchRemedy = "Give the branch's full name, or leave `branch` out.";

describe("arguments", () => {
  const accepted: readonly (readonly [stack: string, args: SecureEnvironmentArgs])[] = [
    ["review-login", {}],
    ["review-login", { branch: "login" }],
    ["review-feature-login-form-42-72slm9", { branch: "feature/Login_form#42" }],
    ["review-login", { project: "shop", uniqueSuffix: true }],
    [`review-${"x".repeat(28)}`, { project: "p".repeat(20), uniqueSuffix: true }],
    [`review-${"x".repeat(56)}`, {}],
    ["staging", { permanent: true }],
    ["production", { permanent: true, project: "shop" }],
    ["preview", { permanent: true, branch: "main" }],
    ["review-login", { developerGroup: "oidc:shop-developers" }],
    ["review-login", { owner: "jane.doe", url: "https://a.b/", expiresAt: "2027-01-31T18:00:00Z" }],
    ["review-login", { owner: Promise.resolve("Not Known Yet") }],
    ["review-main", { reservedNames: ["release/*"] }],
  ];
  for (const [stack, args] of accepted) {
    it(`${JSON.stringify(args)} make an environment of the stack ${stack}`, () => {
      expect(judgeEnvironment(args, origin(stack)).problems).to.deep.equal([]);
    });
  }

  it("make a review environment unless they ask for a permanent one", () => {
    expect(kindOf({})).to.equal("review");
    expect(kindOf({ permanent: false })).to.equal("review");
    expect(kindOf({ permanent: true })).to.equal("permanent");
  });
});

describe("a fault of the arguments", () => {
  it("is a branch that is longer than any, and an address that no browser opens", () => {
    const args = { branch: "a".repeat(1001), url: `https://a.b/${"c".repeat(2000)}` };
    const origin = { pulumiProject: "review", stack: stackName(args.branch) };
    const { problems } = judgeEnvironment(args, origin);
    expect(problems.map(({ property }) => property)).to.deep.equal(["branch", "url"]);
  });

  it("is told of a hole beside what is misshapen in it, and of the others in their places", () => {
    const hole = {
      direction: "egress",
      peer: "namespace",
      ports: [{ port: 80 }],
      reason: "Tests.",
    };
    const args = {
      project: 5,
      nodePool: { platform: true },
      holes: [
        { ...hole, direction: "in", name: "broken", namespace: "production" },
        { ...hole, reason: undefined, name: "tests", namespace: "staging" },
        { ...hole, ports: undefined, name: 7, namespace: "kube-system" },
        { ...hole, labels: {}, name: "tests", namespace: "mail" },
      ],
    } as unknown as SecureEnvironmentArgs;
    const { problems } = judgeEnvironment(args, origin("review-login"));
    expect(problems.map(({ property, fault }) => `${property}: ${fault}`)).to.include.members([
      "project: is a number and no text, and was perhaps written otherwise",
      "holes[0].direction: is not known",
      "holes[1].reason: is missing",
      "holes[2].ports: is missing",
      "holes[2].name: is a number and no text, and was perhaps written otherwise",
      "holes[3].labels: is not known",
      "holes[1].namespace: of the hole tests is the protected namespace staging (always protected)",
      "holes[2].namespace: is a namespace of the cluster itself, whose controllers answer whoever asks",
      "holes[3].name: is the name of holes[1] as well",
    ]);
    expect(problems.filter(({ property }) => property.startsWith("holes"))).to.have.length(8);
    expect(problems.filter(({ property }) => property === "project")).to.have.length(1);
  });

  refuses("an argument that there was once", "review-a", { clusterRoles: {} } as object, [
    "clusterRoles: is not known. Leave it out, and set `platform` to true: the platform's ClusterRoles have fixed names.",
  ]);
  refuses("a stack that is not a review environment", "login", {}, [
    'stack: is not the name of a review environment (found "login"). Use the stack review-login, or set permanent: true for an environment that stays.',
  ]);
  refuses("a branch whose stack is not selected at all", "dev", { branch: "feature/a" }, [
    'stack: is not the name of a review environment (found "dev"). Use the stack review-feature-a-22408h, or set permanent: true for an environment that stays.',
  ]);
  refuses("a reserved stack, without the advice to make it a review environment", "staging", {}, [
    'stack: is not the name of a review environment (found "staging"). Set permanent: true for an environment that stays; the name is reserved, so no review environment has it.',
  ]);
  refuses("a stack without a slug", "review-", {}, [
    'stack: cannot be the name of a namespace (found "review-"). Use the stack review-<slug>, which `npx review name BRANCH` prints.',
  ]);
  refuses("a stack that is no label", "review-Login_form", {}, [
    'stack: cannot be the name of a namespace (found "review-Login_form"). Use the stack review-login-form-whfr5e, which `npx review name BRANCH` prints.',
  ]);
  refuses("a branch of another stack", "review-b", { branch: "feature/a" }, [
    'branch: belongs to the stack review-feature-a-22408h, but this is the stack review-b (found "feature/a"). Select the stack review-feature-a-22408h, or leave `branch` out.',
  ]);
  for (const branch of ["", " \t"]) {
    const found = JSON.stringify(branch);
    refuses(`the empty branch ${found}`, "review-a", { branch }, [
      `branch: is empty (found ${found}). ${branchRemedy}`,
    ]);
    refuses(`the empty branch ${found}, permanently`, "dev", { branch, permanent: true }, [
      `branch: is empty (found ${found}). ${branchRemedy}`,
    ]);
  }
  refuses("an empty branch of a stack that is no review environment", "dev", { branch: "" }, [
    `branch: is empty (found ""). ${branchRemedy}`,
    'stack: is not the name of a review environment (found "dev"). Use the stack review-<slug>, or set permanent: true for an environment that stays.',
  ]);
  for (const name of ["staging", "production", "default"]) {
    refuses(`the reserved stack review-${name}`, `review-${name}`, {}, [
      `stack: is reserved (${name}) (found "review-${name}"). ${reservedRemedy}`,
    ]);
    refuses(`the reserved branch ${name}`, `review-${name}`, { branch: name }, [
      `branch: is reserved (${name}) (found "${name}"). ${reservedRemedy}`,
    ]);
  }
  refuses("a stack of the cluster", "review-kube-system", {}, [
    `stack: is reserved (kube-*) (found "review-kube-system"). ${reservedRemedy}`,
  ]);
  refuses("a branch that the configuration reserves", "review-main", { reservedNames: ["main"] }, [
    `stack: is reserved (main) (found "review-main"). ${reservedRemedy}`,
  ]);
  refuses(
    "a reserved branch in another spelling",
    "review-release-1-0-q2cmvl",
    { branch: "release/1.0", reservedNames: ["release/*"] },
    [`branch: is reserved (release/*) (found "release/1.0"). ${reservedRemedy}`],
  );
  refuses("a namespace that is too long", `review-${"x".repeat(60)}`, {}, [
    `stack: makes the namespace 4 characters longer than 63 (found "review-${"x".repeat(60)}"). Use a stack of at most 63 characters; \`npx review name BRANCH\` prints one that fits.`,
  ]);
  refuses(
    "a namespace that is too long by its project and suffix",
    `review-${"x".repeat(29)}`,
    { project: "p".repeat(20), uniqueSuffix: true },
    [
      `stack: makes the namespace 1 character longer than 63 (found "review-${"x".repeat(29)}"). Use a stack of at most 35 characters; \`npx review name BRANCH\` prints one that fits.`,
    ],
  );
  for (const project of ["Shop", "-a", "a b", "", "a.b"]) {
    refuses(`the project ${JSON.stringify(project)}`, "review-a", { project }, [
      `project: cannot be part of a namespace (found ${JSON.stringify(project)}). ${projectRemedy}`,
    ]);
  }
  refuses("a project over length", "review-a", { project: "p".repeat(21) }, [
    `project: cannot be part of a namespace (found "${"p".repeat(21)}"). ${projectRemedy}`,
  ]);
  refuses("a permanent stack that is no label", "Staging", { permanent: true }, [
    'stack: cannot be the name of a namespace (found "Staging"). Use a stack named with a-z, 0-9 and hyphens inside, such as staging.',
  ]);
  refuses("a permanent stack of the cluster", "kube-system", { permanent: true }, [
    'stack: makes the namespace kube-system, which belongs to the cluster (kube-*) (found "kube-system"). Use a stack named with a-z, 0-9 and hyphens inside, such as staging.',
  ]);
  refuses(
    "a permanent stack that only its project makes a namespace of the cluster",
    "system",
    { permanent: true, project: "kube" },
    [
      'stack: makes the namespace kube-system, which belongs to the cluster (kube-*) (found "system"). Use a stack named with a-z, 0-9 and hyphens inside, such as staging.',
    ],
  );
  refuses(
    "a permanent environment that expires",
    "staging",
    { permanent: true, expiresAt: "2027-01-31T18:00:00Z" },
    [
      "expiresAt: is set, but a permanent environment never expires. Leave out `expiresAt` or `permanent`.",
    ],
  );
  for (const developerGroup of ["", "  "]) {
    refuses(`the empty group ${JSON.stringify(developerGroup)}`, "review-a", { developerGroup }, [
      `developerGroup: is empty (found ${JSON.stringify(developerGroup)}). ${groupRemedy}`,
    ]);
  }
  for (const developerGroup of ["system:authenticated", "system:masters"]) {
    refuses(`the group ${developerGroup}`, "review-a", { developerGroup }, [
      `developerGroup: is a group of the cluster itself (found "${developerGroup}"). ${groupRemedy}`,
    ]);
  }
  refuses("an owner that is no label", "review-a", { owner: "Jane Doe" }, [
    `owner: cannot be the value of a label (found "Jane Doe"). ${ownerRemedy}`,
  ]);
  refuses("an address that is none", "review-a", { url: "shop.example.com" }, [
    `url: is not a web address (found "shop.example.com"). ${urlRemedy}`,
  ]);
  refuses("an expiry that is no instant", "review-a", { expiresAt: "tomorrow" }, [
    `expiresAt: is not an instant in UTC (found "tomorrow"). ${instantRemedy}`,
  ]);

  it("of all arguments together is told as one of the component's parameter", () => {
    const promised = Promise.resolve({}) as SecureEnvironmentArgs;
    expect(described(promised, origin("review-a"))).to.deep.equal([
      "args: is an Output, but what defines a wall is judged before anything is created. Give a plain value.",
    ]);
    const [line] = described("login" as SecureEnvironmentArgs, origin("review-a"));
    expect(line).to.match(
      /^args: has the wrong shape \(found "login"\)\. Give an object with branch,/,
    );
  });

  it("of the Pulumi project's name counts only when no project replaces it", () => {
    const nameless = { pulumiProject: "x".repeat(64), stack: "review-a" };
    expect(described({}, nameless)).to.deep.equal([
      `project: of Pulumi.yaml cannot be the value of a label (found "${nameless.pulumiProject}"). Set \`project\`, or name the Pulumi project with at most 63 of a-z, 0-9, -, _ and .`,
    ]);
    expect(described({ project: "shop" }, nameless)).to.deep.equal([]);
  });

  it("hides no other fault: all are in one message, in the order of the arguments", () => {
    const args: SecureEnvironmentArgs = {
      project: "A",
      branch: "production",
      quota: { pods: "many" },
      containerDefaults: { limits: { cpu: "13" } },
      developerGroup: "system:masters",
      owner: "Jane Doe",
      url: "x",
      expiresAt: "y",
    };
    expect(describeProblems(judgeEnvironment(args, origin("review-b")).problems)).to.equal(
      [
        "The environment has 9 problems; nothing was created.",
        `  - project: cannot be part of a namespace (found "A"). ${projectRemedy}`,
        '  - branch: belongs to the stack review-production, but this is the stack review-b (found "production"). Select the stack review-production, or leave `branch` out.',
        `  - branch: is reserved (production) (found "production"). ${reservedRemedy}`,
        `  - developerGroup: is a group of the cluster itself (found "system:masters"). ${groupRemedy}`,
        `  - owner: cannot be the value of a label (found "Jane Doe"). ${ownerRemedy}`,
        `  - url: is not a web address (found "x"). ${urlRemedy}`,
        `  - expiresAt: is not an instant in UTC (found "y"). ${instantRemedy}`,
        '  - quota["pods"]: is not a Kubernetes quantity (found "many"). Write a number with at most one unit and no space, such as 2, 500m, 512Mi or 10Gi.',
        '  - containerDefaults.limits["cpu"]: is more than quota["limits.cpu"], which is 12 (found "13"). Lower the first or raise the second: a container that asks for nothing must fit.',
      ].join("\n"),
    );
  });
});

function refuses(
  what: string,
  stack: string,
  args: SecureEnvironmentArgs,
  lines: readonly string[],
): void {
  it(`is ${what}`, () => {
    expect(described(args, origin(stack))).to.deep.equal(lines);
  });
}

/** The lines of the message, without its heading. */
function described(args: SecureEnvironmentArgs, from: Origin): string[] {
  const { problems } = judgeEnvironment(args, from);
  const [heading, ...lines] = describeProblems(problems).split("\n");
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  expect(heading).to.equal(`The environment has ${count}; nothing was created.`);
  return lines.map((line) => line.replace(/^ {2}- /, ""));
}

function origin(stack: string): Origin {
  return { pulumiProject: "review", stack };
}

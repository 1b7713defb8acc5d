import { expect } from "chai";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const command = join(__dirname, "..", "..", "..", "review", "review.js");

interface Result {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

describe("`review name`", () => {
  const printed: Readonly<Record<string, string>> = {
    login: "review-login",
    "feature/Login_form#42": "review-feature-login-form-42-72slm9",
    "功能/登录": "review-qpo2h5",
    "feature/🚀-launch": "review-feature-launch-hwnplh",
    ["a".repeat(200)]: `review-${"a".repeat(21)}-mjmgsn`,
    "a b; echo $HOME": "review-a-b-echo-home-dsew3q",
  };
  for (const [branch, stack] of Object.entries(printed)) {
    it(`prints ${stack} and nothing else for ${JSON.stringify(branch)}`, () => {
      expect(review("name", branch)).to.deep.equal({
        exitCode: 0,
        stdout: `${stack}\n`,
        stderr: "",
      });
    });
  }

  it("takes a branch that begins with a hyphen after `--`", () => {
    expect(review("name", "--", "-x").stdout).to.equal("review-x-jpfp1k\n");
  });

  for (const branch of ["", " "]) {
    it(`refuses the empty branch ${JSON.stringify(branch)} as wrong usage`, () => {
      expect(review("name", branch)).to.deep.equal({
        exitCode: 2,
        stdout: "",
        stderr: "error: The branch is empty; give the name of a branch, such as feature/login.\n",
      });
    });
  }

  const reserved: Readonly<Record<string, string>> = {
    staging: "staging",
    "Production/": "production",
    KUBE_SYSTEM: "kube-*",
  };
  for (const [branch, name] of Object.entries(reserved)) {
    it(`refuses the reserved branch ${branch} as a guard does`, () => {
      expect(review("name", branch)).to.deep.equal({
        exitCode: 10,
        stdout: "",
        stderr: `error: The branch "${branch}" gets no environment: ${name} is reserved. Use another branch.\n`,
      });
    });
  }
});

describe("`review name` with a configuration file", () => {
  const folder = mkdtempSync(join(tmpdir(), "secure-environment-names-"));
  const file = join(folder, "Pulumi.ci.yaml");
  after(() => rmSync(folder, { recursive: true }));

  const reserving = [
    'config:\n  review:reservedNames: ["develop", "release/*"]\n',
    "config:\n  shop:reservedNames:\n    - develop\n    - release/*\n",
    'config:\n  reservedNames: \'["develop", "release/*"]\'\n',
  ];
  for (const content of reserving) {
    it(`refuses what ${JSON.stringify(content)} reserves, and nothing else`, () => {
      expect(named("develop", content)).to.deep.equal({
        exitCode: 10,
        stdout: "",
        stderr:
          'error: The branch "develop" gets no environment: develop is reserved. Use another branch.\n',
      });
      expect(named("release/1", content).exitCode).to.equal(10);
      expect(named("staging", content).exitCode).to.equal(10);
      expect(named("login", content).stdout).to.equal("review-login\n");
    });
  }

  for (const content of ["", "config: {}\n", "config:\n", 'config:\n  reservedNames: ""\n']) {
    it(`takes ${JSON.stringify(content)} for nothing`, () => {
      expect(named("develop", content).stdout).to.equal("review-develop\n");
    });
  }

  const unclear = {
    "config:\n  review:reservedNames: develop\n": "is no list of names",
    "config:\n  review:reservedNames: [2024-01-01]\n": "is no list of names",
    "config:\n  review:reservedNames: [1.10]\n": "is no list of names",
    "config:\n  review:reservedNames: { secure: hunter2 }\n": "is no list of names",
    "- hunter2": "is no configuration",
    "a: hunter2: {": "is no YAML",
  };
  for (const [content, fault] of Object.entries(unclear)) {
    it(`guesses nothing of ${JSON.stringify(content)}`, () => {
      const { exitCode, stdout, stderr } = named("login", content);
      expect({ exitCode, stdout }).to.deep.equal({ exitCode: 2, stdout: "" });
      expect(stderr).to.contain(fault).and.not.to.contain("hunter2");
    });
  }

  it("fails where there is no such file", () => {
    const { exitCode, stderr } = review("name", "--config-file", join(folder, "x.yaml"), "login");
    expect(exitCode).to.equal(2);
    expect(stderr).to.contain("x.yaml cannot be read");
  });

  function named(branch: string, content: string): Result {
    writeFileSync(file, content);
    return review("name", "--config-file", file, "--", branch);
  }
});

describe("`review`", () => {
  const misused: Readonly<Record<string, readonly string[]>> = {
    "without a command": [],
    "with an unknown command": ["nmae", "login"],
    "with an unknown option": ["--verbose"],
    "with an unknown option of a command": ["name", "--verbose", "login"],
    "without the branch of a command": ["name"],
    "with a branch too many": ["name", "a", "b"],
  };
  for (const [misuse, args] of Object.entries(misused)) {
    it(`${misuse} says how to use it, prints no name and exits with 2`, () => {
      const { exitCode, stdout, stderr } = review(...args);
      expect(exitCode).to.equal(2);
      expect(stdout).to.equal("");
      expect(stderr).to.match(/Usage: review|review --help/);
    });
  }

  it("with a misspelled command suggests the right one", () => {
    expect(review("nmae").stderr).to.contain("(Did you mean name?)");
  });

  for (const args of [["--help"], ["name", "--help"]]) {
    it(`${args.join(" ")} explains it and exits with 0`, () => {
      const { exitCode, stdout, stderr } = review(...args);
      expect(exitCode).to.equal(0);
      expect(stdout).to.contain("Usage: review");
      expect(stderr).to.equal("");
    });
  }
});

function review(...args: string[]): Result {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], {
    encoding: "utf8",
  });
  expect(stderr, "a stack trace").not.to.match(/^\s+at .+:\d+:\d+/m);
  return { exitCode: status, stdout, stderr };
}

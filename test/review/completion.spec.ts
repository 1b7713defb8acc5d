import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";

const review = resolve(__dirname, "../../../review/review.js");

describe("the completion of the command's words", function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), "secure-environment-completion-"));
  const hostile = "feature/$(touch${IFS}pwned)";

  before(() => {
    const git = (...args: readonly string[]) => {
      const who = ["-c", "user.name=jane", "-c", "user.email=jane@example.com"];
      const { status, stderr } = spawnSync("git", [...who, ...args], { cwd: folder });
      expect(status, String(stderr)).to.equal(0);
    };
    git("init", "--quiet", "--initial-branch", "main");
    git("commit", "--quiet", "--allow-empty", "--message", "first");
    git("branch", "feature/login");
    git("branch", hostile);
  });

  after(() => rmSync(folder, { recursive: true }));

  const scripts = new Map<string, string>();

  function scriptFor(shell: string): string {
    const known = scripts.get(shell);
    if (known !== undefined) {
      return known;
    }
    const { status, stdout, stderr } = spawnSync(process.execPath, [review, "completion", shell], {
      encoding: "utf8",
    });
    expect(status, stderr).to.equal(0);
    const file = join(folder, `completion.${shell}`);
    writeFileSync(file, stdout);
    scripts.set(shell, file);
    return file;
  }

  /** Runs a shell, or skips the test aloud where there is none. */
  function shell(context: Mocha.Context, name: string, script: string): readonly string[] {
    const { error, status, stdout, stderr } = spawnSync(name, ["-c", script], {
      cwd: folder,
      encoding: "utf8",
    });
    if (error !== undefined) {
      console.warn(`      ${name} is not on this machine: its completion is not tried`);
      context.skip();
    }
    expect(status, stderr).to.equal(0);
    return stdout.split("\n").filter((line) => line !== "");
  }

  describe("in bash", () => {
    /** What TAB offers after these words. */
    function offered(context: Mocha.Context, ...words: readonly string[]): readonly string[] {
      const list = words.map((word) => `'${word}'`).join(" ");
      const script = `. ${scriptFor("bash")}; COMP_WORDS=(review ${list}); COMP_CWORD=${words.length}; _review; printf '%s\\n' "\${COMPREPLY[@]}"`;
      return shell(context, "bash", script);
    }

    it("gives verbs", function () {
      expect(offered(this, "ku")).to.deep.equal(["kubeconfig"]);
      expect(offered(this, "")).to.include.members(["up", "destroy", "doctor", "completion"]);
    });

    it("gives the options of a verb, and its own alone", function () {
      expect(offered(this, "up", "--w")).to.deep.equal(["--wait"]);
      expect(offered(this, "list", "--"))
        .to.include("--all")
        .and.not.include("--wait");
      expect(offered(this, "destroy", "--l")).to.deep.equal(["--lost-state"]);
    });

    it("gives branches where a verb takes one, and none where it does not", function () {
      expect(offered(this, "up", "feature/l")).to.deep.equal(["feature/login"]);
      expect(offered(this, "kubeconfig", "--developer", "ma")).to.deep.equal(["main"]);
      expect(offered(this, "list", "ma")).to.deep.equal([]);
    });

    it("gives nothing of its own for the value of an option", function () {
      expect(offered(this, "up", "--wait", "fea")).to.deep.equal([]);
    });

    it("gives the shells", function () {
      expect(offered(this, "completion", "")).to.deep.equal(["bash", "zsh", "fish"]);
    });

    it("quotes the name of a branch, and runs nothing of it", function () {
      const [name = ""] = offered(this, "up", "feature/$");
      const [typed] = shell(this, "bash", `printf '%s\\n' ${name}`);
      expect(typed).to.equal(hostile);
      expect(shell(this, "bash", "ls")).not.to.include("pwned");
    });
  });

  it("is taken by zsh", function () {
    const file = scriptFor("zsh");
    const script = `autoload -U compinit; compinit -D; source ${file}; whence -w _review`;
    expect(shell(this, "zsh", script)).to.deep.equal(["_review: function"]);
  });

  it("gives verbs, options and branches in fish", function () {
    const file = scriptFor("fish");
    const offered = (line: string) =>
      shell(this, "fish", `source ${file}; complete -C '${line}'`).map(
        (entry) => entry.split("\t")[0],
      );
    expect(offered("review ku")).to.deep.equal(["kubeconfig"]);
    expect(offered("review up --w")).to.deep.equal(["--wait"]);
    expect(offered("review up feature/l")).to.deep.equal(["feature/login"]);
    expect(offered("review list ma")).to.deep.equal([]);
  });

  it("is refused for another shell", () => {
    const { status, stderr } = spawnSync(process.execPath, [review, "completion", "csh"], {
      encoding: "utf8",
    });
    expect(status).to.equal(2);
    expect(stderr).to.contain("Allowed choices are bash, zsh, fish");
  });
});

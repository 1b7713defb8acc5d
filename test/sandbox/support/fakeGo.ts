import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * A `go` that writes programs which only print a version. It records how it is called, and its
 * behaviour follows files in `folder`: `hang` names a program whose build never ends, `fail` one
 * that does not compile, `full` one for which the disk is too full, `broken` one that does not run, `version` the release that it says it is,
 * `prints` the version that all programs say they are.
 */
const script = `#!/bin/sh
if [ "$1" = env ]; then
  cat "$FAKE_GO/version"
  echo "$FAKE_GO/cache"
  echo "$FAKE_GO/modules"
  exit 0
fi
echo "$@" >> "$FAKE_GO/calls"
while [ "$1" != -o ]; do shift; done
name=$(basename "$2")
is() { [ "$(cat "$FAKE_GO/$1" 2>/dev/null)" = "$name" ]; }
if is fail; then echo "main.go:1: this does not compile" >&2; exit 1; fi
printf 'half of' > "$2"
if is full; then echo "write /cache/b001/_pkg_.a: no space left on device" >&2; exit 1; fi
if is hang; then sleep 600 & echo $! > "$FAKE_GO/hanging"; wait; fi
if is broken; then printf '#!/bin/sh\\nexit 9\\n' > "$2"; else printf '#!/bin/sh\\necho %s\\n' "$(cat "$FAKE_GO/prints")" > "$2"; fi
chmod +x "$2"
`;

export class FakeGo {
  private readonly folder = mkdtempSync(join(tmpdir(), "fake-go-"));
  private readonly binaries = join(this.folder, "bin");
  private readonly cacheHome = join(this.folder, "user-cache");

  constructor() {
    [this.binaries, join(this.folder, "cache"), join(this.folder, "modules")].forEach((directory) =>
      mkdirSync(directory),
    );
    writeFileSync(join(this.binaries, "go"), script, { mode: 0o755 });
    this.set("version", "go1.99.0\n");
    this.set("prints", "v1.2.3");
  }

  /** What a command needs in its environment to use this `go`, and a cache of its own. */
  get environment(): Record<string, string> {
    return {
      PATH: `${this.binaries}:/usr/bin:/bin`,
      FAKE_GO: this.folder,
      XDG_CACHE_HOME: this.cacheHome,
      KUBEBUILDER_ASSETS: "",
      PULUMI_HOME: join(this.folder, "pulumi-home"),
    };
  }

  /** Makes it behave; see above. */
  set(behaviour: "hang" | "fail" | "full" | "broken" | "version" | "prints", value: string): void {
    writeFileSync(join(this.folder, behaviour), value);
  }

  /** Makes it build everything well again. */
  mend(): void {
    ["hang", "fail", "full", "broken"].forEach((name) =>
      rmSync(join(this.folder, name), { force: true }),
    );
  }

  /** Puts another program beside it on the PATH. */
  addProgram(name: string, content: string): string {
    const path = join(this.binaries, name);
    writeFileSync(path, content, { mode: 0o755 });
    return path;
  }

  /** Command lines of all builds so far. */
  get builds(): readonly string[] {
    const calls = join(this.folder, "calls");
    return existsSync(calls) ? readFileSync(calls, "utf8").trimEnd().split("\n") : [];
  }

  /** The process of the build that never ends, once it runs. */
  get hangingProcess(): number | undefined {
    const file = join(this.folder, "hanging");
    const content = existsSync(file) ? readFileSync(file, "utf8").trim() : "";
    return content === "" ? undefined : Number(content);
  }

  /** The folder that the command caches its programs in. */
  get cache(): string {
    return join(this.cacheHome, "secure-environment-sandbox");
  }

  /** What lies in that folder. */
  get cached(): readonly string[] {
    return existsSync(this.cache) ? readdirSync(this.cache).sort() : [];
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { openInBrowser } from "#review/access/browser";
import { eventually } from "../../support/eventually";

const address = "https://shop.example.com/?a=$(id)&b";

describe("opening an address in a browser", () => {
  const folder = mkdtempSync(join(tmpdir(), "secure-environment-browser-"));
  const opened = join(folder, "opened");

  before(() => {
    for (const name of ["open", "xdg-open"]) {
      const file = join(folder, name);
      writeFileSync(
        file,
        `#!/bin/sh\nprintf '%s %s' "$0" "$*" > ${opened}.part\n/bin/mv ${opened}.part ${opened}\n`,
      );
      chmodSync(file, 0o755);
    }
  });

  afterEach(() => rmSync(opened, { force: true }));

  after(() => rmSync(folder, { recursive: true }));

  for (const [platform, environment, command] of [
    ["linux", { DISPLAY: ":0" }, "xdg-open"],
    ["linux", { WAYLAND_DISPLAY: "wayland-0" }, "xdg-open"],
    ["darwin", {}, "open"],
  ] as const) {
    it(`is done by ${command} on ${platform} with ${JSON.stringify(environment)}, and no shell`, async () => {
      const env = { ...environment, PATH: folder };
      expect(await openInBrowser(address, platform, env)).to.equal(true);
      let said = "";
      await eventually(() => {
        try {
          said = readFileSync(opened, "utf8");
        } catch {
          return false;
        }
        return true;
      });
      expect(said).to.equal(`${join(folder, command)} ${address}`);
    });
  }

  it("is not done without a screen, or without what opens it", async () => {
    expect(await openInBrowser(address, "linux", { PATH: folder })).to.equal(false);
    const env = { DISPLAY: ":0", PATH: join(folder, "none") };
    expect(await openInBrowser(address, "linux", env)).to.equal(false);
  });
});

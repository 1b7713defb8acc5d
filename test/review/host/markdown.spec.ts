import { expect } from "chai";
import fc from "fast-check";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { printable } from "#review/console";
import { code, isShownWhole, link } from "#review/host/markdown";
import { propertyRuns } from "../../support/propertyRuns";
import { hostileText, hostileTexts } from "./support/hostileText";

/** What GitHub and GitLab make of it, as the common specification has it. */
function rendered(markdown: string): string {
  return micromark(markdown, {
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
    allowDangerousHtml: true,
    allowDangerousProtocol: true,
  });
}

function decoded(html: string): string {
  const entities: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"' };
  return html.replace(/&(\w+);/g, (_, name: string) => entities[name] ?? "");
}

describe("text of others in a comment", () => {
  for (const text of hostileTexts) {
    it(`is shown, and does nothing: ${JSON.stringify(text.slice(0, 40))}`, () => {
      expectShown(text);
    });
  }

  it("is shown, and does nothing, whatever it is", () => {
    fc.assert(fc.property(hostileText, expectShown), { numRuns: propertyRuns(500) });
  });

  it("is cut when it is long, between characters", () => {
    expect(code("😀".repeat(400))).to.equal(`\`${"😀".repeat(300)}…\``);
    expect(isShownWhole("x".repeat(300))).to.equal(true);
    expect(isShownWhole("x".repeat(301))).to.equal(false);
  });

  it("keeps no character that shows it as another text", () => {
    expect(code("a\u202eb\u0007c\u200bd")).to.equal("`a?b?c?d`");
    expect(code(" \n ")).to.equal("`-`");
  });

  function expectShown(text: string): void {
    const html = rendered(`- before ${code(text)}: after`);
    const [, shown = ""] = /^<ul>\n<li>before <code>([^<]*)<\/code>: after<\/li>\n<\/ul>$/.exec(
      html,
    ) ?? [html];
    const whole =
      printable(text.replace(/\s+/g, " ").trim()).replace(/`{9,}/g, "`".repeat(8)) || "-";
    const cut = decoded(shown);
    expect(cut.endsWith("…") ? whole.startsWith(cut.slice(0, -1)) : cut === whole, html).to.equal(
      true,
    );
  }
});

describe("an address in a comment", () => {
  it("leads where it says", () => {
    for (const address of [
      "https://login.example.com",
      "http://127.0.0.1:8080/a/b?c=d&e=f#g",
      "https://example.com/~a/(b)/c%20d",
    ]) {
      const html = rendered(`- URL: ${link(address)}`);
      const shown = decoded(html);
      expect(shown).to.equal(`<ul>\n<li>URL: <a href="${address}">${address}</a></li>\n</ul>`);
    }
  });

  it("is text when it may be anything else", () => {
    for (const address of [
      "javascript:alert(1)",
      "https://github.com@evil.example.com/",
      "https://user:secret@example.com/",
      "https://example.com/>[evil](https://evil.example.com)",
      "https://example.com/`",
      "https://exаmple.com/",
      "https://example.com\n/merge",
      `https://example.com/${"x".repeat(2_000)}`,
      "//example.com",
      "",
    ]) {
      expect(rendered(link(address)), address).to.match(/^<p><code>[^<]*<\/code><\/p>$/);
    }
  });

  it("is a link or text, and never anything else", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const html = rendered(link(`https://example.com/${text}`));
        expect(html).to.match(/^<p>(<code>[^<]*<\/code>|<a href="https:[^"]*">[^<]*<\/a>)<\/p>$/);
      }),
      { numRuns: propertyRuns(500) },
    );
  });
});

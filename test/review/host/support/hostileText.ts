import fc from "fast-check";

/** What somebody may call a branch, or write as a reason. */
export const hostileTexts: readonly string[] = [
  "`",
  "``` code",
  "a`b``c```d",
  "`` ` ``",
  "\\`\\",
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "--><!-- review comment shop/review-x 0 -->",
  "<details open><summary>",
  "@acme/everybody @jane",
  "#1 !1 acme/shop#1 GH-1 ~bug %v1 &1",
  "[click](https://evil.example.com)",
  "![](https://evil.example.com/pixel)",
  "https://evil.example.com www.evil.example.com evil@example.com",
  "<https://evil.example.com>",
  "line\n/merge",
  "line\r\n\r\n# heading",
  "line\u2028/close",
  "```\n/merge\n```",
  "a\n\n---\n\nb",
  "| a | b |\n|---|---|",
  "**bold** _it_ ~~gone~~ $x$ $`y`$ :tada:",
  "&lt;b&gt; &#96; &copy;",
  "\u202eevil\u202c \u200b\u0000\u001b[31m",
  "- [ ] task",
  "[^1]: note",
  "x".repeat(10_000),
  "`".repeat(10_000),
  "\ud800 lonely",
];

const piece = fc.oneof(
  fc.constantFrom(...hostileTexts.filter(({ length }) => length < 100)),
  fc.constantFrom("`", "``", "\n", "\r", "<", ">", "[", "](", "@", "|", "\\", "*", "~~", "/", " "),
  fc.string(),
  fc.string({ unit: "binary" }),
);

/** Any text, and rather one that Markdown would take for more. */
export const hostileText = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(""));

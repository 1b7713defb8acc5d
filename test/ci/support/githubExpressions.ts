/** Values of an expression by context, such as `github` and `secrets`. */
export type Contexts = Readonly<Record<string, unknown>>;

/** What a step may ask of the steps before it. */
type Functions = Readonly<Record<string, () => boolean>>;

/** Replaces every `${{ … }}` of a text, as GitHub does, with GitHub's own evaluator. */
export async function evaluateText(text: string, contexts: Contexts): Promise<string> {
  const [first = "", ...others] = text.split("${{");
  const parts = await Promise.all(
    others.map(async (part) => {
      const [expression = "", rest = ""] = part.split("}}");
      return (await evaluate(expression, contexts)) + rest;
    }),
  );
  return first + parts.join("");
}

/** As `evaluateText`, of all values. */
export async function evaluateAll(
  values: Readonly<Record<string, unknown>>,
  contexts: Contexts,
): Promise<Record<string, string>> {
  const entries = Object.entries(values).map(
    async ([name, value]) => [name, await evaluateText(String(value), contexts)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

/** What an expression comes to, as a text. */
export async function evaluate(
  expression: string,
  contexts: Contexts,
  functions: Functions = {},
): Promise<string> {
  const { data, Evaluator, Lexer, Parser } = await import("@actions/expressions");
  const { tokens } = new Lexer(expression.trim()).lex();
  const definitions = Object.entries(functions).map(([name, work]) => ({
    name,
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(work()),
  }));
  const parsed = new Parser(tokens, Object.keys(contexts), definitions).parse();
  const values = JSON.parse(JSON.stringify(contexts), data.reviver) as InstanceType<
    typeof data.Dictionary
  >;
  const known = new Map(definitions.map((one) => [one.name.toLowerCase(), one]));
  return new Evaluator(parsed, values, known).evaluate().coerceString();
}

/** Whether the result of a condition counts as true. */
export function isTrue(result: string): boolean {
  return !["", "false", "0", "null", "NaN"].includes(result);
}

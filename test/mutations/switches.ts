import { readFileSync } from "node:fs";
import ts from "typescript";

/** A condition of a program, and the text with which it is switched off. */
export interface Switch {
  readonly file: string;
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
  /** The condition as it is written. */
  readonly text: string;
}

type Add = (node: ts.Node, replacement: string) => void;

/**
 * Every condition that a file decides by, switched off: a choice between something and nothing
 * takes nothing, and so does a problem that depends on a condition, a statement under a condition is
 * left out, a condition that is one of several is left out, a test of a list's elements finds none, and
 * a list loses a part or a rule.
 */
export function switchesOf(file: string): Switch[] {
  const text = readFileSync(file, "utf8");
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  const found: Switch[] = [];
  const add: Add = (node, replacement) => {
    const start = node.getStart(source);
    const { line } = source.getLineAndCharacterOfPosition(start);
    const written = node.getText(source).replace(/\s+/g, " ").slice(0, 80);
    found.push({ file, line: line + 1, start, end: node.getEnd(), replacement, text: written });
  };
  const visit = (node: ts.Node): void => {
    addConditions(node, add);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** The program of a file with a condition switched off. */
export function switchedOff({ file, start, end, replacement }: Switch): string {
  const text = readFileSync(file, "utf8");
  return ts.transpile(text.slice(0, start) + replacement + text.slice(end), {
    module: ts.ModuleKind.CommonJS,
    target: ts.ScriptTarget.ES2022,
    esModuleInterop: true,
  });
}

function addConditions(node: ts.Node, add: Add): void {
  if (ts.isConditionalExpression(node)) {
    addChoice(node, add);
  } else if (ts.isIfStatement(node)) {
    addStatement(node, add);
  } else if (ts.isBinaryExpression(node)) {
    addOperands(node, add);
  } else if (ts.isCallExpression(node)) {
    addPredicate(node, add);
    addProblem(node, add);
  } else if (ts.isArrayLiteralExpression(node)) {
    addParts(node, add);
  }
}

function addChoice({ condition, whenTrue, whenFalse }: ts.ConditionalExpression, add: Add): void {
  if (isNothing(whenTrue)) {
    add(condition, "true");
  } else if (isNothing(whenFalse)) {
    add(condition, "false");
  }
}

/** What a problem depends on that is there or not: `problemIf` and `problemUnless`. */
function addProblem({ expression, arguments: [condition] }: ts.CallExpression, add: Add): void {
  const outcome = outcomeWithoutProblem(expression);
  if (outcome !== undefined && condition !== undefined) {
    add(condition, outcome);
  }
}

function outcomeWithoutProblem(called: ts.Expression): string | undefined {
  const name = ts.isIdentifier(called) ? called.text : "";
  return new Map([
    ["problemIf", "false"],
    ["problemUnless", "true"],
  ]).get(name);
}

function addStatement({ expression, thenStatement }: ts.IfStatement, add: Add): void {
  const last = ts.isBlock(thenStatement) ? thenStatement.statements.at(-1) : thenStatement;
  const returned = last !== undefined && ts.isReturnStatement(last) ? last.expression : undefined;
  add(expression, returned !== undefined && isNothing(returned) ? "true" : "false");
}

/** One of several conditions. */
function addOperands({ left, right, operatorToken }: ts.BinaryExpression, add: Add): void {
  const neutral = new Map<ts.SyntaxKind, string>([
    [ts.SyntaxKind.AmpersandAmpersandToken, "true"],
    [ts.SyntaxKind.BarBarToken, "false"],
  ]).get(operatorToken.kind);
  if (neutral !== undefined) {
    [left, right]
      .filter((operand) => !isSame(operand, operatorToken.kind))
      .forEach((operand) => add(operand, neutral));
  }
}

/** The operands of `a && b` in `a && b && c` are added by themselves. */
function isSame(operand: ts.Expression, operator: ts.SyntaxKind): boolean {
  return ts.isBinaryExpression(operand) && operand.operatorToken.kind === operator;
}

function addPredicate({ expression, arguments: [predicate] }: ts.CallExpression, add: Add): void {
  const method = ts.isPropertyAccessExpression(expression) ? expression.name.text : "";
  const outcome = { filter: "false", some: "false", every: "true" }[method];
  if (outcome !== undefined && predicate !== undefined) {
    add(predicate, `() => ${outcome}`);
  }
}

/** Lists that are put together, and lists of rules. */
function addParts({ elements }: ts.ArrayLiteralExpression, add: Add): void {
  const isOfRules =
    elements.length > 1 &&
    elements.every((part) => ts.isObjectLiteralExpression(part) || ts.isSpreadElement(part));
  elements
    .filter((part) => (ts.isSpreadElement(part) ? !isChoiceOfNothing(part.expression) : isOfRules))
    .forEach((part) => {
      add(part, "...[]");
    });
}

/** Switched off as a choice. */
function isChoiceOfNothing(node: ts.Expression): boolean {
  const inner = ts.isParenthesizedExpression(node) ? node.expression : node;
  return ts.isCallExpression(inner)
    ? outcomeWithoutProblem(inner.expression) !== undefined
    : ts.isConditionalExpression(inner) &&
        (isNothing(inner.whenTrue) || isNothing(inner.whenFalse));
}

function isNothing(node: ts.Expression): boolean {
  return (
    (ts.isArrayLiteralExpression(node) && node.elements.length === 0) ||
    (ts.isIdentifier(node) && node.text === "undefined")
  );
}

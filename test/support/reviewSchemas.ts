import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Ajv2020 } from "ajv/dist/2020";
import { expect } from "chai";

const schemas = resolve(__dirname, "../../../review/schemas");

/** The schema of what a verb prints as JSON, or of another thing that the command writes. */
export function reviewSchema(name: string): Readonly<Record<string, unknown>> {
  return JSON.parse(readFileSync(join(schemas, `${name}.json`), "utf8")) as Record<string, unknown>;
}

/** What a verb of the command printed as JSON, which is as its schema says. */
export function parsedAs<Result>(name: string, json: string): Result {
  const ajv = new Ajv2020({ allErrors: true });
  const result = JSON.parse(json) as Result;
  expect(ajv.validate(reviewSchema(name), result), `${ajv.errorsText()}\n${json}`).to.equal(true);
  return result;
}

/** The record of a run in a file, which is as its schema says, and its result as that of the verb. */
export function recordIn(file: string): Readonly<Record<string, unknown>> {
  const record = parsedAs<Record<string, unknown>>("result", readFileSync(file, "utf8"));
  if ("result" in record) {
    parsedAs(String(record.verb), JSON.stringify(record.result));
  }
  return record;
}

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Ajv2020 } from "ajv/dist/2020";

/** What is wrong with what a verb printed as JSON, by its committed schema. */
export function schemaFaults(verb: string, result: unknown): readonly string[] {
  const file = resolve(__dirname, `../../../../review/schemas/${verb}.json`);
  const ajv = new Ajv2020({ allErrors: true });
  ajv.validate(JSON.parse(readFileSync(file, "utf8")) as object, result);
  return (ajv.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

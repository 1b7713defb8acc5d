/** As the engine sends properties: what is undefined is left out. */
export function withoutUndefined(
  properties: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return JSON.parse(JSON.stringify(properties)) as Record<string, unknown>;
}

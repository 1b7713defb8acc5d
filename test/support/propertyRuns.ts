/**
 * How many cases a property is tried with. `PROPERTY_RUNS` asks for more, never for fewer, where
 * there is time: a rare case takes many.
 */
export function propertyRuns(usual: number): number {
  return Math.max(usual, Number(process.env.PROPERTY_RUNS ?? 0));
}

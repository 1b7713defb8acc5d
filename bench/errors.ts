/** A measurement could not be made. Its message says why. */
export class BenchmarkError extends Error {
  override readonly name = "BenchmarkError";
}

import { Progress } from "../console";
import { interruptible } from "../engine/interruption";

/**
 * Does work that takes a while: its progress goes to standard error, and its result to standard output, in
 * words or as JSON.
 */
export async function reported<Result>(
  { json }: { readonly json?: boolean },
  work: (progress: Progress) => Promise<Result>,
  describe: (result: Result) => string,
): Promise<void> {
  const progress = new Progress(process.stderr);
  try {
    const result = await interruptible(() => work(progress));
    progress.end();
    console.log(json === true ? JSON.stringify(result) : describe(result));
  } finally {
    progress.end();
  }
}

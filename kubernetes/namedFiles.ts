import { readFileSync } from "node:fs";
import { firstLine } from "./messages";

/** What Node.js says of a file or a command that cannot be used. */
interface SystemError {
  readonly code?: string;
  readonly syscall?: string;
}

/**
 * Reads the file that a field of a kubeconfig names.
 *
 * @throws Error without the path: a field that lacks its `-data` has a key or a token there.
 */
export function readNamed(field: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code = "no reason is known" } = error as SystemError;
    // The cause has the path in its message.
    // eslint-disable-next-line preserve-caught-error
    throw new Error(
      `the file that its ${field} names cannot be read: ${code}; the name is not shown, as it may be the content`,
    );
  }
}

/** The command of a kubeconfig that prints credentials did not print any; it says why. */
export class NoCredentialError extends Error {}

/**
 * The error of Kubernetes' own client in words that show nothing of the kubeconfig, nor of what its
 * command prints but to standard error.
 */
export function unusable(error: unknown, hasCommand: boolean): unknown {
  const { code, syscall = "" } = (error ?? {}) as SystemError;
  if (syscall.startsWith("spawn")) {
    return new NoCredentialError(`the command that its user names cannot be run: ${code}`);
  }
  if (code !== undefined && syscall !== "") {
    return new Error(`a file that it names cannot be read: ${code}`);
  }
  if (!hasCommand) {
    return error;
  }
  const isSilent = error instanceof SyntaxError || error instanceof TypeError;
  return new NoCredentialError(
    isSilent
      ? "the command that its user names did not print an ExecCredential"
      : firstLine(error).replace(/^error: /, ""),
  );
}

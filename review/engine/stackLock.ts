/** A lock of a stack, as Pulumi names it when it finds one. */
export interface StackLock {
  /** Where the backend keeps it. */
  readonly url: string;
  readonly user: string;
  readonly host: string;
  readonly processId: number;
  readonly since: Date;
}

/** https://github.com/pulumi/pulumi/blob/v3.259.0/pkg/backend/diy/lock.go */
const lockLine = /^\s*(\S+): created by (.+)@(\S+) \(pid (\d+)\) at (\S+)\s*$/gm;

/**
 * The locks for which Pulumi did not run; none when it ended for another reason. Pulumi Cloud says
 * only that there is one.
 */
export function locksIn(words: string): readonly StackLock[] | undefined {
  if (words.includes("Another update is currently in progress")) {
    return [];
  }
  if (!words.includes("the stack is currently locked by")) {
    return undefined;
  }
  return [...words.matchAll(lockLine)].map(([, url = "", user = "", host = "", pid, since]) => ({
    url,
    user,
    host,
    processId: Number(pid),
    since: new Date(since ?? ""),
  }));
}

/** A lock in words. */
export function describeLock({ user, host, processId, since }: StackLock): string {
  return `${user}@${host}, process ${processId}, since ${since.toISOString()}`;
}

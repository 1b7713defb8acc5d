import { createHash } from "node:crypto";

/**
 * Names of review environments.
 *
 * A branch becomes a slug, the slug a stack, the stack a namespace. The budgets below leave room
 * for the longest name that is derived from them: `review-<project>-<slug>-<suffix>` is a
 * namespace and one label of a host name, so it may have at most 63 characters (RFC 1123).
 */

/** Longest slug of a branch, in characters. */
export const maximumSlugLength = 28;

/** Longest `project`, in characters. */
export const maximumProjectLength = 20;

/** Every stack of a review environment starts with this. */
export const reviewPrefix = "review-";

/** Characters of the random suffix that `uniqueSuffix` appends, without its hyphen. */
export const uniqueSuffixLength = 6;

/**
 * Names that no environment may take, whatever is configured: they belong to people's long-lived
 * environments or to Kubernetes itself. A trailing `*` stands for any ending.
 */
export const reservedNames: readonly string[] = [
  "default",
  "kube-*",
  "openshift-*",
  "prod",
  "production",
  "stage",
  "staging",
];

/** Names that even a permanent environment may not take: they belong to the cluster. */
export const clusterOwnedNames: readonly string[] = ["default", "kube-*", "openshift-*"];

const hashLength = 6;

/**
 * Turns a branch into a valid RFC 1123 label of at most 28 characters.
 *
 * Lower-case; every run of other characters than `[a-z0-9]` becomes one hyphen. Whenever the
 * result differs from the branch, six characters of a hash of the full branch are appended, so
 * that `feature/a` and `feature-a` stay apart.
 *
 * @throws RangeError when the branch is empty.
 */
export function slug(branch: string): string {
  if (branch.trim() === "") {
    throw new RangeError("The branch is empty; give the name of a branch, such as feature/login.");
  }
  const readable = readableSlug(branch);
  if (readable === branch && readable.length <= maximumSlugLength) {
    return readable;
  }
  const kept = trimHyphens(readable.slice(0, maximumSlugLength - hashLength - 1));
  return kept === "" ? shortHash(branch) : `${kept}-${shortHash(branch)}`;
}

/** The stack of a branch: `review-<slug>`. Errors as `slug`. */
export function stackName(branch: string): string {
  return reviewPrefix + slug(branch);
}

/** The slug that a review stack's name carries, or `undefined` when it is not a review stack. */
export function slugOfStack(stack: string): string | undefined {
  return stack.startsWith(reviewPrefix) ? stack.slice(reviewPrefix.length) : undefined;
}

/**
 * The namespace of a stack, without a random suffix: `review-<slug>`, with a project
 * `review-<project>-<slug>`; of a permanent stack its own name, with a project
 * `<project>-<stack>`.
 */
export function namespaceName(stack: string, project?: string): string {
  if (project === undefined) {
    return stack;
  }
  const stackSlug = slugOfStack(stack);
  return stackSlug === undefined ? `${project}-${stack}` : `${reviewPrefix}${project}-${stackSlug}`;
}

/**
 * Whether the text can be a project. It has no hyphen: `review-<project>-` is the prefix by which
 * one project's environments are told from another's, and no prefix may be the start of another.
 */
export function isProject(text: string): boolean {
  return text.length <= maximumProjectLength && /^[a-z0-9]+$/.test(text);
}

/**
 * The reserved name that a branch or a slug would take, or `undefined`. Spelling does not help, on
 * either side: `Staging`, `staging/` and `KUBE_SYSTEM` are as reserved as their plain forms, and
 * `release/*` reserves what `release-*` does.
 */
export function reservedNameOf(
  branchOrSlug: string,
  reserved: readonly string[] = reservedNames,
): string | undefined {
  return reserved.find((pattern) => matchesPattern(branchOrSlug, pattern));
}

/** A pattern with nothing that a slug keeps would match any text, so it is compared as it is. */
function matchesPattern(text: string, pattern: string): boolean {
  const isOpen = pattern.endsWith("*");
  const start = isOpen ? pattern.slice(0, -1) : pattern;
  if (readableSlug(start) === "") {
    return isOpen ? text.startsWith(start) : text === start;
  }
  return isOpen
    ? readableSlug(text).startsWith(hyphenated(start).replace(/^-/, ""))
    : readableSlug(text) === readableSlug(start);
}

function readableSlug(text: string): string {
  return trimHyphens(hyphenated(text));
}

function hyphenated(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, "-");
}

function trimHyphens(text: string): string {
  return text.replace(/^-+|-+$/g, "");
}

/** Base 36, so that all of `[a-z0-9]` is used: 2.2 billion values. */
function shortHash(text: string): string {
  const digest = createHash("sha256").update(text, "utf8").digest().readBigUInt64BE();
  return digest.toString(36).padStart(hashLength, "0").slice(-hashLength);
}

/**
 * The stack that a platform's namespaces for rehearsals are named after: one that no branch has, as no slug
 * begins with a hyphen.
 */
export const rehearsalStack = `${reviewPrefix}-rehearsal`;

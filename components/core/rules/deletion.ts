/** What may hold an object in its deletion. */

/**
 * Finalizers that the garbage collector takes off any object.
 * See https://kubernetes.io/docs/concepts/architecture/garbage-collection/
 */
export const releasedFinalizers: readonly string[] = ["foregroundDeletion", "orphan"];

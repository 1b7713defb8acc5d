/**
 * Names as Kubernetes takes them from the DNS (RFC 1123).
 * See https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
 */

/** Longest name of a namespace and of one label of a host name, in characters. */
export const maximumLabelLength = 63;

/** Longest host name, in characters. */
export const maximumSubdomainLength = 253;

const labelSyntax = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;

/** Whether the text is a label: the name of a namespace, or one part of a host name. */
export function isLabel(text: string): boolean {
  return text.length <= maximumLabelLength && labelSyntax.test(text);
}

/** Whether the text is a subdomain: labels with dots between them. Kubernetes bounds their whole alone. */
export function isSubdomain(text: string): boolean {
  return (
    text.length <= maximumSubdomainLength &&
    text.split(".").every((label) => labelSyntax.test(label))
  );
}

import { isSubdomain } from "./dnsNames";
import { annotations, type EnvironmentKind, labels } from "./labels";

/** What the objects of an environment say about it. */
export interface Identity {
  readonly kind: EnvironmentKind;
  readonly project: string;
  readonly stack: string;
}

/** What merely describes an environment; the texts may be known only later. */
export interface Description<Text> {
  readonly owner?: Text;
  readonly url?: Text;
  readonly expiresAt?: Text;
}

/** Labels of every object of an environment. */
export function identityLabels(identity: Identity): Record<string, string> {
  return {
    [labels.kind]: identity.kind,
    [labels.project]: identity.project,
    [labels.stack]: identity.stack,
  };
}

/**
 * Labels that make the API server refuse every pod that is not `restricted`. The version is
 * `latest` on purpose: before 1.34 the standard let probes reach any host from the node.
 * See https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export const podSecurityLabels: Readonly<Record<string, string>> = Object.fromEntries(
  ["enforce", "audit", "warn"].flatMap((mode) => [
    [`pod-security.kubernetes.io/${mode}`, "restricted"],
    [`pod-security.kubernetes.io/${mode}-version`, "latest"],
  ]),
);

/** Labels of the namespace: a closed list. */
export function namespaceLabels<Text>(
  identity: Identity,
  description: Description<Text>,
): Record<string, string | Text> {
  return {
    ...identityLabels(identity),
    ...optional(labels.owner, description.owner),
    ...podSecurityLabels,
  };
}

/** Labels by which a platform keeps a permanent environment from being deleted by its pipeline. */
export function protectionLabels(identity: Identity): Record<string, string> {
  return identity.kind === "permanent" ? { [labels.protect]: "true" } : {};
}

/** Annotations of the namespace: a closed list. */
export function namespaceAnnotations<Text>(
  branch: string | undefined,
  description: Description<Text>,
): Record<string, string | Text> {
  return {
    ...optional(annotations.branch, branch),
    ...optional(annotations.expiresAt, description.expiresAt),
    ...optional(annotations.janitorExpires, description.expiresAt),
    ...optional(annotations.url, description.url),
  };
}

/** Annotations of a hole's NetworkPolicy: why it is there, and until when. */
export function holeAnnotations(hole: {
  readonly reason: string;
  readonly expiresAt?: string;
}): Record<string, string> {
  return {
    [annotations.reason]: hole.reason,
    ...optional(annotations.expiresAt, hole.expiresAt),
  };
}

/** Whether the text can be the value of a label. */
export function isLabelValue(text: string): boolean {
  return text.length <= 63 && /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(text);
}

/**
 * Whether the text can be the key of a label, as also resources are named.
 * See https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
 */
export function isLabelKey(text: string): boolean {
  const [name = "", prefix, ...rest] = text.split("/").reverse();
  return rest.length === 0 && isLabelValue(name) && (prefix === undefined || isSubdomain(prefix));
}

/** Longest address that every browser opens, in characters. */
const maximumWebAddressLength = 2000;

/** Whether the text is an address that a browser opens, without a user or a password in it. */
export function isWebAddress(text: string): boolean {
  if (
    text.length > maximumWebAddressLength ||
    !/^https?:\/\/\S+$/i.test(text) ||
    !URL.canParse(text)
  ) {
    return false;
  }
  const { username, password } = new URL(text);
  return username + password === "";
}

/** Whether the text is an RFC 3339 instant in UTC, to the second, that the calendar has. */
export function isInstant(text: string): boolean {
  return (
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(text) &&
    !Number.isNaN(Date.parse(text)) &&
    new Date(text).toISOString() === text.replace("Z", ".000Z")
  );
}

/** The instant as arguments and annotations have it. */
export function instantOf(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, "Z");
}

/** Whether an instant is over. Instants in UTC to the second are in the order of their texts. */
export function hasPassed(instant: string, now: string): boolean {
  return instant <= now;
}

function optional<Text>(key: string, value: Text | undefined): Record<string, Text> {
  return value === undefined ? {} : { [key]: value };
}

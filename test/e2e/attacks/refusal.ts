/** How the API server has to refuse a request: which part of it, and what it says. */
export interface Refusal {
  /** Who refuses, as the title of the test says it. */
  readonly by: string;
  readonly statuses: readonly number[];
  /** Everything that the message has to contain. */
  readonly says: readonly (string | RegExp)[];
}

const prefix = "secure-environment-";

/** RBAC: whoever asks has no rule for it. */
export const byAccessControl: Refusal = {
  by: "RBAC",
  statuses: [403],
  says: [/ cannot [a-z:-]+ (?:resource|path) "/],
};

/** RBAC: whoever asks gives away what they do not have. */
export const byEscalationCheck: Refusal = {
  by: "RBAC's check of escalation",
  statuses: [403],
  says: ["attempting to grant RBAC permissions not currently held"],
};

/** A policy of the platform, by its name, and what its validation says. */
export function byPolicy(name: string, ...says: readonly (string | RegExp)[]): Refusal {
  return {
    by: name,
    statuses: [403, 422],
    says: [`ValidatingAdmissionPolicy '${prefix}${name}'`, ...says],
  };
}

/** One of several policies that refuse the same: which one speaks is not said beforehand. */
export function byOneOf(...names: readonly string[]): Refusal {
  const policies = names.map((name) => `'${prefix}${name}'`).join("|");
  return {
    by: names.join(" or "),
    statuses: [403, 422],
    says: [new RegExp(`ValidatingAdmissionPolicy (?:${policies})`)],
  };
}

/** The `restricted` Pod Security Standard. */
export function byPodSecurity(...says: readonly string[]): Refusal {
  return { by: "Pod Security", statuses: [403], says: ["violates PodSecurity", ...says] };
}

/** The quota of the environment. */
export function byQuota(...says: readonly string[]): Refusal {
  return { by: "the quota", statuses: [403], says: ["exceeded quota", ...says] };
}

/** The limit range of the environment. */
export function byLimitRange(...says: readonly string[]): Refusal {
  return { by: "the limit range", statuses: [403], says };
}

/** An admission plugin of Kubernetes itself. */
export function byPlugin(plugin: string, ...says: readonly string[]): Refusal {
  return { by: plugin, statuses: [403], says };
}

/** The API itself: no such thing can be asked for. */
export function byApi(status: number, ...says: readonly string[]): Refusal {
  return { by: "the API", statuses: [status], says };
}

/** Whether the message says all that it has to. */
export function isSaid({ says }: Refusal, message: string): boolean {
  return says.every((part) =>
    typeof part === "string" ? message.includes(part) : part.test(message),
  );
}

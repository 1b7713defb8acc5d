import {
  annotations,
  hasPassed,
  isInstant,
  problemIf,
  recordOf,
  textOf,
} from "secure-environment/core";
import { onObjects, type ResourcePolicy } from "../policy";

/** What was given for a time stands for good where nothing looks at the clock. */
export const nothingOutlivesItsExpiry: ResourcePolicy<object> = {
  name: "nothing-outlives-its-expiry",
  description: `No environment and no opening stands after the instant that its annotation ${annotations.expiresAt} says.`,
  threat:
    "An opening that was meant for an afternoon stays, and environments of nobody pile up until the cluster is full.",
  remediation: "Bring the stack up to date, give a later `expiresAt`, or destroy the stack.",
  severity: "medium",
  url: "https://codeberg.org/hjacobs/kube-janitor#usage",
  example: {
    bad: 'new SecureEnvironment("x", { expiresAt: "2020-01-31T18:00:00Z" })',
    good: 'new SecureEnvironment("x", { expiresAt: "2027-01-31T18:00:00Z" })',
  },
  settings: {},
  judge: onObjects(({ kind, metadata }, _settings, now) => {
    const expiresAt = textOf(recordOf(metadata["annotations"])[annotations.expiresAt]) ?? "";
    const what = kind === "Namespace" ? "the environment" : "what it opens";
    const fault = `has passed, and ${what} is still there`;
    const remedy =
      "Give a later `expiresAt`, or destroy the stack; an opening goes with the next update.";
    const isWrong = isInstant(expiresAt) && hasPassed(expiresAt, now);
    return problemIf(isWrong, `metadata.annotations["${annotations.expiresAt}"]`, fault, remedy);
  }),
};

import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { leaseNames, pipelineNamespace } from "secure-environment/core";
import { type LeaseOptions } from "../cluster/lease";
import { exitCodes, ReviewError } from "../exitCodes";
import { settingsFile, type ReviewSettings } from "../settings/reviewSettings";
import { configuredProject, saysPlatform } from "./target";

/** Seconds without a renewal after which the Lease of a run that was killed is free. */
const seconds = 30;

/**
 * A Lease of the settings' project, for this run: under the platform in the namespace of the project's
 * pipeline, whose identity may have it, else in the one that the settings name.
 *
 * @param wait how long to wait for another run, in milliseconds.
 * @throws ReviewError with 2 where no namespace is known.
 */
export function projectLease(
  settings: ReviewSettings,
  purpose: keyof typeof leaseNames,
  wait: number,
): LeaseOptions {
  const name = leaseNames[purpose];
  return { namespace: namespaceOf(settings), name, holder: holderOfRun(), seconds, wait };
}

function namespaceOf(settings: ReviewSettings): string {
  const project = configuredProject(settings);
  const ofPipeline =
    saysPlatform(settings) === true && project !== undefined
      ? pipelineNamespace(project)
      : undefined;
  const namespace = settings.leaseNamespace ?? ofPipeline;
  if (namespace === undefined) {
    const message =
      "Runs know of each other by a Lease, and no namespace for it is named. Write `leaseNamespace: NAMESPACE` " +
      `into ${settingsFile}: one that is there, and in which these credentials may create, get and update leases.`;
    throw new ReviewError(message, exitCodes.usage);
  }
  return namespace;
}

/** Two containers may have one name and one process number. */
function holderOfRun(): string {
  return `${hostname()}, process ${process.pid} (${randomBytes(4).toString("hex")})`;
}

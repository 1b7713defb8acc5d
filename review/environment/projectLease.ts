import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { leaseNames, pipelineNamespace } from "secure-environment/core";
import { type LeaseOptions } from "../cluster/lease";
import { type ReviewSettings } from "../settings/reviewSettings";
import { configuredProject, saysPlatform } from "./target";

/** Seconds without a renewal after which the Lease of a run that was killed is free. */
const seconds = 30;

/**
 * A Lease of the settings' project, for this run: in the namespace that the settings name, else under the
 * platform in that of the project's pipeline, whose identity may have it, else in `default`, where runs of all
 * projects share it.
 *
 * @param wait how long to wait for another run, in milliseconds.
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
  return settings.leaseNamespace ?? ofPipeline ?? "default";
}

/** Two containers may have one name and one process number. */
function holderOfRun(): string {
  return `${hostname()}, process ${process.pid} (${randomBytes(4).toString("hex")})`;
}

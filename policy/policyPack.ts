import {
  type Policies,
  type ReportViolation,
  type ResourceValidationPolicy,
  type StackValidationPolicy,
} from "@pulumi/policy";
import { problem } from "secure-environment/core";
import {
  type AnyPolicy,
  type ConcernedResource,
  type ResourcePolicy,
  type StackPolicy,
  type StackViolation,
  type Violation,
} from "./policy";
import { judgedResource } from "./judgedResource";
import { judgedStack } from "./judgedStack";
import {
  commonSettings,
  type CommonSettings,
  defaultsOf,
  excuseFor,
  type SettingsSchema,
} from "./settings";

/** Tells the present instant, as RFC 3339 in UTC to the second. */
export type Clock = () => string;

/** The policies as Pulumi's SDK takes them. */
export function pulumiPoliciesOf(policies: readonly AnyPolicy[], now: Clock): Policies {
  return policies.map((policy) =>
    "judge" in policy ? resourceValidation(policy, now) : stackValidation(policy, now),
  );
}

/** How every message about a resource ends, as it is judged before it is made. */
const whatStands = "An update that is stopped by this makes nothing of it; what stands stays.";

function resourceValidation(policy: ResourcePolicy<object>, now: Clock): ResourceValidationPolicy {
  const defaults = defaultsOf(schemaOf(policy));
  return {
    ...describe(policy),
    validateResource: (args, report) => {
      const settings = { ...defaults, ...args.getConfig() };
      const violations = contained(() => policy.judge(judgedResource(args), settings, now()));
      const found = violations.map((violation) => ({
        ...violation,
        resource: args,
        remedy: `${violation.remedy} ${whatStands}`,
      }));
      reportAll(found, settings, now, report);
    },
  };
}

function stackValidation(policy: StackPolicy<object>, now: Clock): StackValidationPolicy {
  const defaults = defaultsOf(schemaOf(policy));
  return {
    ...describe(policy),
    validateStack: (args, report) => {
      const settings = { ...defaults, ...args.getConfig() };
      const violations = contained(() =>
        policy.judgeStack(judgedStack(args.resources.map(judgedResource)), settings),
      );
      reportAll(violations, settings, now, report);
    },
  };
}

function describe(policy: AnyPolicy) {
  const { name, description, remediation, severity, url, isAdvisory = false } = policy;
  return {
    name,
    description,
    remediationSteps: remediation,
    severity,
    url,
    enforcementLevel: isAdvisory ? ("advisory" as const) : ("mandatory" as const),
    configSchema: { properties: schemaOf(policy) },
  };
}

/** Its own settings, and those that every policy has. */
function schemaOf({ settings }: Pick<AnyPolicy, "settings">): SettingsSchema<CommonSettings> {
  return { ...settings, ...commonSettings };
}

/** What cannot be judged is a violation. */
function contained<Found extends Violation>(judge: () => Found[]): (Found | Violation)[] {
  try {
    return judge();
  } catch {
    const fault = "cannot be judged";
    const remedy = "Write it as the documentation of Kubernetes describes it.";
    return [problem("", fault, remedy)];
  }
}

function reportAll(
  violations: readonly StackViolation[],
  { exceptions }: CommonSettings,
  now: Clock,
  report: ReportViolation,
): void {
  for (const violation of violations) {
    const { resource } = violation;
    const excuse = resource === undefined ? "none" : excuseFor(resource, exceptions, now());
    if (excuse !== "excused") {
      const expiry = excuse === "expired" ? ` The exception for it does not hold (any more).` : "";
      report(messageOf(violation) + expiry, resource?.urn);
    }
  }
}

/** `Role shop: rules[0].verbs has *. List the verbs.` */
export function messageOf({ resource, property, fault, remedy }: StackViolation): string {
  const subject = resource === undefined ? "The stack" : `${kindOf(resource)} ${resource.name}`;
  const place = property === "" ? " " : `: ${property} `;
  return `${subject}${place}${fault}. ${remedy}`;
}

function kindOf({ type }: ConcernedResource): string {
  return type.split(":").at(-1) ?? type;
}

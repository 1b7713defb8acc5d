import {
  type Policies,
  type ReportViolation,
  type ResourceValidationPolicy,
  type StackValidationPolicy,
} from "@pulumi/policy";
import { excuseFor } from "./exceptions";
import {
  type ConcernedResource,
  type Finding,
  type ResourceGuarantee,
  type StackFinding,
  type StackGuarantee,
} from "./policy";
import { judgedResource } from "./judgedResource";
import { judgedStack } from "./judgedStack";
import { type CommonSettings, commonSettings, settingsOf, type SettingsSchema } from "./settings";

/** Any guarantee, whatever its settings are. */
export type AnyGuarantee = ResourceGuarantee<object> | StackGuarantee<object>;

/** Tells the present instant, as RFC 3339 in UTC to the second. */
export type Clock = () => string;

/** The guarantees as Pulumi's policies. */
export function policiesOf(guarantees: readonly AnyGuarantee[], now: Clock): Policies {
  return guarantees.map((guarantee) =>
    "judge" in guarantee ? resourcePolicy(guarantee, now) : stackPolicy(guarantee, now),
  );
}

/** How every message about a resource ends, as it is judged before it is made. */
const whatStands = "An update that is stopped by this makes nothing of it; what stands stays.";

function resourcePolicy(
  guarantee: ResourceGuarantee<object>,
  now: Clock,
): ResourceValidationPolicy {
  return {
    ...describe(guarantee),
    validateResource: (args, report) => {
      const settings = settingsOf(schemaOf(guarantee), args.getConfig());
      const findings = contained(() => guarantee.judge(judgedResource(args), settings));
      const found = findings.map((finding) => ({
        ...finding,
        resource: args,
        remedy: `${finding.remedy} ${whatStands}`,
      }));
      reportAll(found, settings, now, report);
    },
  };
}

function stackPolicy(guarantee: StackGuarantee<object>, now: Clock): StackValidationPolicy {
  return {
    ...describe(guarantee),
    validateStack: (args, report) => {
      const settings = settingsOf(schemaOf(guarantee), args.getConfig());
      const findings = contained(() =>
        guarantee.judgeStack(judgedStack(args.resources.map(judgedResource)), settings),
      );
      reportAll(findings, settings, now, report);
    },
  };
}

function describe(guarantee: AnyGuarantee) {
  const { name, description, remediation, severity, url, isAdvisory = false } = guarantee;
  return {
    name,
    description,
    remediationSteps: remediation,
    severity,
    url,
    enforcementLevel: isAdvisory ? ("advisory" as const) : ("mandatory" as const),
    configSchema: { properties: schemaOf(guarantee) },
  };
}

/** Its own settings, and those that every guarantee has. */
function schemaOf({ settings }: Pick<AnyGuarantee, "settings">): SettingsSchema<CommonSettings> {
  return { ...settings, ...commonSettings };
}

/** What cannot be judged is not guaranteed. */
function contained<Found extends Finding>(judge: () => Found[]): (Found | Finding)[] {
  try {
    return judge();
  } catch {
    return [
      {
        fault: "cannot be judged",
        remedy: "Write it as the documentation of Kubernetes describes it.",
      },
    ];
  }
}

function reportAll(
  findings: readonly StackFinding[],
  { exceptions }: CommonSettings,
  now: Clock,
  report: ReportViolation,
): void {
  for (const finding of findings) {
    const { resource } = finding;
    const excuse = resource === undefined ? "none" : excuseFor(resource, exceptions, now());
    if (excuse !== "excused") {
      const expiry = excuse === "expired" ? ` The exception for it does not hold (any more).` : "";
      report(messageOf(finding) + expiry, resource?.urn);
    }
  }
}

/** `Role shop: rules[0].verbs has *. List the verbs.` */
export function messageOf({ resource, property, fault, remedy }: StackFinding): string {
  const subject = resource === undefined ? "The stack" : `${kindOf(resource)} ${resource.name}`;
  const place = property === undefined ? " " : `: ${property} `;
  return `${subject}${place}${fault}. ${remedy}`;
}

function kindOf({ type }: ConcernedResource): string {
  return type.split(":").at(-1) ?? type;
}

import {
  type Policies,
  type ReportViolation,
  type ResourceValidationPolicy,
  type StackValidationPolicy,
} from "@pulumi/policy";
import { excuseFor } from "./exceptions";
import {
  type Finding,
  type ResourceGuarantee,
  type StackFinding,
  type StackGuarantee,
} from "./guarantee";
import { type JudgedResource, judgedResource } from "./judgedResource";
import { judgedStack } from "./judgedStack";
import { type CommonSettings, commonSettings, settingsOf, type SettingsSchema } from "./settings";

/** Any guarantee, whatever its settings are. */
export type AnyGuarantee = ResourceGuarantee<object> | StackGuarantee<object>;

/** What the pack has from outside. */
export interface Surroundings {
  /** The present instant, as RFC 3339 in UTC to the second. */
  readonly now: () => string;
  /** Tells whoever looks at the run something that is no violation. */
  readonly tell: (line: string) => void;
}

/** The guarantees as Pulumi's policies. */
export function policiesOf(
  guarantees: readonly AnyGuarantee[],
  surroundings: Surroundings,
): Policies {
  return guarantees.map((guarantee) =>
    "judge" in guarantee
      ? resourcePolicy(guarantee, surroundings)
      : stackPolicy(guarantee, surroundings),
  );
}

function resourcePolicy(
  guarantee: ResourceGuarantee<object>,
  surroundings: Surroundings,
): ResourceValidationPolicy {
  return {
    ...describe(guarantee),
    validateResource: (args, report) => {
      const settings = readSettings(guarantee, args.getConfig());
      const resource = judgedResource(args);
      const findings = contained(() => guarantee.judge(resource, settings));
      reportAll(
        guarantee.name,
        findings.map((finding) => ({ ...finding, resource })),
        settings,
        surroundings,
        report,
      );
    },
  };
}

function stackPolicy(
  guarantee: StackGuarantee<object>,
  surroundings: Surroundings,
): StackValidationPolicy {
  return {
    ...describe(guarantee),
    validateStack: (args, report) => {
      const settings = readSettings(guarantee, args.getConfig());
      const stack = judgedStack(args.resources.map(judgedResource));
      const findings = contained(() => guarantee.judgeStack(stack, settings));
      reportAll(guarantee.name, findings, settings, surroundings, report);
    },
  };
}

function describe(guarantee: AnyGuarantee) {
  const { name, description, remediation, severity, url, isAdvisory = false, settings } = guarantee;
  return {
    name,
    description,
    remediationSteps: remediation,
    severity,
    url,
    enforcementLevel: isAdvisory ? ("advisory" as const) : ("mandatory" as const),
    configSchema: { properties: { ...settings, ...commonSettings } },
  };
}

/**
 * What was configured, over the defaults.
 *
 * @throws Error when a key is not known: a setting with a typing error must not be ignored.
 */
function readSettings(
  { name, settings }: { readonly name: string; readonly settings: SettingsSchema<object> },
  configured: object,
): CommonSettings {
  const schema: SettingsSchema<CommonSettings> = { ...settings, ...commonSettings };
  const unknown = Object.keys(configured).filter((key) => !Object.hasOwn(schema, key));
  if (unknown.length > 0) {
    const known = Object.keys(schema).join(", ");
    throw new Error(
      `The configuration of the policy ${name} has no setting ${unknown.join(", ")}. Known are ${known}.`,
    );
  }
  return settingsOf(schema, configured);
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
  name: string,
  findings: readonly StackFinding[],
  { exceptions }: CommonSettings,
  { now, tell }: Surroundings,
  report: ReportViolation,
): void {
  for (const finding of findings) {
    const { resource } = finding;
    const excuse =
      resource === undefined ? { kind: "none" as const } : excuseFor(resource, exceptions, now());
    if (excuse.kind === "excused") {
      const { reason, expiresAt } = excuse.exception;
      tell(`${name}: ${resource?.name} is excepted until ${expiresAt}: ${reason}`);
    } else {
      const expiry =
        excuse.kind === "expired" ? ` The exception for it does not hold (any more).` : "";
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

function kindOf({ type }: JudgedResource): string {
  return type.split(":").at(-1) ?? type;
}

import { printable } from "../console";

/** What Pulumi's engine tells of a run, in the parts that are used; each event has one of them. */
export interface EngineEvent {
  readonly diagnosticEvent?: Diagnostic;
  readonly policyEvent?: PolicyViolation;
  readonly resourcePreEvent?: { readonly metadata: Step };
  readonly resOutputsEvent?: { readonly metadata: Step };
  readonly resOpFailedEvent?: { readonly metadata: Step };
  readonly summaryEvent?: {
    readonly durationSeconds: number;
    readonly resourceChanges?: Readonly<Record<string, number>>;
  };
}

/** A word of the engine, a provider or the program. */
export interface Diagnostic {
  readonly severity: "debug" | "info" | "info#err" | "warning" | "error";
  readonly message: string;
  readonly urn?: string;
  readonly ephemeral?: boolean;
}

/** What a policy pack objects to. */
export interface PolicyViolation {
  readonly policyName: string;
  readonly enforcementLevel: "advisory" | "mandatory" | "remediate" | "disabled";
  readonly message: string;
  readonly resourceUrn?: string;
}

/** One change of one resource. */
export interface Step {
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  readonly new?: { readonly outputs?: Readonly<Record<string, unknown>> } | null;
}

/** The event in a line of Pulumi's JSON, its texts printable; `undefined` for a line that is none. */
export function eventIn(line: string): EngineEvent | undefined {
  try {
    return line.startsWith("{") ? (JSON.parse(line, withPrintable) as EngineEvent) : undefined;
  } catch {
    return undefined;
  }
}

/** Whatever speaks through the engine, its words come in here. */
function withPrintable(_key: string, value: unknown): unknown {
  return typeof value === "string" ? printable(value) : value;
}

/** The logical name of a resource, at the end of its URN. */
export function nameOfUrn(urn: string): string {
  return urn.split("::").at(-1) ?? urn;
}

/** The type of a resource, the last but one part of its URN, without those of its parents. */
export function typeOfUrn(urn: string): string {
  return urn.split("::").at(-2)?.split("$").at(-1) ?? "";
}

/** Text without the marks by which Pulumi colours it. */
export function withoutColours(text: string): string {
  return text.replace(/<\{%[^%]*%\}>/g, "");
}

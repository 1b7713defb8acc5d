/** Something that the Kubernetes provider can be told to do, and must not be. */
export interface ProviderOption {
  /** The provider's property. `kubernetes:<name>` configures it for the default provider. */
  readonly name: string;
  /** The environment variable by which it is told, if there is one. */
  readonly variable?: string;
  /** What comes of it, as it goes on after the option's name. */
  readonly fault: string;
  /** The values that ask for nothing of it, as texts. Left out, it is harmless too. */
  readonly harmless: readonly string[];
}

const off: readonly string[] = ["", "false"];

/**
 * What must not be told to a provider. What a stack makes is its own, and stays known to it. The
 * provider reads texts: `"true"` is true, and anything else is false; no rule here relies on that.
 * See https://www.pulumi.com/registry/packages/kubernetes/installation-configuration/
 */
export const providerOptions: readonly ProviderOption[] = [
  {
    name: "upsertExistingObjects",
    variable: "PULUMI_K8S_UPSERT_EXISTING_OBJECTS",
    fault: "lets the stack take over objects that somebody else made",
    harmless: off,
  },
  {
    name: "enablePatchForce",
    variable: "PULUMI_K8S_ENABLE_PATCH_FORCE",
    fault: "lets the stack overwrite what others have set",
    harmless: off,
  },
  {
    name: "renderYamlToDirectory",
    fault: "lets objects be written to files, so that no wall is ever made",
    harmless: [""],
  },
  {
    name: "skipUpdateUnreachable",
    variable: "PULUMI_K8S_SKIP_UPDATE_UNREACHABLE",
    fault: "lets an update succeed that changed nothing",
    harmless: off,
  },
  {
    name: "deleteUnreachable",
    variable: "PULUMI_K8S_DELETE_UNREACHABLE",
    fault: "lets the stack forget objects that are still there",
    harmless: off,
  },
  {
    name: "enableServerSideApply",
    variable: "PULUMI_K8S_ENABLE_SERVER_SIDE_APPLY",
    fault: "lets updates overwrite what others have set, without a conflict",
    harmless: ["true"],
  },
];

/** Whether a provider that is told this does nothing of it. */
export function isHarmless({ harmless }: ProviderOption, value: unknown): boolean {
  return (
    value === undefined || value === null || (isPlain(value) && harmless.includes(String(value)))
  );
}

function isPlain(value: unknown): value is boolean | string {
  return typeof value === "boolean" || typeof value === "string";
}

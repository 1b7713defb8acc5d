import type { ConfigureRequest } from "@pulumi/pulumi/proto/provider_pb";
import type { KubeconfigOverrides } from "./kubeconfig";

/** What can be set on the provider. */
export interface Settings {
  /** Content or path; undefined for the one kubectl would use. */
  kubeconfig: string | undefined;
  overrides: KubeconfigOverrides;
  deleteUnreachable: boolean;
  skipUpdateUnreachable: boolean;
  upsertExistingObjects: boolean;
  enablePatchForce: boolean;
}

/** Reads the configuration of the provider, with the environment as second choice. */
export function readSettings(request: ConfigureRequest): Settings {
  const variables = request.getVariablesMap();
  const value = (name: string) => {
    const set = variables.get(`kubernetes:config:${name}`);
    return set === undefined || set === "" ? undefined : set;
  };
  const flag = (name: string, variable: string) =>
    (variables.get(`kubernetes:config:${name}`) ?? process.env[variable]) === "true";
  return {
    kubeconfig: value("kubeconfig"),
    overrides: {
      context: value("context"),
      cluster: value("cluster"),
      namespace: value("namespace"),
    },
    deleteUnreachable: flag("deleteUnreachable", "PULUMI_K8S_DELETE_UNREACHABLE"),
    skipUpdateUnreachable: flag("skipUpdateUnreachable", "PULUMI_K8S_SKIP_UPDATE_UNREACHABLE"),
    upsertExistingObjects: flag("upsertExistingObjects", "PULUMI_K8S_UPSERT_EXISTING_OBJECTS"),
    enablePatchForce: flag("enablePatchForce", "PULUMI_K8S_ENABLE_PATCH_FORCE"),
  };
}

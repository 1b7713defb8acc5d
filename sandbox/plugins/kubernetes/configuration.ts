import { isDeepStrictEqual } from "node:util";
import { type DiffRequest, DiffResponse } from "@pulumi/pulumi/proto/provider_pb";
import { fromStruct, type PlainObject, Unknown, withoutSecrets } from "../properties";
import { activeCluster, parseKubeconfig } from "./kubeconfig";

const connecting = ["kubeconfig", "context", "cluster"];
const identifier = "clusterIdentifier";

/**
 * Compares configurations of the provider. Everything it manages is replaced when it is led to
 * another cluster; other credentials for the same cluster change nothing.
 */
export function diffConfiguration(request: DiffRequest): DiffResponse {
  const old = withoutSecrets(fromStruct(request.getOlds()));
  const wanted = withoutSecrets(fromStruct(request.getNews()));
  const keys = new Set([...Object.keys(old), ...Object.keys(wanted)]);
  const changed = [...keys].filter((key) => !isDeepStrictEqual(old[key], wanted[key]));
  const response = new DiffResponse();
  if (changed.length === 0) {
    response.setChanges(DiffResponse.DiffChanges.DIFF_NONE);
    return response;
  }
  response.setChanges(DiffResponse.DiffChanges.DIFF_SOME);
  response.setDiffsList(changed);
  response.setReplacesList(replaced(old, wanted, changed));
  return response;
}

function replaced(old: PlainObject, wanted: PlainObject, changed: string[]): string[] {
  if (old[identifier] !== undefined && wanted[identifier] !== undefined) {
    return changed.filter((key) => key === identifier);
  }
  const unknown = connecting.filter((key) => wanted[key] instanceof Unknown);
  if (unknown.length > 0) {
    return unknown;
  }
  const [before, after] = [old, wanted].map(clusterOf);
  const moved = before !== undefined && after !== undefined && !isDeepStrictEqual(before, after);
  return moved ? changed.filter((key) => connecting.includes(key)) : [];
}

function clusterOf(configuration: PlainObject) {
  const { kubeconfig, context, cluster } = configuration;
  if (kubeconfig === undefined || kubeconfig === null || kubeconfig === "") {
    return undefined;
  }
  const content = typeof kubeconfig === "string" ? kubeconfig : JSON.stringify(kubeconfig);
  return activeCluster(parseKubeconfig(content), {
    context: typeof context === "string" ? context : undefined,
    cluster: typeof cluster === "string" ? cluster : undefined,
  });
}

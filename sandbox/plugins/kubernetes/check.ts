import { type CheckRequest, CheckResponse } from "@pulumi/pulumi/proto/provider_pb";
import { PluginError } from "../pluginServer";
import { fromStruct, toStruct } from "../properties";
import { toKubernetesObject, toProperties } from "./checkpoint";
import { adoptName, assignName, isNamed } from "./naming";
import { normalize } from "./normalize";
import { child, type KubernetesObject, objectType, text, valueAt, withMetadata } from "./object";
import { markSecrets } from "./secrets";
import type { Session } from "./session";
import { isPatchResource, objectTypeOfToken, typeToken } from "./urn";

const unsupported = /^kubernetes:(helm\.sh|kustomize|yaml)\b/;

/** Completes the inputs of a resource: type, name and namespace. */
export async function check(session: Session, request: CheckRequest): Promise<CheckResponse> {
  const urn = request.getUrn();
  if (session.cluster === undefined && session.settings.skipUpdateUnreachable) {
    session.log.warn(
      urn,
      "Cluster is unreachable but skipUpdateUnreachable flag is set to true, skipping...",
    );
    return new CheckResponse().setInputs(request.getOlds());
  }
  if (unsupported.test(typeToken(urn))) {
    throw new PluginError(`the sandbox's Kubernetes provider has no ${typeToken(urn)}`);
  }
  const news = fromStruct(request.getNews());
  const typed = normalize(withType(urn, toKubernetesObject(news)));
  const inputs = await withNamespace(session, withName(request, typed));
  return new CheckResponse().setInputs(toStruct(markSecrets(toProperties(inputs), news)));
}

function withType(urn: string, inputs: KubernetesObject): KubernetesObject {
  const { apiVersion, kind } = objectTypeOfToken(typeToken(urn));
  return { apiVersion, kind: kind.replace(/Patch$/, ""), ...inputs };
}

function withName(request: CheckRequest, inputs: KubernetesObject): KubernetesObject {
  if (isPatchResource(request.getUrn(), text(inputs, "kind")) && !isNamed(inputs)) {
    throw new PluginError("patch resources require the `.metadata.name` field to be set");
  }
  if (!isNamed(inputs) && child(inputs, "metadata")["generateName"] !== undefined) {
    throw new PluginError(
      "the `.metadata.generateName` field is not supported in Server-Side Apply mode",
    );
  }
  const old = toKubernetesObject(fromStruct(request.getOlds()));
  return Object.keys(old).length > 0 ? adoptName(inputs, old) : assignName(request, inputs);
}

async function withNamespace(
  session: Session,
  inputs: KubernetesObject,
): Promise<KubernetesObject> {
  const { cluster } = session;
  if (cluster === undefined || valueAt(inputs, ["metadata", "namespace"]) !== undefined) {
    return inputs;
  }
  const resource = await cluster.discovery.find(objectType(inputs));
  // A type that is not there yet is probably a custom one, and most of those are namespaced.
  return resource?.namespaced === false
    ? inputs
    : withMetadata(inputs, { namespace: cluster.defaultNamespace });
}

import { once } from "node:events";
import { type IncomingMessage } from "node:http";
import { request, type RequestOptions } from "node:https";
import { KubeConfig } from "@kubernetes/client-node";

/** The HTTP status of a read with the credentials of a kubeconfig, in the name of an administrator. */
export async function statusAsAdministrator(kubeconfig: string, path: string): Promise<number> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const impersonation = { "Impersonate-User": "admin", "Impersonate-Group": "system:masters" };
  const headers = { ...(options.headers as Record<string, string>), ...impersonation };
  const url = new URL(path, config.getCurrentCluster()?.server);
  const sent = request(url, { ...options, headers }).end();
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  response.resume();
  return response.statusCode ?? 0;
}

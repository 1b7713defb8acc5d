import { KubernetesApi } from "secure-environment-sandbox";

const headers = { "Impersonate-User": "admin", "Impersonate-Group": "system:masters" };

/** The HTTP status of a read with the credentials of a kubeconfig, in the name of an administrator. */
export async function statusAsAdministrator(kubeconfig: string, path: string): Promise<number> {
  const api = new KubernetesApi(kubeconfig);
  const { status } = await api.request("GET", path, undefined, { headers });
  api.close();
  return status;
}

import { type Cluster, chosenCluster, type KubeconfigChoice } from "./kubeconfig";
import { readNamed } from "./namedFiles";

/** The entry of a cluster in a kubeconfig, with what all may know of it. */
export interface PublicCluster {
  readonly server: string;
  readonly "certificate-authority-data"?: string;
  readonly "tls-server-name"?: string;
  readonly "insecure-skip-tls-verify"?: true;
  readonly "proxy-url"?: string;
}

/**
 * The chosen cluster as a kubeconfig of other users may have it: its address, and the certificates by which
 * it proves who it is, in the entry itself. Nothing of a user, and nothing else that lies in these files.
 *
 * @throws Error when the choice leads nowhere, or the cluster's proxy has a user in its address.
 */
export function publicCluster(choice: KubeconfigChoice): PublicCluster {
  const { cluster } = chosenCluster(choice);
  const authority = certificatesOf(cluster);
  const proxy = proxyOf(cluster);
  return {
    server: cluster.server,
    ...(authority && { "certificate-authority-data": authority }),
    ...(cluster["tls-server-name"] && { "tls-server-name": cluster["tls-server-name"] }),
    ...(cluster["insecure-skip-tls-verify"] === true && { "insecure-skip-tls-verify": true }),
    ...(proxy && { "proxy-url": proxy }),
  };
}

const certificate = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/** A file of certificates may have a key beside them, which is left out. */
function certificatesOf(cluster: Cluster): string | undefined {
  const data = cluster["certificate-authority-data"];
  const path = cluster["certificate-authority"];
  const content = data
    ? Buffer.from(data, "base64")
    : path
      ? readNamed("certificate-authority", path)
      : undefined;
  const found = content?.toString("latin1").match(certificate);
  return found ? Buffer.from(`${found.join("\n")}\n`).toString("base64") : undefined;
}

/** A field that only Kubernetes' own client reads. */
function proxyOf(cluster: Cluster & { readonly "proxy-url"?: unknown }): string | undefined {
  const proxy = cluster["proxy-url"];
  if (typeof proxy !== "string" || proxy === "") {
    return undefined;
  }
  if (!URL.canParse(proxy) || new URL(proxy).username !== "" || new URL(proxy).password !== "") {
    throw new Error(
      "the proxy of its cluster has a user in its address, or is no address; credentials are not copied",
    );
  }
  return proxy;
}

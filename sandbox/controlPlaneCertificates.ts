import { join } from "node:path";

import {
  type CertificateRequest,
  createAuthority,
  createSigningKey,
  issueCertificate,
  type KeyPair,
} from "./certificates";
import { writePrivateFile } from "./state";

/** Files of a certificate and its key. */
export interface KeyPairFiles {
  readonly certificate: string;
  readonly key: string;
}

/** All keys that a control plane starts with: paths where its parts read files, PEM otherwise. */
export interface ControlPlaneCertificates {
  readonly etcdAuthorityFile: string;
  readonly etcdServerFiles: KeyPairFiles;
  readonly etcdClientFiles: KeyPairFiles;
  readonly etcdAuthority: string;
  readonly etcdClient: KeyPair;
  readonly serverAuthorityFile: string;
  readonly serverAuthority: string;
  readonly serverFiles: KeyPairFiles;
  /** With these the API server asks kubelets. */
  readonly kubeletClientFiles: KeyPairFiles;
  /** Signs the certificate of another server that the API server has to trust. */
  readonly issueServerCertificate: (
    request: Pick<CertificateRequest, "commonName" | "hosts">,
  ) => Promise<KeyPair>;
  readonly clientAuthorityFile: string;
  readonly clientAuthority: KeyPair;
  readonly tokenPublicKeyFile: string;
  readonly tokenPrivateKeyFile: string;
}

const serverHosts = [
  "127.0.0.1",
  "localhost",
  "kubernetes",
  "kubernetes.default",
  "kubernetes.default.svc",
  "kubernetes.default.svc.cluster.local",
];

/** Paths of the authority that signs the certificates of users. */
export function clientAuthorityFiles(directory: string): KeyPairFiles {
  return filesOf(directory, "client-authority");
}

/**
 * Makes every key of a control plane. There are three authorities, so that a certificate of a
 * Kubernetes user opens neither etcd nor passes for the API server; the keys of two are never
 * written down.
 *
 * @param otherHosts addresses that the API server answers to, apart from loopback. Default none.
 */
export async function createControlPlaneCertificates(
  directory: string,
  otherHosts: readonly string[] = [],
): Promise<ControlPlaneCertificates> {
  const [etcdAuthority, serverAuthority, clientAuthority, tokenKey] = await Promise.all([
    createAuthority("sandbox etcd authority"),
    createAuthority("sandbox server authority"),
    createAuthority("sandbox client authority"),
    createSigningKey(),
  ]);
  const [etcdServer, etcdClient, server, kubeletClient] = await Promise.all([
    issueCertificate(etcdAuthority, {
      commonName: "etcd",
      usages: ["server", "client"],
      hosts: ["127.0.0.1"],
    }),
    issueCertificate(etcdAuthority, { commonName: "kube-apiserver", usages: ["client"] }),
    issueCertificate(serverAuthority, {
      commonName: "kube-apiserver",
      usages: ["server"],
      hosts: [...serverHosts, ...otherHosts],
    }),
    issueCertificate(clientAuthority, {
      commonName: "kube-apiserver-kubelet-client",
      usages: ["client"],
    }),
  ]);
  const write = (name: string, content: string): string => {
    const path = join(directory, name);
    writePrivateFile(path, content);
    return path;
  };
  return {
    etcdAuthority: etcdAuthority.certificate,
    etcdAuthorityFile: write("etcd-authority.crt", etcdAuthority.certificate),
    etcdServerFiles: writeKeyPair(directory, "etcd-server", etcdServer),
    etcdClientFiles: writeKeyPair(directory, "etcd-client", etcdClient),
    etcdClient,
    serverAuthority: serverAuthority.certificate,
    serverAuthorityFile: write("server-authority.crt", serverAuthority.certificate),
    serverFiles: writeKeyPair(directory, "server", server),
    kubeletClientFiles: writeKeyPair(directory, "kubelet-client", kubeletClient),
    issueServerCertificate: (request) =>
      issueCertificate(serverAuthority, { ...request, usages: ["server"] }),
    clientAuthority,
    clientAuthorityFile: writeKeyPair(directory, "client-authority", clientAuthority).certificate,
    tokenPublicKeyFile: write("tokens.pub", tokenKey.publicKey),
    tokenPrivateKeyFile: write("tokens.key", tokenKey.privateKey),
  };
}

/** Writes a certificate and its key, for this user only. */
export function writeKeyPair(directory: string, name: string, pair: KeyPair): KeyPairFiles {
  const files = filesOf(directory, name);
  writePrivateFile(files.certificate, pair.certificate);
  writePrivateFile(files.key, pair.key);
  return files;
}

function filesOf(directory: string, name: string): KeyPairFiles {
  return { certificate: join(directory, `${name}.crt`), key: join(directory, `${name}.key`) };
}

import type { ControlPlaneCertificates } from "./controlPlaneCertificates";
import type { StatePaths } from "./state";

/** The command line of etcd: loopback only, TLS with client certificates, nothing kept safe. */
export function etcdArguments(
  paths: StatePaths,
  certificates: ControlPlaneCertificates,
  port: number,
): readonly string[] {
  const { certificate, key } = certificates.etcdServerFiles;
  // There is one member only, so no member connects to the peer's port: the kernel may choose it.
  const [clientUrl, peerUrl] = [`https://127.0.0.1:${port}`, "https://127.0.0.1:0"];
  return [
    "--name=sandbox",
    `--data-dir=${paths.etcdData}`,
    "--unsafe-no-fsync",
    `--listen-client-urls=${clientUrl}`,
    `--advertise-client-urls=${clientUrl}`,
    `--listen-peer-urls=${peerUrl}`,
    `--initial-advertise-peer-urls=${peerUrl}`,
    `--initial-cluster=sandbox=${peerUrl}`,
    `--cert-file=${certificate}`,
    `--key-file=${key}`,
    `--trusted-ca-file=${certificates.etcdAuthorityFile}`,
    "--client-cert-auth",
    `--peer-cert-file=${certificate}`,
    `--peer-key-file=${key}`,
    `--peer-trusted-ca-file=${certificates.etcdAuthorityFile}`,
    "--peer-client-cert-auth",
  ];
}

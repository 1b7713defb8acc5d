import type { ControlPlaneCertificates } from "./controlPlaneCertificates";

/** The command line of the controller manager: its usual controllers, no port of its own. */
export function kubeControllerManagerArguments(
  certificates: ControlPlaneCertificates,
  kubeconfigFile: string,
  extraArguments: readonly string[],
): readonly string[] {
  return [
    `--kubeconfig=${kubeconfigFile}`,
    "--secure-port=0",
    "--leader-elect=false",
    // The default of 20 requests a second spares clusters with many nodes; here it only delays.
    "--kube-api-qps=500",
    "--kube-api-burst=500",
    "--use-service-account-credentials",
    `--service-account-private-key-file=${certificates.tokenPrivateKeyFile}`,
    `--root-ca-file=${certificates.serverAuthorityFile}`,
    "--profiling=false",
    ...extraArguments,
  ];
}

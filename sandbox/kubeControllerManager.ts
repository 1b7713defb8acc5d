import { componentArguments } from "./componentArguments";
import type { ControlPlaneCertificates } from "./controlPlaneCertificates";

/** The command line of the controller manager: its usual controllers, no port of its own. */
export function kubeControllerManagerArguments(
  certificates: ControlPlaneCertificates,
  kubeconfigFile: string,
  extraArguments: readonly string[],
): readonly string[] {
  return [
    ...componentArguments(kubeconfigFile),
    "--use-service-account-credentials",
    `--service-account-private-key-file=${certificates.tokenPrivateKeyFile}`,
    `--root-ca-file=${certificates.serverAuthorityFile}`,
    ...extraArguments,
  ];
}

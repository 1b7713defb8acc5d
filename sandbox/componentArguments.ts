/** What every component gets that does its work by the API server alone: no port of its own, no rival. */
export function componentArguments(kubeconfigFile: string): readonly string[] {
  return [
    `--kubeconfig=${kubeconfigFile}`,
    "--secure-port=0",
    "--leader-elect=false",
    // The defaults of 20 or 50 requests a second spare clusters with many nodes; here they only delay.
    "--kube-api-qps=500",
    "--kube-api-burst=500",
    "--profiling=false",
  ];
}

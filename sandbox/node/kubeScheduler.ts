/** The command line of the scheduler: its usual plugins, no port of its own. */
export function kubeSchedulerArguments(kubeconfigFile: string): readonly string[] {
  return [
    `--kubeconfig=${kubeconfigFile}`,
    "--secure-port=0",
    "--leader-elect=false",
    // The default of 50 requests a second spares clusters with many nodes; here it only delays.
    "--kube-api-qps=500",
    "--kube-api-burst=500",
    "--profiling=false",
  ];
}

import { type KubernetesResponse } from "secure-environment-kubernetes";

/** How admission plugins of Kubernetes 1.36 refuse what they are probed with. */
export const pluginRefusals: Readonly<Record<string, KubernetesResponse>> = {
  PodSecurity: refusal(
    422,
    'Namespace "secure-environment-probe" is invalid: metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: "bogus": must be one of privileged, baseline, restricted',
  ),
  Priority: refusal(
    403,
    'pods "secure-environment-probe" is forbidden: no PriorityClass with name secure-environment-probe was found',
  ),
  ServiceAccount: refusal(
    403,
    'pods "secure-environment-probe" is forbidden: error looking up service account default/secure-environment-probe: serviceaccount "secure-environment-probe" not found',
  ),
};

function refusal(status: number, message: string): KubernetesResponse {
  return { status, body: { message } };
}

import type { ControlPlaneCertificates } from "./controlPlaneCertificates";
import { serviceRange } from "./node/nodePlan";

/** What is written down about each request: who, what and the outcome, never a body. */
export const auditPolicy = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
  - level: Metadata
`;

/**
 * On top of the API server's own defaults: what real clusters run, and what holds pods on the nodes
 * of their namespace where it has the annotations for that.
 */
const admissionPlugins = ["NodeRestriction", "PodNodeSelector", "PodTolerationRestriction"];

const issuer = "https://kubernetes.default.svc.cluster.local";

/** The command line of the API server. */
export function kubeApiServerArguments(options: {
  readonly certificates: ControlPlaneCertificates;
  readonly bindAddress: string;
  /** Goes into the endpoints of the service `kubernetes`, where loopback is refused. */
  readonly advertiseAddress: string;
  readonly port: number;
  readonly etcdPort: number;
  readonly auditPolicyFile: string;
  readonly auditLog: string;
  readonly extraAdmissionPlugins: readonly string[];
  readonly extraArguments: readonly string[];
}): readonly string[] {
  const { certificates } = options;
  return [
    `--etcd-servers=https://127.0.0.1:${options.etcdPort}`,
    `--etcd-cafile=${certificates.etcdAuthorityFile}`,
    `--etcd-certfile=${certificates.etcdClientFiles.certificate}`,
    `--etcd-keyfile=${certificates.etcdClientFiles.key}`,
    `--bind-address=${options.bindAddress}`,
    `--secure-port=${options.port}`,
    `--advertise-address=${options.advertiseAddress}`,
    `--tls-cert-file=${certificates.serverFiles.certificate}`,
    `--tls-private-key-file=${certificates.serverFiles.key}`,
    `--client-ca-file=${certificates.clientAuthorityFile}`,
    `--kubelet-certificate-authority=${certificates.serverAuthorityFile}`,
    `--kubelet-client-certificate=${certificates.kubeletClientFiles.certificate}`,
    `--kubelet-client-key=${certificates.kubeletClientFiles.key}`,
    "--kubelet-preferred-address-types=InternalIP",
    "--anonymous-auth=false",
    "--authorization-mode=Node,RBAC",
    `--enable-admission-plugins=${[...admissionPlugins, ...options.extraAdmissionPlugins].join(",")}`,
    // As on real clusters: what privileged pods are refused by is Pod Security, not this switch.
    "--allow-privileged=true",
    `--service-cluster-ip-range=${serviceRange}`,
    `--service-account-issuer=${issuer}`,
    `--service-account-key-file=${certificates.tokenPublicKeyFile}`,
    `--service-account-signing-key-file=${certificates.tokenPrivateKeyFile}`,
    `--audit-policy-file=${options.auditPolicyFile}`,
    `--audit-log-path=${options.auditLog}`,
    "--profiling=false",
    ...options.extraArguments,
  ];
}

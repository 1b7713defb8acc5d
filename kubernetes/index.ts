export { type Access, accessTo, staticAccess } from "./access";
export { chosenCluster, type KubeconfigChoice } from "./kubeconfig";
export {
  type ConnectionOptions,
  KubernetesApi,
  type KubernetesRequestOptions,
  type KubernetesResponse,
  type KubernetesWatchEvent,
  NoAnswerError,
} from "./kubernetesApi";
export { firstLine, messageOf } from "./messages";
export { NoCredentialError } from "./namedFiles";
export { type PublicCluster, publicCluster } from "./publicCluster";
export { type PortForwarder, portForwarder } from "./portForward";

export { type Access, accessTo, kubeConfigOf } from "./access";
export { type KubeconfigChoice } from "./kubeconfig";
export { type Answer, firstLine, messageOf, type RequestDetails, send } from "./requests";

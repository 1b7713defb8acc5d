import { compliantPod } from "../workloads";

/**
 * The containers that meshes put into pods, as far as Pod Security judges them: after linkerd2
 * `charts/partials/templates/_proxy-init.tpl`, `_network-validator.tpl` and `_proxy.tpl`, and
 * istio `pkg/kube/inject/testdata/inject/hello.yaml.injected` and `hello.yaml.cni.injected`, all
 * of August 2026.
 */

const seccompProfile = { type: "RuntimeDefault" };
const dropAll = { drop: ["ALL"] };

const linkerdInit = {
  name: "linkerd-init",
  image: "cr.l5d.io/linkerd/proxy:edge",
  securityContext: {
    allowPrivilegeEscalation: false,
    capabilities: { add: ["NET_ADMIN", "NET_RAW"] },
    privileged: false,
    readOnlyRootFilesystem: true,
    runAsGroup: 65534,
    runAsNonRoot: true,
    runAsUser: 65534,
    seccompProfile,
  },
};

const linkerdNetworkValidator = {
  name: "linkerd-network-validator",
  image: "cr.l5d.io/linkerd/proxy:edge",
  securityContext: {
    allowPrivilegeEscalation: false,
    capabilities: dropAll,
    readOnlyRootFilesystem: true,
    runAsGroup: 65534,
    runAsNonRoot: true,
    runAsUser: 65534,
    seccompProfile,
  },
};

const linkerdProxy = {
  name: "linkerd-proxy",
  image: "cr.l5d.io/linkerd/proxy:edge",
  restartPolicy: "Always",
  securityContext: {
    allowPrivilegeEscalation: false,
    capabilities: dropAll,
    readOnlyRootFilesystem: true,
    runAsGroup: 2102,
    runAsNonRoot: true,
    runAsUser: 2102,
    seccompProfile,
  },
};

const istioInit = {
  name: "istio-init",
  image: "registry.istio.io/release/proxyv2:1",
  securityContext: {
    allowPrivilegeEscalation: false,
    capabilities: { add: ["NET_ADMIN", "NET_RAW"], drop: ["ALL"] },
    privileged: false,
    readOnlyRootFilesystem: false,
    runAsGroup: 0,
    runAsNonRoot: false,
    runAsUser: 0,
  },
};

const istioUnprivileged = {
  image: "registry.istio.io/release/proxyv2:1",
  securityContext: {
    allowPrivilegeEscalation: false,
    capabilities: dropAll,
    privileged: false,
    readOnlyRootFilesystem: true,
    runAsGroup: 1337,
    runAsNonRoot: true,
    runAsUser: 1337,
  },
};

const istioValidation = { ...istioUnprivileged, name: "istio-validation" };
const istioProxy = { ...istioUnprivileged, name: "istio-proxy", restartPolicy: "Always" };

function injected(name: string, initContainers: readonly object[]) {
  const pod = compliantPod(name);
  return { ...pod, spec: { ...pod.spec, initContainers } };
}

/** Compliant pods as the meshes change them, without their CNI plugins and with them. */
export const injectedPods = {
  linkerd: {
    withoutPlugin: injected("linkerd-init", [linkerdInit, linkerdProxy]),
    withPlugin: injected("linkerd-cni", [linkerdNetworkValidator, linkerdProxy]),
  },
  istio: {
    withoutPlugin: injected("istio-init", [istioInit, istioProxy]),
    withPlugin: injected("istio-cni", [istioValidation, istioProxy]),
  },
};

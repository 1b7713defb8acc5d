import { clusterDnsAddress, clusterDomain } from "./nodePlan";

const namespace = "kube-system";
const name = "coredns";
// Network policies find the resolver by this label, on every cluster.
const labels = { "k8s-app": "kube-dns" };
const rbac = "rbac.authorization.k8s.io";

const corefile = `${clusterDomain}:53 in-addr.arpa:53 ip6.arpa:53 {
    errors
    health
    ready
    kubernetes ${clusterDomain} in-addr.arpa ip6.arpa {
        pods insecure
        ttl 30
    }
    cache 30
}
# No other names exist here, and none is asked for elsewhere.
.:53 {
    errors
    template ANY ANY {
        rcode NXDOMAIN
    }
}
`;

/** The resolver as kubeadm installs it, in one copy: objects by the path that each is created at. */
export function coreDnsObjects(
  image: string,
): readonly (readonly [path: string, object: object])[] {
  return [
    [
      `/api/v1/namespaces/${namespace}/serviceaccounts`,
      { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace } },
    ],
    [`/apis/${rbac}/v1/clusterroles`, clusterRole],
    [`/apis/${rbac}/v1/clusterrolebindings`, clusterRoleBinding],
    [
      `/api/v1/namespaces/${namespace}/configmaps`,
      {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name, namespace },
        data: { Corefile: corefile },
      },
    ],
    [`/apis/apps/v1/namespaces/${namespace}/deployments`, deployment(image)],
    [`/api/v1/namespaces/${namespace}/services`, service],
  ];
}

const clusterRole = {
  apiVersion: `${rbac}/v1`,
  kind: "ClusterRole",
  metadata: { name: "system:coredns" },
  rules: [
    {
      apiGroups: [""],
      resources: ["endpoints", "services", "pods", "namespaces"],
      verbs: ["list", "watch"],
    },
    { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["list", "watch"] },
  ],
};

const clusterRoleBinding = {
  apiVersion: `${rbac}/v1`,
  kind: "ClusterRoleBinding",
  metadata: { name: "system:coredns" },
  roleRef: { apiGroup: rbac, kind: "ClusterRole", name: "system:coredns" },
  subjects: [{ kind: "ServiceAccount", name, namespace }],
};

const service = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "kube-dns", namespace, labels },
  spec: {
    selector: labels,
    clusterIP: clusterDnsAddress,
    ports: [
      { name: "dns", port: 53, protocol: "UDP" },
      { name: "dns-tcp", port: 53, protocol: "TCP" },
    ],
  },
};

function deployment(image: string): object {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace, labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: podSpec(image) },
    },
  };
}

function podSpec(image: string): object {
  return {
    serviceAccountName: name,
    priorityClassName: "system-cluster-critical",
    dnsPolicy: "Default",
    volumes: [{ name: "config", configMap: { name } }],
    containers: [
      {
        name,
        image,
        imagePullPolicy: "IfNotPresent",
        args: ["-conf", "/etc/coredns/Corefile"],
        ports: [
          { name: "dns", containerPort: 53, protocol: "UDP" },
          { name: "dns-tcp", containerPort: 53, protocol: "TCP" },
        ],
        resources: { requests: { cpu: "100m", memory: "70Mi" }, limits: { memory: "170Mi" } },
        readinessProbe: { httpGet: { path: "/ready", port: 8181 }, periodSeconds: 1 },
        volumeMounts: [{ name: "config", mountPath: "/etc/coredns", readOnly: true }],
        securityContext: {
          runAsUser: 0,
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] },
        },
      },
    ],
  };
}

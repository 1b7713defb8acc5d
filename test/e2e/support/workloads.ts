/** Objects that a developer would create; each is compliant unless a test changes one field. */

/* The shapes are those of the API; the tests change any field of them. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type KubernetesObject = any;

/** A pod that the `restricted` Pod Security Standard admits. */
export function compliantPod(name: string): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name },
    spec: {
      securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          name: "app",
          image: "registry.example/app:1",
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
        },
      ],
    },
  };
}

/** A deployment of one compliant pod. */
export function compliantDeployment(name: string): KubernetesObject {
  const labels = { app: name };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: compliantPod(name).spec },
    },
  };
}

/** A service that only the cluster reaches. */
export function compliantService(name: string): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name },
    spec: { type: "ClusterIP", selector: { app: name }, ports: [{ port: 80 }] },
  };
}

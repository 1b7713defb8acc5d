import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();
const host = config.require("host");
const labels = { app: "shop" };

// Nothing waits for pods here: without this annotation `pulumi up` ends when they run.
const metadata = {
  name: "shop",
  namespace: config.require("namespace"),
  annotations: { "pulumi.com/skipAwait": "true" },
};

const secret = new k8s.core.v1.Secret("shop", {
  metadata,
  stringData: { password: config.requireSecret("password") },
});

new k8s.apps.v1.Deployment("shop", {
  metadata,
  spec: {
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
        containers: [
          {
            name: "shop",
            image: config.require("image"),
            imagePullPolicy: "Always",
            ports: [{ name: "http", containerPort: 8080 }],
            env: [
              {
                name: "DATABASE_PASSWORD",
                valueFrom: { secretKeyRef: { name: secret.metadata.name, key: "password" } },
              },
            ],
            securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
          },
        ],
      },
    },
  },
});

const service = new k8s.core.v1.Service("shop", {
  metadata,
  spec: { selector: labels, ports: [{ name: "http", port: 80, targetPort: "http" }] },
});

new k8s.networking.v1.Ingress("shop", {
  metadata,
  spec: {
    rules: [
      {
        host,
        http: {
          paths: [
            {
              path: "/",
              pathType: "Prefix",
              backend: { service: { name: service.metadata.name, port: { name: "http" } } },
            },
          ],
        },
      },
    ],
  },
});

export const url = `https://${host}`;

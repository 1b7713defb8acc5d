import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { SecureEnvironment } from "secure-environment";

const image = new pulumi.Config().require("image");
const environment = new SecureEnvironment("environment", { quota: { pods: "5" } });

// Built on `namespaceName`, the application comes after every wall.
const labels = { app: "shop" };
const deployment = new k8s.apps.v1.Deployment("shop", {
  metadata: {
    name: "shop",
    namespace: environment.namespaceName,
    annotations: { "pulumi.com/skipAwait": "true" },
  },
  spec: {
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
        containers: [
          {
            name: "shop",
            image,
            securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
          },
        ],
      },
    },
  },
});

export const namespace = environment.namespaceName;
export const application = deployment.metadata.name;

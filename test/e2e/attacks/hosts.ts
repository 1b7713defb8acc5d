import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { labels } from "#components/core/labels";
import { type ApiRequest, bent, corePath, groupPath, postRequest } from "../support/apiRequests";
import { type Attack, attemptsBy } from "./attack";
import { hostOf } from "./guestRequests";
import { type Passage } from "./passage";
import { login, nodePool } from "./places";
import { guardRails } from "./reasons";

/** What docs/hosts.md has an application make, and what cert-manager makes for it. */

interface Shown {
  readonly kind: string;
  readonly metadata: { readonly namespace?: string };
}

const page = readFileSync(join(__dirname, "../../../../docs/hosts.md"), "utf8");

/** The objects that the page shows, of all its blocks. */
const shown = [...page.matchAll(/```yaml\n(.*?)```/gs)]
  .flatMap(([, block = ""]) => parseAllDocuments(block.replace(/^ {3}/gm, "")))
  .map((document) => document.toJS() as Shown);

const collections: Readonly<Record<string, string>> = {
  Service: corePath(login, "services"),
  HTTPRoute: groupPath(login, "gateway.networking.k8s.io", "httproutes"),
  Ingress: groupPath(login, "networking.k8s.io", "ingresses"),
};

/** What the application makes, by its kind. */
function ofApplication(kind: string): ApiRequest {
  const object = shown.find(
    ({ kind: other, metadata }) => other === kind && metadata.namespace === login.namespace,
  );
  return postRequest(collections[kind] ?? "", object ?? {});
}

/**
 * What cert-manager makes holds its Challenge in the deletion.
 * See https://github.com/cert-manager/cert-manager/tree/master/pkg/issuer/acme/http
 */
const ofChallenge = {
  generateName: "cm-acme-http-solver-",
  labels: {
    "acme.cert-manager.io/http-domain": "1234567890",
    "acme.cert-manager.io/http-token": "1234567890",
    "acme.cert-manager.io/http01-solver": "true",
  },
  ownerReferences: [
    {
      apiVersion: "acme.cert-manager.io/v1",
      kind: "Challenge",
      name: "web-1",
      uid: "11111111-1111-1111-1111-111111111111",
      controller: true,
      blockOwnerDeletion: true,
    },
  ],
};
const solverService = postRequest(corePath(login, "services"), {
  metadata: { ...ofChallenge, annotations: { "auth.istio.io/8089": "NONE" } },
  spec: {
    type: "ClusterIP",
    ports: [{ name: "http", port: 8089, targetPort: 8089 }],
    selector: ofChallenge.labels,
  },
});
const solverIngress = postRequest(groupPath(login, "networking.k8s.io", "ingresses"), {
  metadata: {
    ...ofChallenge,
    annotations: { "nginx.ingress.kubernetes.io/whitelist-source-range": "0.0.0.0/0,::/0" },
  },
  spec: {
    ingressClassName: "nginx",
    rules: [
      {
        host: hostOf(login),
        http: {
          paths: [
            {
              path: "/.well-known/acme-challenge/token",
              pathType: "Exact",
              backend: { service: { name: "cm-acme-http-solver-1", port: { number: 8089 } } },
            },
          ],
        },
      },
    ],
  },
});

const solverRoute = postRequest(groupPath(login, "gateway.networking.k8s.io", "httproutes"), {
  apiVersion: "gateway.networking.k8s.io/v1",
  kind: "HTTPRoute",
  metadata: ofChallenge,
  spec: {
    parentRefs: [{ name: "review", namespace: "gateway" }],
    hostnames: [hostOf(login)],
    rules: [
      {
        matches: [{ path: { type: "Exact", value: "/.well-known/acme-challenge/token" } }],
        backendRefs: [
          {
            group: "",
            kind: "Service",
            name: "cm-acme-http-solver-1",
            namespace: login.namespace,
            port: 8089,
            weight: 1,
          },
        ],
      },
    ],
  },
});

const solverContainer = {
  name: "acmesolver",
  image: "quay.io/jetstack/cert-manager-acmesolver:v1.19.0",
  imagePullPolicy: "IfNotPresent",
  args: ["--listen-port=8089", `--domain=${hostOf(login)}`, "--token=token", "--key=key"],
  resources: {
    requests: { cpu: "10m", memory: "64Mi" },
    limits: { cpu: "100m", memory: "64Mi" },
  },
  ports: [{ name: "http", containerPort: 8089 }],
  securityContext: {
    readOnlyRootFilesystem: true,
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
  },
};

/** With the pool in the issuer's `podTemplate`, and an image that is pulled as `pullPolicy` says. */
const solverPod = (pullPolicy: string, pool: object = { [labels.nodePool]: nodePool }) =>
  postRequest(corePath(login, "pods"), {
    metadata: {
      ...ofChallenge,
      annotations: {
        "sidecar.istio.io/inject": "false",
        "cluster-autoscaler.kubernetes.io/safe-to-evict": "true",
      },
    },
    spec: {
      automountServiceAccountToken: false,
      nodeSelector: { "kubernetes.io/os": "linux", ...pool },
      restartPolicy: "OnFailure",
      enableServiceLinks: false,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
      containers: [{ ...solverContainer, imagePullPolicy: pullPolicy }],
    },
  });

/** What passes with the settings that the page names. */
export const hostPassages: readonly Passage[] = [
  ...Object.keys(collections).map((kind) => ({
    what: `the deployer makes the ${kind} of the page`,
    by: "deployer" as const,
    request: ofApplication(kind),
  })),
  { what: "cert-manager makes its solver's Service", by: "listedOperator", request: solverService },
  { what: "cert-manager makes its solver's Ingress", by: "listedOperator", request: solverIngress },
  { what: "cert-manager makes its solver's HTTPRoute", by: "listedOperator", request: solverRoute },
];

const snippet = "nginx.ingress.kubernetes.io/configuration-snippet";

/** What does not, and what its message names. */
export const hostAttacks: readonly Attack[] = [
  ...attemptsBy("listedOperator", solverService, [
    {
      what: "makes a solver's Service that is a NodePort",
      harm: "the world would come in on every node",
      request: bent(solverService, { spec: { type: "NodePort" } }),
      refusal: guardRails.serviceType,
    },
  ]),
  ...attemptsBy("listedOperator", solverPod("Always"), [
    {
      what: "makes a solver's pod whose image is not pulled anew",
      harm: "a pod runs an image of another environment, without its password",
      request: solverPod("IfNotPresent"),
      refusal: guardRails.images,
    },
    {
      what: "makes a solver's pod beside the pool of the environment",
      harm: "it would take a node of others",
      request: solverPod("Always", {}),
      refusal: guardRails.pool,
    },
  ]),
  {
    who: "unlistedOperator",
    what: "makes a solver's Service that holds its owner in the deletion",
    harm: "whatever has the owner's uid would not go",
    request: solverService,
    refusal: guardRails.owners,
    twin: { by: "listedOperator", request: solverService },
  },
  ...(["deployer", "listedOperator"] as const).flatMap((who) =>
    attemptsBy(who, ofApplication("Ingress"), [
      {
        what: "makes the page's Ingress with a snippet",
        harm: "it would run in the ingress controller",
        request: bent(ofApplication("Ingress"), {
          metadata: { annotations: { [snippet]: "return 200;" } },
        }),
        refusal: guardRails.ingressAnnotations,
      },
    ]),
  ),
  ...attemptsBy("deployer", ofApplication("HTTPRoute"), [
    {
      what: "makes the page's route with a host of another environment",
      harm: "whoever calls the host would get the branch",
      request: bent(ofApplication("HTTPRoute"), {
        spec: { hostnames: ["review-shop-cart.review.example.com"] },
      }),
      refusal: guardRails.routeHosts,
    },
  ]),
];

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { type ApiRequest, bent, corePath, groupPath, postRequest } from "../support/apiRequests";
import { type Attack, sinsAgainst } from "./attack";
import { hostOf } from "./guestRequests";
import { type Passage } from "./passage";
import { login } from "./places";
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

/** What cert-manager makes holds its Challenge in the deletion. */
const ofChallenge = {
  generateName: "cm-acme-http-solver-",
  labels: { "acme.cert-manager.io/http01-solver": "true" },
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
  metadata: ofChallenge,
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

/** What passes with the settings that the page names. */
export const hostPassages: readonly Passage[] = [
  ...Object.keys(collections).map((kind) => ({
    what: `the deployer makes the ${kind} of the page`,
    by: "deployer" as const,
    request: ofApplication(kind),
  })),
  { what: "cert-manager makes its solver's Service", by: "listedOperator", request: solverService },
  { what: "cert-manager makes its solver's Ingress", by: "listedOperator", request: solverIngress },
];

const snippet = "nginx.ingress.kubernetes.io/configuration-snippet";

/** What does not, and what its message names. */
export const hostAttacks: readonly Attack[] = [
  ...sinsAgainst("listedOperator", solverService, [
    {
      what: "makes a solver's Service that is a NodePort",
      harm: "the world would come in on every node",
      request: bent(solverService, { spec: { type: "NodePort" } }),
      refusal: guardRails.serviceType,
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
    sinsAgainst(who, ofApplication("Ingress"), [
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
  ...sinsAgainst("deployer", ofApplication("HTTPRoute"), [
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

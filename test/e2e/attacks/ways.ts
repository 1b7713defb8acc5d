import {
  type ApiRequest,
  bent,
  corePath,
  groupPath,
  patchRequest,
  postRequest,
} from "../support/apiRequests";
import { type Attack, byEach, type Attempt, attemptsBy } from "./attack";
import {
  hostOf,
  newClaim,
  newIngress,
  newIngressOf,
  newRoute,
  newSecret,
  newService,
} from "./guestRequests";
import { cart, domain, login, post, twoHyphens } from "./places";
import { guardRails } from "./reasons";
import { byAccessControl, type Refusal } from "./refusal";
import { guests, idle } from "./attackers";

/** Ways in and out of an environment that no network policy watches, and what lasts. */

type Row = readonly [what: string, harm: string, changes: object, refusal: Refusal];

/** No such version can be: nothing is converted into it, and that fails in the middle. */
const unreadable = {
  manager: "kubectl",
  operation: "Update",
  apiVersion: "no/such/version",
  fieldsType: "FieldsV1",
  fieldsV1: { "f:spec": { "f:selector": {} } },
};

const serviceAttempts: readonly Attempt[] = (
  [
    [
      "of a load balancer",
      "the world would come in",
      { spec: { type: "LoadBalancer" } },
      guardRails.serviceType,
    ],
    [
      "on a port of every node",
      "the world would come in",
      { spec: { type: "NodePort" } },
      guardRails.serviceType,
    ],
    [
      "that is a name of production",
      "its callers would be sent to production",
      nameFor("shop.production.svc.cluster.local"),
      guardRails.serviceType,
    ],
    [
      "that is a name of the metadata service",
      "its callers would be sent there",
      nameFor("metadata.google.internal"),
      guardRails.serviceType,
    ],
    [
      "with an address of others",
      "traffic for that address would end here (CVE-2020-8554)",
      { spec: { externalIPs: ["203.0.113.1"] } },
      guardRails.serviceAddresses,
    ],
    [
      "with an address of its choice",
      "whoever that is meant for, such as the cluster's DNS, could not be made",
      { spec: { clusterIP: "10.96.0.200" } },
      guardRails.clusterIp,
    ],
    [
      "with an address of its choice and managed fields that nobody can read",
      "the API server drops all of them, and with them who chose it",
      { spec: { clusterIP: "10.96.0.200" }, metadata: { managedFields: [unreadable] } },
      guardRails.clusterIp,
    ],
    [
      "with an address of its choice and no managed fields",
      "whoever that is meant for, such as the cluster's DNS, could not be made",
      { spec: { clusterIP: "10.96.0.200" }, metadata: { managedFields: [{}] } },
      guardRails.clusterIp,
    ],
  ] as const
).map((row) => made("service", newService(login), row));

function nameFor(externalName: string) {
  return { spec: { type: "ExternalName", externalName, selector: null } };
}

function annotated(key: string, value: string) {
  return { metadata: { annotations: { [key]: value } } };
}

const foreignHosts: readonly (readonly [what: string, host: string | undefined])[] = [
  ["of production", "www.example.com"],
  ["of another environment", hostOf(cart)],
  ["of another project's environment", hostOf(post)],
  ["of a service of another environment", `www--${hostOf(cart, "").slice(1)}`],
  [
    "of a service of an environment that ends like its own",
    `www--shop--${login.namespace}.${domain}`,
  ],
  ["with a label that no resolver takes", `${"w".repeat(63)}--${login.namespace}.${domain}`],
  ["of the domain of all environments", domain],
  ["that only starts like its own", `${hostOf(login)}.example.org`],
  ["that only ends like its own", `evil${hostOf(login).replace("www.", "")}`],
  ["that stands for all environments", `*.${domain}`],
  ["that is none, which is every host", undefined],
];

const ingressAttempts: readonly Attempt[] = [
  ...foreignHosts.map(([what, host]) => ({
    what: `takes a host ${what}`,
    harm: "whoever calls the host would get the branch",
    request: newIngressOf(login, host),
    refusal: guardRails.ingressHosts,
  })),
  ...(
    [
      [
        "that answers for every other host",
        "whoever calls an unknown host would get the branch",
        { spec: { defaultBackend: { service: { name: "web", port: { number: 80 } } } } },
        guardRails.ingressHosts,
      ],
      [
        "with the certificate of production's host",
        "the controller would serve the branch's certificate for it",
        { spec: { tls: [{ hosts: ["www.example.com"], secretName: "tls" }] } },
        guardRails.ingressCertificates,
      ],
      [
        "with a certificate for no host, which is for every one",
        "the controller would serve the branch's certificate for others",
        { spec: { tls: [{ secretName: "tls" }] } },
        guardRails.ingressCertificates,
      ],
      [
        "with a snippet for the controller",
        "the controller's secrets would be read",
        annotated("nginx.ingress.kubernetes.io/configuration-snippet", "return 200;"),
        guardRails.ingressAnnotations,
      ],
    ] as const
  ).map((row) => made("ingress", newIngress(login), row)),
];

const web = { name: "web", port: 80 };
const production = { name: "shop", namespace: "production", port: 80 };
/** A name that Istio takes for a backend. */
const hostname = {
  group: "networking.istio.io",
  kind: "Hostname",
  name: "shop.production.svc.cluster.local",
  port: 80,
};
const mirror = mirrorTo(production);
const externalAuthentication = {
  type: "ExternalAuth",
  externalAuth: { protocol: "HTTP", backendRef: production },
};

function mirrorTo(backendRef: object) {
  return { type: "RequestMirror", requestMirror: { backendRef } };
}

/** A route within the environment that says so in every way. */
const insideRoute = newRoute(login, {
  rules: [
    {
      backendRefs: [
        {
          ...web,
          group: "",
          kind: "Service",
          namespace: login.namespace,
          filters: [mirrorTo(web)],
        },
      ],
      filters: [mirrorTo(web)],
    },
  ],
});

const backendAttempts: readonly Attempt[] = (
  [
    [
      "to a service of production",
      "the world would reach production past its own doors",
      { spec: { rules: [{ backendRefs: [production] }] } },
      guardRails.routeServices,
    ],
    [
      "that copies requests to a service of production",
      "the world would write into production past its own doors",
      { spec: { rules: [{ backendRefs: [web], filters: [mirror] }] } },
      guardRails.routeServices,
    ],
    [
      "that copies requests of one backend to a service of production",
      "the world would write into production past its own doors",
      { spec: { rules: [{ backendRefs: [{ ...web, filters: [mirror] }] }] } },
      guardRails.routeServices,
    ],
    [
      "to a name of production",
      "the world would reach production past its own doors",
      { spec: { rules: [{ backendRefs: [hostname] }] } },
      guardRails.routeServices,
    ],
    [
      "that asks a service of production about each request",
      "the world would write into production past its own doors",
      { spec: { rules: [{ backendRefs: [web], filters: [externalAuthentication] }] } },
      guardRails.routeFilters,
    ],
    [
      "that asks a service of production about each request of one backend",
      "the world would write into production past its own doors",
      { spec: { rules: [{ backendRefs: [{ ...web, filters: [externalAuthentication] }] }] } },
      guardRails.routeFilters,
    ],
  ] as const
).map((row) => made("route", newRoute(login), row));

const routeAttempts: readonly Attempt[] = (
  [
    [
      "with a host of production",
      "whoever calls the host would get the branch",
      { spec: { hostnames: ["www.example.com"] } },
      guardRails.routeHosts,
    ],
    [
      "with no host, which is every one",
      "every host would get the branch",
      { spec: { hostnames: null } },
      guardRails.routeHosts,
    ],
    [
      "with a host of production for the public DNS",
      "whoever calls the host would get the branch",
      annotated("external-dns.alpha.kubernetes.io/hostname", "www.example.com"),
      guardRails.routeAnnotations,
    ],
  ] as const
).map((row) => made("route", newRoute(login), row));

const secretAttempts: readonly Attempt[] = ["default", "deployer"].map((account) => ({
  what: `makes a secret that becomes a lasting token of \`${account}\``,
  harm: "it would outlive the access of whoever reads it",
  request: newSecret(login, {
    ...annotated("kubernetes.io/service-account.name", account),
    type: "kubernetes.io/service-account-token",
    stringData: null,
  }),
  refusal: guardRails.tokenSecrets,
}));

const readsVolume = "it would read what is on a volume of others";

const claimAttempts: readonly Attempt[] = (
  [
    [
      "of a volume that is there",
      readsVolume,
      { spec: { volumeName: "production-data" } },
      guardRails.namedVolume,
    ],
    [
      "that selects volumes that are there",
      readsVolume,
      { spec: { selector: { matchLabels: { app: "shop" } } } },
      guardRails.chosenVolume,
    ],
    [
      "of no class, which is any volume that is there",
      readsVolume,
      { spec: { storageClassName: "" } },
      guardRails.chosenVolume,
    ],
    [
      "that is filled from another namespace",
      readsVolume,
      {
        spec: {
          dataSourceRef: { kind: "PersistentVolumeClaim", name: "data", namespace: "production" },
        },
      },
      guardRails.filledVolume,
    ],
    [
      "that is filled by whatever an operator makes of it",
      "the operator would fetch for it what network policies keep from the pods",
      {
        spec: {
          dataSourceRef: { apiGroup: "cdi.kubevirt.io", kind: "VolumeImportSource", name: "site" },
        },
      },
      guardRails.filledVolume,
    ],
    [
      "of the fastest volumes there are",
      "they would cost as much as production's",
      { spec: { volumeAttributesClassName: "gold" } },
      guardRails.volumeAttributes,
    ],
  ] as const
).map((row) => made("claim", newClaim(login), row));

function made(kind: string, legitimate: ApiRequest, [what, harm, changes, refusal]: Row): Attempt {
  const article = kind === "ingress" ? "an" : "a";
  const request = bent(legitimate, changes);
  return { what: `makes ${article} ${kind} ${what}`, harm, request, refusal };
}

const endpointSlice = {
  metadata: { name: "web-1", labels: { "kubernetes.io/service-name": "web" } },
  addressType: "IPv4",
  endpoints: [{ addresses: ["10.244.7.7"] }],
  ports: [{ port: 5432 }],
};
const endpoints = {
  metadata: { name: "web" },
  subsets: [{ addresses: [{ ip: "10.244.7.7" }], ports: [{ port: 5432 }] }],
};
const toProduction: readonly Omit<Attempt, "refusal">[] = [
  {
    what: "writes endpoints that lead to production",
    harm: "its service would forward into production (CVE-2021-25740)",
    request: postRequest(corePath(login, "endpoints"), endpoints),
  },
  {
    what: "writes an endpoint slice that leads to production",
    harm: "its service would forward into production (CVE-2021-25740)",
    request: postRequest(groupPath(login, "discovery.k8s.io", "endpointslices"), endpointSlice),
  },
  {
    what: "writes the status of its service",
    harm: "traffic for an address in it would end here (CVE-2020-8554)",
    request: patchRequest(`${corePath(login, "services")}/shop/status`, {
      metadata: { annotations: { moved: "yes" } },
    }),
  },
];

/** Its first address stays; that of the other family is new. */
function withSecondAddress(...changes: readonly object[]): ApiRequest {
  return {
    method: "PATCH",
    path: `${corePath(login, "services")}/shop`,
    contentType: "application/json-patch+json",
    body: [{ op: "replace", path: "/spec/ipFamilyPolicy", value: "PreferDualStack" }, ...changes],
  };
}
const chosenAddress = [
  { op: "add", path: "/spec/ipFamilies/1", value: "IPv6" },
  { op: "add", path: "/spec/clusterIPs/1", value: "fd00:10:96::a" },
];
const secondAddressAttempts: readonly Attempt[] = [
  {
    what: "gives its service a second address of its choice",
    harm: "whoever that is meant for, such as the cluster's DNS, could not be made",
    request: withSecondAddress(...chosenAddress),
    refusal: guardRails.clusterIp,
  },
  {
    what: "gives its service a second address of its choice, and forgets who chose it",
    harm: "whoever that is meant for, such as the cluster's DNS, could not be made",
    request: withSecondAddress(...chosenAddress, {
      op: "replace",
      path: "/metadata/managedFields",
      value: [{}],
    }),
    refusal: guardRails.clusterIp,
  },
];

const namedByPulumi = bent(newIngress(login), annotated("pulumi.com/autonamed", "true"));

const writers = ["developer", "debugger", "deployer", "misboundAdmin"] as const;

/** Where the name of an environment has two hyphens, its host is that of a service of another as well. */
const ambiguousHosts = attemptsByHost([
  ["its own name, which may be a service of cart's", `${twoHyphens.namespace}.${domain}`],
  ["a service of its own, with two hyphens twice", `www--${twoHyphens.namespace}.${domain}`],
]);

function attemptsByHost(rows: readonly (readonly [what: string, host: string])[]) {
  const attemptOf = (request: (host: string) => ApiRequest, refusal: Refusal) =>
    rows.map(([what, host]): Attempt => ({
      what: `takes the host of ${what}`,
      harm: "another environment's callers would get the branch",
      request: request(host),
      refusal,
    }));
  return {
    ingress: attemptOf((host) => newIngressOf(twoHyphens, host), guardRails.ingressHosts),
    route: attemptOf((host) => newRoute(twoHyphens, { hostnames: [host] }), guardRails.routeHosts),
  };
}

/** Ways that are closed to those who may write services, routes, secrets and claims. */
export const wayAttacks: readonly Attack[] = [
  ...byEach(idle, {
    what: "makes a service",
    harm: "whoever calls it would get what they like",
    request: newService(login),
    refusal: byAccessControl,
  }),
  ...writers.flatMap((who) => [
    ...attemptsBy(who, newService(login), serviceAttempts),
    ...attemptsBy(who, withSecondAddress(), secondAddressAttempts),
    ...attemptsBy(who, namedByPulumi, ingressAttempts),
    ...attemptsBy(who, newClaim(login), claimAttempts),
  ]),
  ...(["developer", "deployer"] as const).flatMap((who) => [
    ...attemptsBy(who, newRoute(login), routeAttempts),
    ...attemptsBy(who, insideRoute, backendAttempts),
  ]),
  ...attemptsBy("developer", newIngress(twoHyphens), ambiguousHosts.ingress),
  ...attemptsBy("developer", newRoute(twoHyphens), ambiguousHosts.route),
  ...(["deployer", "misboundAdmin"] as const).flatMap((who) =>
    attemptsBy(who, newSecret(login), secretAttempts),
  ),
  ...toProduction.flatMap((attempt) => [
    ...byEach(guests, { ...attempt, refusal: byAccessControl }),
    ...byEach(["misboundClusterAdmin"], {
      ...attempt,
      refusal: guardRails.endpoints,
    }),
  ]),
];

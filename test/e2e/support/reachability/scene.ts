import { type Endpoint, type IsolationObject } from "#isolation/index";
import { namespace, pod } from "../../../isolation/scenes";

/** One end of a connection, as a row of a table shows it. */
export interface Actor {
  readonly name: string;
  readonly endpoint: Endpoint;
}

/** The environment whose walls are looked at, and another one that is configured by nobody. */
export const environment = "review-shop";
export const neighbour = "review-neighbour";

/**
 * Labels by pod. Several pods carry labels that open something elsewhere: only a pod's namespace
 * and labels together say who it is.
 */
const labelsByPod: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "review-shop/shop": { app: "shop" },
  "review-shop/database": { app: "database" },
  "review-neighbour/shop": { app: "shop" },
  "review-neighbour/database": { app: "database" },
  "staging/shop": { app: "shop" },
  "staging/database": { app: "database" },
  "production/shop": { app: "shop" },
  "production/database": { app: "database" },
  "ingress-nginx/controller": { app: "controller" },
  "ingress-nginx/other": { app: "other" },
  "monitoring/prometheus": { app: "prometheus" },
  "monitoring/grafana": { app: "grafana" },
  "ci/test-runner": { app: "test-runner" },
  "ci/like-kube-dns": { "k8s-app": "kube-dns" },
  "kube-system/kube-dns": { "k8s-app": "kube-dns" },
  "kube-system/other": { "k8s-app": "metrics-server" },
  "openshift-dns/dns": { dns: "default" },
  "openshift-dns/other": { dns: "other" },
  "shared/mail": { app: "mail" },
  "shared/search": { app: "search" },
};

const descriptionsByAddress: Readonly<Record<string, string>> = {
  "169.254.169.254": "metadata",
  "fd00:ec2::254": "metadata",
  "169.254.20.10": "DNS cache of the node",
  "10.96.0.10": "DNS Service",
  "10.96.0.1": "API server's Service",
  "52.40.0.1": "API server",
  "52.30.0.10": "node",
  "10.50.0.10": "protected, private",
  "52.10.0.10": "protected, public",
  "10.60.0.10": "on premises",
  "203.0.113.10": "test runner outside",
  "203.0.113.200": "next to the test runner",
  "8.8.8.8": "internet",
  "2606:4700::1111": "internet",
};

const podNames = Object.keys(labelsByPod);

/** Everybody, in the order of the tables. */
export const actors: readonly Actor[] = [
  ...podNames.map((name) => ({ name, endpoint: { pod: name } })),
  ...Object.entries(descriptionsByAddress).map(([address, description]) => ({
    name: `${address} (${description})`,
    endpoint: { address },
  })),
];

/** The same where another environment takes the place of the first: the rows keep their names. */
export function actorsAround(namespace: string): readonly Actor[] {
  return actors.map(({ name, endpoint }) => ({
    name,
    endpoint:
      "pod" in endpoint
        ? { pod: endpoint.pod.replace(`${environment}/`, `${namespace}/`) }
        : endpoint,
  }));
}

/** Those whom no environment ever reaches, nor is reached by, whatever its configuration. */
export const untouchables: readonly Actor[] = [
  ...[neighbour, "staging", "production"].flatMap(actorsIn),
  ...actorsAt("10.50.0.10", "52.10.0.10", "52.30.0.10"),
];

/** Where clouds give away credentials; names are resolved there at most. */
export const metadata: readonly Actor[] = actorsAt("169.254.169.254", "fd00:ec2::254");

/** The pods of a namespace. */
export function actorsIn(namespace: string): Actor[] {
  return actors.filter(({ name }) => name.startsWith(`${namespace}/`));
}

/** A pod by its namespace and name, and the labels that policies know it by. */
export interface LabelledPod {
  readonly path: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** The pods of an environment that takes the place of the first. */
export function podsOfEnvironment(namespace: string): readonly LabelledPod[] {
  return labelledPods
    .filter(({ path }) => path.startsWith(`${environment}/`))
    .map(({ path, labels }) => ({ path: path.replace(environment, namespace), labels }));
}

const labelledPods = Object.entries(labelsByPod).map(([path, labels]) => ({ path, labels }));

/** The pods of all others. */
export const podsOfOthers: readonly LabelledPod[] = labelledPods.filter(
  ({ path }) => !path.startsWith(`${environment}/`),
);

/** The namespaces that no environment made. */
export const otherNamespaces: readonly string[] = [
  ...new Set(podNames.map((name) => name.split("/")[0] ?? "")),
].filter((name) => name !== environment && name !== neighbour);

/** All pods, with addresses of both families, and the namespaces that no environment made. */
export const fixedObjects: readonly IsolationObject[] = [
  ...Object.entries(labelsByPod).map(([path, labels], index) =>
    pod(path, labels, { ips: [`30.10.0.${index + 1}`, `fd00:30:10::${index + 1}`] }),
  ),
  ...otherNamespaces.map((name) => namespace(name)),
];

function actorsAt(...addresses: string[]): Actor[] {
  return actors.filter(
    ({ endpoint }) => "address" in endpoint && addresses.includes(endpoint.address),
  );
}

import { createModel, type IsolationObject, type TargetPort } from "secure-environment-isolation";

import { type BudgetFigure, measureBudget } from "./figures";

/** A shared cluster: many environments of some pods, each within the walls that we give it. */
const namespaceCount = 500;
const podCount = 10;
const ports: readonly TargetPort[] = [
  { port: 8080, protocol: "TCP" },
  { port: 53, protocol: "UDP" },
];

/** What the figures are about. */
export const isolationHeading = `Isolation model, ${namespaceCount} namespaces with ${podCount} pods and 5 policies each`;

/** Measures the isolation model on a cluster of 500 namespaces with 10 pods and 5 policies each. */
export async function measureIsolation(rounds: number): Promise<readonly BudgetFigure[]> {
  const objects = Array.from({ length: namespaceCount }, (_, index) => namespaceObjects(index));
  const all = [...infrastructure(), ...objects.flat()];
  const matrixName = "matrix of all pairs of pods, with reading the objects";
  const wallsName = "walls of one environment, with reading the objects";
  const objectsOf = () => all;
  return [
    await measureBudget(matrixName, 3, rounds, objectsOf, (given) =>
      createModel(given).matrix(ports),
    ),
    await measureBudget(wallsName, 0.5, rounds, objectsOf, (given) =>
      createModel(given).reachOf("review-250"),
    ),
    await figureOfOne(all, rounds),
  ];
}

function figureOfOne(objects: readonly IsolationObject[], rounds: number): Promise<BudgetFigure> {
  const model = createModel(objects);
  model.reachOf("review-1");
  let next = 250;
  return measureBudget(
    "walls of one environment, in a model that has answered before",
    0.1,
    rounds,
    () => `review-${next++}`,
    (namespace) => model.reachOf(namespace),
  );
}

function infrastructure(): IsolationObject[] {
  return [
    { kind: "Namespace", metadata: { name: "kube-system" } },
    { kind: "Namespace", metadata: { name: "ingress" } },
    pod("kube-system", "dns", "10.96.0.2", { "k8s-app": "kube-dns" }),
    pod("ingress", "controller", "10.96.0.3", { app: "ingress" }),
  ];
}

function namespaceObjects(index: number): IsolationObject[] {
  const namespace = `review-${index}`;
  return [
    { kind: "Namespace", metadata: { name: namespace, labels: { kind: "review" } } },
    ...Array.from({ length: podCount }, (_, number) =>
      pod(namespace, `pod-${number}`, `10.${index >> 8}.${index & 255}.${number + 1}`, {
        app: `app-${number}`,
      }),
    ),
    policy(namespace, "default-deny", { policyTypes: ["Ingress", "Egress"] }),
    policy(namespace, "same-namespace", {
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ from: [{ podSelector: {} }] }],
      egress: [{ to: [{ podSelector: {} }] }],
    }),
    policy(namespace, "dns", {
      policyTypes: ["Egress"],
      egress: [
        {
          to: [
            { ...named("kube-system"), podSelector: { matchLabels: { "k8s-app": "kube-dns" } } },
          ],
          ports: [{ port: 53, protocol: "UDP" }, { port: 53 }],
        },
      ],
    }),
    policy(namespace, "from-ingress", {
      policyTypes: ["Ingress"],
      ingress: [{ from: [named("ingress")], ports: [{ port: "http" }] }],
    }),
    policy(namespace, "to-internet", {
      policyTypes: ["Egress"],
      egress: [
        {
          to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["10.0.0.0/8", "169.254.0.0/16"] } }],
          ports: [{ port: 443 }],
        },
      ],
    }),
  ];
}

function named(namespace: string) {
  return { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } } };
}

function pod(
  namespace: string,
  name: string,
  podIP: string,
  labels: Readonly<Record<string, string>>,
): IsolationObject {
  const ports = [{ name: "http", containerPort: 8080 }];
  return {
    kind: "Pod",
    metadata: { namespace, name, labels },
    spec: { containers: [{ ports }] },
    status: { podIP },
  };
}

function policy(
  namespace: string,
  name: string,
  spec: Extract<IsolationObject, { kind: "NetworkPolicy" }>["spec"],
): IsolationObject {
  return { kind: "NetworkPolicy", metadata: { namespace, name }, spec };
}

import { createModel, type IsolationObject, type TargetPort } from "secure-environment-isolation";

import { type Spread, spreadOf } from "./ratios";

/** One thing that the isolation model is asked, and how long that may take. */
export interface IsolationFigure {
  readonly name: string;
  readonly seconds: Spread;
  readonly budget: number;
  readonly holds: boolean;
}

/** A shared cluster: many environments of some pods, each within the walls that we give it. */
const namespaceCount = 500;
const podCount = 10;
const ports: readonly TargetPort[] = [
  { port: 8080, protocol: "TCP" },
  { port: 53, protocol: "UDP" },
];

/**
 * Measures the isolation model on a cluster of 500 namespaces with 10 pods and 5 policies each. The
 * budgets are a multiple of what it takes, so a run fails only when the work has grown another way.
 */
export function measureIsolation(rounds: number): readonly IsolationFigure[] {
  const objects = Array.from({ length: namespaceCount }, (_, index) => namespaceObjects(index));
  const all = [...infrastructure(), ...objects.flat()];
  return [
    figure("matrix of all pairs of pods, with reading the objects", 3, rounds, () =>
      createModel(all).matrix(ports),
    ),
    figure("walls of one environment, with reading the objects", 0.5, rounds, () =>
      createModel(all).reachOf("review-250"),
    ),
    figureOfOne(all, rounds),
  ];
}

/** The figures for people. */
export function renderIsolation(figures: readonly IsolationFigure[]): string {
  return [
    `Isolation model, ${namespaceCount} namespaces with ${podCount} pods and 5 policies each`,
    ...figures.map(({ name, seconds, budget, holds }) => {
      const { median, minimum, maximum } = seconds;
      const times = [median, minimum, maximum].map((time) => time.toFixed(3));
      const verdict = holds ? "holds" : "OVER BUDGET";
      return `  ${times[0]} (${times[1]} – ${times[2]}) s, budget ${budget} s ${verdict}: ${name}`;
    }),
  ].join("\n");
}

function figureOfOne(objects: readonly IsolationObject[], rounds: number): IsolationFigure {
  const model = createModel(objects);
  model.reachOf("review-1");
  let next = 250;
  return figure("walls of one environment, in a model that has answered before", 0.1, rounds, () =>
    model.reachOf(`review-${next++}`),
  );
}

function figure(name: string, budget: number, rounds: number, run: () => unknown): IsolationFigure {
  run();
  const seconds = spreadOf(Array.from({ length: rounds }, () => secondsOf(run)));
  return { name, seconds, budget, holds: seconds.median <= budget };
}

function secondsOf(run: () => unknown): number {
  const start = performance.now();
  run();
  return (performance.now() - start) / 1_000;
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

import { problem, problemUnless, type Problem } from "secure-environment/core";
import { type KubernetesResponse, messageOf } from "secure-environment-kubernetes";
import { type Cluster } from "./cluster";

/** A request that an admission plugin of the API server has to refuse. */
export interface AdmissionProbe {
  readonly plugin: string;
  /** What is possible where the plugin is off. */
  readonly threat: string;
  /** Where an object is created. */
  readonly path: string;
  readonly object: object;
  /** How the plugin says no. Every other refusal of the request has another text. */
  readonly refusal: RegExp;
}

const name = "secure-environment-probe";
const pods = "/api/v1/namespaces/default/pods";

/**
 * The plugins on which the walls hang, as far as they say no where there is nothing yet. They are
 * asked before webhooks, policies and quotas are.
 * See https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/
 */
export const admissionProbes: readonly AdmissionProbe[] = [
  {
    plugin: "PodSecurity",
    threat: "lets privileged pods run in environments",
    path: "/api/v1/namespaces",
    object: { metadata: { name, labels: { "pod-security.kubernetes.io/enforce": "bogus" } } },
    refusal:
      /^Namespace "[^"]*" is invalid: metadata\.labels\[pod-security\.kubernetes\.io\/enforce\]/,
  },
  {
    plugin: "Priority",
    threat: "leaves the priority of pods to whoever writes them",
    path: pods,
    object: pod({ priorityClassName: name }),
    refusal: /^pods "[^"]*" is forbidden: no PriorityClass with name \S+ was found/,
  },
  {
    plugin: "ServiceAccount",
    threat: "lets pods run in the name of accounts that are not there",
    path: pods,
    object: pod({ serviceAccountName: name }),
    refusal: /^pods "[^"]*" is forbidden: error looking up service account default\/secure-/,
  },
];

/** Asks by dry runs which of the plugins are off. Nothing is created. */
export async function admissionProblems(cluster: Cluster): Promise<Problem[]> {
  const problems = await Promise.all(
    admissionProbes.map(async (probe) =>
      probeProblems(probe, await cluster.tryCreate(probe.path, probe.object)),
    ),
  );
  return problems.flat();
}

/** What an answer says about the plugin. An answer that says nothing about it is a problem too. */
export function probeProblems(
  probe: AdmissionProbe,
  { status, body }: KubernetesResponse,
): Problem[] {
  const property = `admission plugin ${probe.plugin}`;
  if (status < 400) {
    const remedy = `Start each API server with --enable-admission-plugins=${probe.plugin}, and without it in --disable-admission-plugins.`;
    return [problem(property, `is off, which ${probe.threat}`, remedy)];
  }
  const isValid = probe.refusal.test(messageOf(body));
  const fault = `cannot be probed: a dry run of a POST to ${probe.path} failed for another reason`;
  const remedy = "Remove the reason, or lift it for as long as the platform is installed.";
  return problemUnless(isValid, property, fault, remedy, messageOf(body));
}

function pod(spec: object): object {
  return { metadata: { name }, spec: { containers: [{ name: "probe", image: "probe" }], ...spec } };
}

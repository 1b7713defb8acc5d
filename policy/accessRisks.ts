/** What could be done with rights that no role of an environment has. */

interface Risk {
  /** Fits `resource.group`, as Kubernetes writes it; the core's group is empty. */
  readonly resources: RegExp;
  readonly fault: string;
  readonly remedy?: string;
}

const leaveOut = "Leave it out.";

/** See https://kubernetes.io/docs/concepts/security/rbac-good-practices/ */
const risks: readonly Risk[] = [
  {
    resources: /^secrets\.$/,
    fault: "lets its holder read or change every secret of the environment",
    remedy:
      "Leave it out: pods mount the secrets that they need. Who has to read them is given the role secret-reader.",
  },
  {
    resources: /^serviceaccounts\/token\.$/,
    fault: "lets its holder make tokens of service accounts",
  },
  {
    resources: /^serviceaccounts\.$/,
    fault: "lets its holder make service accounts, and give them a cloud's rights by annotations",
    remedy: "Leave out the verbs that write.",
  },
  {
    resources: /^(resourcequotas|limitranges)(\/status)?\.$/,
    fault: "lets its holder lift the bounds of the environment",
    remedy: "Leave out the verbs that write.",
  },
  {
    resources: /^networkpolicies\.networking\.k8s\.io$|\.policy\.networking\.k8s\.io$/,
    fault: "lets its holder open the network isolation",
    remedy: "Leave out the verbs that write.",
  },
  {
    resources: /\.rbac\.authorization\.k8s\.io$/,
    fault: "lets its holder look at or give rights",
  },
  {
    resources: /^namespaces(\/.*)?\.$/,
    fault: "lets its holder change what the namespace admits and who trusts it",
  },
  {
    resources: /^(pods|services)\/proxy\.$/,
    fault: "lets its holder send traffic from the API server, past the network policies",
  },
  {
    resources: /^pods\/(exec|attach|portforward)\.$/,
    fault:
      "lets its holder run code in pods by more than the verb create, which hides in a role that reads",
    remedy: "Leave out all verbs but create.",
  },
  { resources: /^nodes(\/.*)?\./, fault: "lets its holder at the nodes" },
  {
    resources: /^(pods\/(eviction|binding)|bindings)\.$/,
    fault: "lets its holder move pods off and onto nodes past the scheduler",
  },
  {
    resources: /^(pods|services|deployments|statefulsets|jobs)\/status\./,
    fault: "lets its holder forge what controllers and the network go by",
  },
  {
    resources: /^daemonsets(\/.*)?\.apps$/,
    fault: "lets its holder run a pod on every node",
    remedy: "Leave it out: a Deployment does.",
  },
  {
    resources: /^poddisruptionbudgets(\/.*)?\.policy$/,
    fault: "lets its holder keep a node from being drained",
  },
  {
    resources: /^(endpoints\.|endpointslices\.discovery\.k8s\.io)$/,
    fault: "lets its holder forward traffic into other namespaces (CVE-2021-25740)",
    remedy: "Leave out the verbs that write.",
  },
  {
    resources: /\.certificates\.k8s\.io$/,
    fault: "lets its holder get certificates in the name of others",
  },
  {
    resources: /^(ingresses\.networking|httproutes\.gateway\.networking)\.k8s\.io$/,
    fault: "lets its holder take the hosts of others",
    remedy:
      "Leave out the verbs that write; where admission guards hosts, set `platform` in the pack's configuration.",
  },
  {
    resources:
      /^persistentvolumes\.$|\.(admissionregistration|apiextensions|apiregistration|flowcontrol\.apiserver|node|scheduling|storage)\.k8s\.io$/,
    fault: "lets its holder change what the whole cluster shares",
  },
];

const other: Risk = {
  resources: /(?:)/,
  fault: "gives more than the rules of an environment do",
  remedy:
    "Keep to what the preset debug lists. Write one rule for each API group, so that none gets verbs that were meant for another.",
};

/** What the right to a resource would let happen. */
export function riskOf(
  group: string,
  resource: string,
): { readonly fault: string; readonly remedy: string } {
  const { fault, remedy = leaveOut } =
    risks.find(({ resources }) => resources.test(`${resource}.${group}`)) ?? other;
  return { fault, remedy };
}

const verbRisks: readonly { readonly verbs: RegExp; readonly fault: string }[] = [
  { verbs: /^escalate$/, fault: "is escalate, which lets its holder give itself any right" },
  { verbs: /^bind$/, fault: "is bind, which lets its holder give itself any role" },
  {
    verbs: /^impersonate(-on)?(:|$)/,
    fault: "is impersonate, which lets its holder act as somebody else",
  },
  {
    verbs: /^deletecollection$/,
    fault: "is deletecollection, which deletes all objects at once and which no tool needs",
  },
];

/** What a verb that no role of an environment has would let happen. */
export function verbRiskOf(verb: string): string {
  return (
    verbRisks.find(({ verbs }) => verbs.test(verb))?.fault ??
    "is a verb that no role of an environment has"
  );
}

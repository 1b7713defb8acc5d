import { type Check, reachedBy } from "./examination";
import { doubtful, fine, type Finding, refused, unknown } from "./finding";
import { environmentNamespace, isUnderPlatform } from "./environmentPlace";
import { type ReachedCluster } from "./reachedCluster";

const verbs = ["up", "destroy", "list", "kubeconfig"] as const;

type Verb = (typeof verbs)[number];

/** Something that the API server lets somebody do or not, and the verbs of the command that need it. */
export interface Right {
  readonly verb: string;
  readonly group: string;
  /** With its subresource, such as `serviceaccounts/token`. */
  readonly resource: string;
  readonly isNamespaced: boolean;
  readonly neededBy: readonly Verb[];
}

/** What the API server says of a right; `undefined` when it does not tell. */
export type Answer = readonly [Right, boolean | undefined];

const rbac = "rbac.authorization.k8s.io";

/** What `up` makes in the namespace of an environment: by server-side apply, which is a patch that may create. */
const made: readonly (readonly [group: string, resource: string])[] = [
  ["", "limitranges"],
  ["", "resourcequotas"],
  ["", "serviceaccounts"],
  ["networking.k8s.io", "networkpolicies"],
  [rbac, "rolebindings"],
];

/** With the platform an environment has its share of the API server, else roles of its own. */
export function neededRights(hasPlatform: boolean): readonly Right[] {
  const ofNamespaces = (verb: string, ...neededBy: Verb[]): Right => ({
    ...{ verb, group: "", resource: "namespaces", isNamespaced: false, neededBy },
  });
  const further = hasPlatform
    ? ([["flowcontrol.apiserver.k8s.io", "flowschemas"]] as const)
    : ([[rbac, "roles"]] as const);
  return [
    ofNamespaces("list", "up", "destroy", "list"),
    ofNamespaces("get", "up", "destroy"),
    ofNamespaces("create", "up"),
    ofNamespaces("patch", "up"),
    ofNamespaces("delete", "destroy"),
    ...[...made, ...further].flatMap(([group, resource]) =>
      ["create", "patch"].map((verb) => ({
        verb,
        group,
        resource,
        isNamespaced: resource !== "flowschemas",
        neededBy: ["up"] as const,
      })),
    ),
    {
      ...{ verb: "list", group: "", resource: "resourcequotas" },
      isNamespaced: false,
      neededBy: ["list"],
    },
    {
      ...{ verb: "create", group: "", resource: "serviceaccounts/token" },
      isNamespaced: true,
      neededBy: ["kubeconfig"],
    },
  ];
}

/** What these credentials may do of what the verbs need; it asks for reviews, which nothing keeps. */
export const rights: Check = {
  subject: "rights",
  look: async (surroundings) => {
    const cluster = await reachedBy(surroundings);
    const namespace = environmentNamespace(surroundings);
    const needed = neededRights(isUnderPlatform(surroundings) === true);
    const answers = needed.map(async (right): Promise<Answer> => {
      return [right, await mayDo(cluster, right, namespace)];
    });
    return judgeRights(await Promise.all(answers));
  },
};

/** @param namespace of an environment; without one, the right is asked for in all namespaces. */
async function mayDo(
  cluster: ReachedCluster,
  { verb, group, resource: whole, isNamespaced }: Right,
  namespace: string | undefined,
): Promise<boolean | undefined> {
  const [resource, subresource] = whole.split("/");
  const resourceAttributes = {
    ...{ verb, group, resource },
    ...(subresource !== undefined && { subresource }),
    ...(isNamespaced && namespace !== undefined && { namespace }),
  };
  const { status, body } = await cluster.review<{ status?: { allowed?: boolean } }>(
    "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
    {
      apiVersion: "authorization.k8s.io/v1",
      kind: "SelfSubjectAccessReview",
      spec: { resourceAttributes },
    },
  );
  return status === 201 ? body?.status?.allowed === true : undefined;
}

/** One finding for each verb. */
export function judgeRights(answers: readonly Answer[]): readonly Finding[] {
  return verbs.map((verb) => {
    const subject = `rights of ${verb}`;
    const own = answers.filter(([right]) => right.neededBy.includes(verb));
    const missing = own.flatMap(([right, allowed]) => (allowed === false ? [right] : []));
    const unasked = own.flatMap(([right, allowed]) => (allowed === undefined ? [right] : []));
    if (missing.length > 0) {
      return missing.every(isSparable)
        ? doubtful(
            subject,
            `these credentials may not ${describe(missing)}, so what is used is not shown`,
            remedyFor(verb),
          )
        : refused(subject, `these credentials may not ${describe(missing)}`, remedyFor(verb));
    }
    return unasked.length > 0
      ? unknown(subject, `not known: the API server does not say who may ${describe(unasked)}`)
      : fine(subject, "these credentials have all of them");
  });
}

/** A list goes without quotas. */
function isSparable({ verb, resource }: Right): boolean {
  return verb === "list" && resource === "resourcequotas";
}

/** Such as `create namespaces, roles; delete namespaces`. */
function describe(some: readonly Right[]): string {
  const verbsOfApi = [...new Set(some.map(({ verb }) => verb))];
  const resourcesOf = (verb: string) =>
    some.filter((right) => right.verb === verb).map(({ resource }) => resource);
  return verbsOfApi.map((verb) => `${verb} ${resourcesOf(verb).join(", ")}`).join("; ");
}

function remedyFor(verb: Verb): string {
  return verb === "kubeconfig"
    ? "Use those of the project's pipeline or of an administrator; developers write theirs with `review kubeconfig --developer`."
    : "Use those of the project's pipeline, or of an administrator.";
}

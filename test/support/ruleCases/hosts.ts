import { type ApiRequest } from "../../e2e/support/apiRequests";
import { newIngressOf } from "../../e2e/attacks/guestRequests";
import { cart, domain, login } from "../../e2e/attacks/places";
import { type RuleCase } from "./ruleCase";

/** What the hosts of an environment are. */

const suffix = `${login.namespace}.${domain}`;
const fault = "is not a host of this environment, or another one could claim it";

export const hostCases: readonly RuleCase[] = [
  host("its namespace", suffix),
  host("a service beside its namespace", `www--${suffix}`),
  host("a service with a hyphen", `api-v2--${suffix}`),
  host("something below its namespace", `www.${suffix}`),
  host("everything below its namespace", `*.${suffix}`),
  host("another environment's namespace", `${cart.namespace}.${domain}`, fault),
  host("a service of another environment", `www--${cart.namespace}.${domain}`, fault),
  host("what may be an environment whose name has two hyphens", `www--shop--${suffix}`, fault),
  host("a label that begins with two hyphens", `--${suffix}`, fault, "Invalid value"),
  host("a label that no resolver takes", `${"w".repeat(63)}--${suffix}`, fault),
  host("something below a service", `a.www--${suffix}`, fault),
  host("the domain of all environments", domain, fault),
  host("all environments", `*.${domain}`, fault),
  host("production", "www.example.com", fault),
  host("nobody in particular", undefined, "stands for every host"),
];

/** What the pack refuses and what the API server does: its policies, or itself. */
function host(
  what: string,
  name: string | undefined,
  refused?: string,
  refusedByApiServer = "has a host of its own",
): RuleCase {
  const request = newIngressOf(login, name);
  return {
    what: `the host of ${what}`,
    arguments: { notJudged: "they name no host; `domain` says below which all are" },
    apiServer: {
      shown: request,
      ...(refused !== undefined && { refuses: refusedByApiServer }),
    },
    pack: { shown: analyzed(request), ...(refused !== undefined && { refuses: refused }) },
  };
}

function analyzed({ body }: ApiRequest) {
  const object = body as { readonly metadata: object };
  const metadata = { ...object.metadata, namespace: login.namespace };
  const kind = { apiVersion: "networking.k8s.io/v1", kind: "Ingress" };
  return {
    type: "kubernetes:networking.k8s.io/v1:Ingress",
    name: "case",
    properties: { ...kind, ...object, metadata },
  };
}

import { environmentExpires, stackOwnsOnlyItsEnvironment } from "#policy/policies/ownership";
import { describePolicy, secretText } from "./support/policyCases";
import { type AnalyzedResource, secretValue, unknownText } from "./support/policyAnalyzer";

const prefix = "secure-environment/";
const ownLabels = {
  [`${prefix}kind`]: "review",
  [`${prefix}project`]: "review",
  [`${prefix}stack`]: "review-login",
};

function flowSchema(name: unknown): AnalyzedResource {
  return {
    type: "kubernetes:flowcontrol.apiserver.k8s.io/v1:FlowSchema",
    name: "env-flow-schema",
    properties: { metadata: { name } },
  };
}

function namespace(name: unknown, others: object = {}, rest: Partial<AnalyzedResource> = {}) {
  return {
    type: "kubernetes:core/v1:Namespace",
    name: "env",
    properties: { metadata: { name, labels: { ...ownLabels, ...others } } },
    ...rest,
  } satisfies AnalyzedResource;
}
const project = (value: unknown) => ({ [`${prefix}project`]: value });
const suffix: AnalyzedResource = { type: "random:index/randomString:RandomString", name: "suffix" };
const permanent = {
  [`${prefix}kind`]: "permanent",
  [`${prefix}stack`]: "staging",
};
const staging = { stack: "staging" };
const stays = { profile: "permanent" };
const wrongName =
  "Namespace env: metadata.name is not the one that the stack's name gives. Use review-login";

describePolicy(stackOwnsOnlyItsEnvironment, [
  {
    it: "has nothing to say where no namespace is made",
    resources: [suffix, { ...namespace("x"), type: "kubernetes:core/v1:NamespacePatch" }],
  },
  {
    it: "passes a FlowSchema for its namespace",
    resources: [namespace("review-login"), flowSchema("review-login")],
  },
  {
    it: "passes a FlowSchema that waits for the name of its namespace",
    resources: [
      suffix,
      namespace(unknownText, {}, { dependencies: [suffix] }),
      flowSchema(unknownText),
    ],
  },
  {
    it: "refuses a FlowSchema for another environment, and one without a namespace",
    resources: [namespace("review-login"), flowSchema("review-other-login"), flowSchema(null)],
    finds: [
      "FlowSchema env-flow-schema: metadata.name is not the name of a namespace that the stack makes",
      "metadata.name is not the name of a namespace that the stack makes",
    ],
  },
  { it: "passes with the stack's name", resources: namespace("review-login") },
  {
    it: "passes with the project in between",
    resources: namespace("review-shop-login", project("shop")),
  },
  {
    it: "passes with a suffix, with and without a project",
    resources: namespace("review-login-a1b2c3"),
  },
  {
    it: "passes with a suffix behind the project",
    resources: namespace("review-shop-login-a1b2c3", project("shop")),
  },
  {
    it: "passes with a name that waits for a random suffix",
    resources: [suffix, namespace(unknownText, {}, { dependencies: [suffix] })],
  },
  {
    it: "passes with a name of which alone is known that it waits for a random suffix",
    resources: [
      suffix,
      namespace(unknownText, {}, { propertyDependencies: { metadata: [suffix] } }),
    ],
  },
  {
    it: "passes where the project is called as Pulumi calls it, whatever that is",
    resources: namespace("review-login", project("My.Shop"), { project: "My.Shop" }),
  },
  {
    it: "passes kinds of others that are called alike",
    resources: { ...namespace("x"), type: "kubernetes:example.com/v1:Namespace" },
  },
  {
    it: "refuses other names beside a random suffix",
    resources: [suffix, namespace("review-other", {}, { dependencies: [suffix] })],
    finds: [wrongName],
  },
  {
    it: "passes with a permanent environment",
    resources: namespace("staging", permanent, staging),
    settings: stays,
  },
  {
    it: "passes with a permanent environment of a project",
    resources: namespace("shop-staging", { ...permanent, ...project("shop") }, staging),
    settings: stays,
  },
  { it: "refuses other names", resources: namespace("review-other"), finds: [wrongName] },
  {
    it: "refuses names that only begin alike",
    resources: namespace("review-login-a1b2c"),
    finds: [wrongName],
  },
  {
    it: "refuses suffixes that are none",
    resources: namespace("review-login-A1B2C3"),
    finds: [wrongName],
  },
  {
    it: "refuses names that end alike",
    resources: namespace("x-review-login"),
    finds: [wrongName],
  },
  {
    it: "refuses another project than the label's",
    resources: namespace("review-shop-login", project("other")),
    finds: [wrongName],
  },
  {
    it: "refuses the plain name with the label of another project",
    resources: namespace("review-login", project("shop")),
    finds: [wrongName],
  },
  {
    it: "refuses projects that cannot be one",
    resources: namespace("review-a-b-login", project("a-b")),
    finds: [wrongName, `metadata.labels["${prefix}project"] is not review`],
  },
  {
    it: "refuses a name that somebody else makes up",
    resources: namespace(null),
    finds: ["metadata.name is left out, so the provider makes one up"],
  },
  {
    it: "refuses a name that is not known and waits for nothing random",
    resources: [suffix, namespace(unknownText)],
    finds: ["metadata.name is not known before the update, and depends on no random suffix"],
  },
  {
    it: "refuses a name that waits for something else",
    resources: [
      namespace("review-login"),
      { ...namespace(unknownText), name: "two", dependencies: [namespace("review-login")] },
    ],
    finds: ["two: metadata.name is not known", "two is not the only namespace of its stack"],
  },
  {
    it: "refuses stacks that are no review environment's",
    resources: namespace("staging", { [`${prefix}stack`]: "staging" }, staging),
    finds: ["Namespace env belongs to a stack that is none of a review environment"],
  },
  {
    it: "refuses review environments where one that stays is expected",
    resources: namespace("review-login"),
    settings: stays,
    finds: [`metadata.labels["${prefix}kind"] is not permanent`],
  },
  {
    it: "refuses labels that say something else",
    resources: namespace("review-login", {
      [`${prefix}kind`]: "permanent",
      [`${prefix}stack`]: secretValue(secretText),
    }),
    finds: [
      `metadata.labels["${prefix}kind"] is not review`,
      `metadata.labels["${prefix}stack"] is not review-login`,
    ],
  },
  {
    it: "refuses a namespace without labels",
    resources: namespace(
      "review-login",
      {},
      { properties: { metadata: { name: "review-login" } } },
    ),
    finds: [wrongName, "kind", "stack", "project"],
  },
  {
    it: "refuses labels that are not known",
    resources: namespace("review-login", { [`${prefix}kind`]: unknownText }),
    finds: [`metadata.labels["${prefix}kind"] is not known before the update`],
  },
  {
    it: "refuses labels of which none is known",
    resources: namespace(
      "review-login",
      {},
      { properties: { metadata: { name: "review-login", labels: unknownText } } },
    ),
    finds: [wrongName, 'kind"] is not known', 'stack"] is not known', 'project"] is not known'],
  },
  {
    it: "refuses a second environment",
    resources: [
      namespace("review-login"),
      { ...namespace("review-shop-login", project("shop")), name: "two" },
    ],
    finds: ["Namespace two is not the only namespace of its stack"],
  },
]);

const key = `${prefix}expires-at`;
const expiring = (annotations: unknown): AnalyzedResource =>
  namespace("x", {}, { properties: { metadata: { name: "x", annotations } } });
const place = `Namespace env: metadata.annotations["${key}"] `;

describePolicy(environmentExpires, [
  { it: "passes with an instant", resources: expiring({ [key]: "2027-01-31T18:00:00Z" }) },
  { it: "passes with what is known later", resources: [expiring({ [key]: unknownText }), suffix] },
  { it: "passes with annotations that are known later", resources: expiring(unknownText) },
  {
    it: "passes with one that stays and does not expire",
    resources: expiring({}),
    settings: stays,
  },
  {
    it: "passes with one that stays and whose annotations are known later",
    resources: expiring(unknownText),
    settings: stays,
  },
  { it: "tells of none", resources: expiring({}), finds: [`${place}is missing`] },
  {
    it: "tells of what is no instant",
    resources: expiring({ [key]: secretValue(secretText) }),
    finds: [`${place}is no instant in UTC`],
  },
  {
    it: "tells of what is no text",
    resources: expiring({ [key]: 5 }),
    finds: [`${place}is no instant`],
  },
  {
    it: "tells of one that stays and expires",
    resources: expiring({ [key]: unknownText }),
    settings: stays,
    finds: [`${place}is there, but an environment that stays never expires`],
  },
]);

import { environmentFlowSchemaSpec } from "#components/core/flowSchema";
import {
  environmentHasFlowSchema,
  flowSchemasAreTheEnvironmentsOwn,
} from "#policy/policies/flowSchemas";
import { describePolicy, secretText } from "./support/policyCases";
import { type AnalyzedResource, unknownText } from "./support/policyAnalyzer";
import { resourceOf, secret } from "./support/policyResources";

const labels = { "secure-environment/project": "shop" };
const type = "flowcontrol.apiserver.k8s.io/v1:FlowSchema";
const spec = environmentFlowSchemaSpec("review-shop-login", "shop");
const [rule] = spec.rules as readonly object[];

const flowSchema = (name: unknown, others: unknown = spec) =>
  resourceOf(type, { metadata: { name, labels }, spec: others });
const withSpec = (others: object) => flowSchema("review-shop-login", { ...spec, ...others });
const withRule = (others: object) => withSpec({ rules: [{ ...rule, ...others }] });
const group = (name: unknown) => ({ kind: "Group", group: { name } });

const another = "is not what the platform has for the FlowSchemas of environments";
const foreign = "metadata.name is not the namespace of this stack's environment";
const unknown = "is not known before the update";

describePolicy(flowSchemasAreTheEnvironmentsOwn, [
  {
    it: "passes the one of the environment, with a project and a suffix too",
    resources: [
      flowSchema("review-shop-login"),
      flowSchema(
        "review-shop-login-x1y2z3",
        environmentFlowSchemaSpec("review-shop-login-x1y2z3", "shop"),
      ),
      withSpec({ distinguisherMethod: { type: "ByUser", other: null } }),
    ],
  },
  {
    it: "passes what waits for the namespace's name",
    resources: [
      flowSchema(unknownText, unknownText),
      flowSchema(unknownText, {
        ...spec,
        rules: [{ ...rule, subjects: [group(unknownText)] }],
      }),
    ],
  },
  {
    it: "has no say in other kinds",
    resources: [
      resourceOf("flowcontrol.apiserver.k8s.io/v1:PriorityLevelConfiguration", { spec: {} }),
      resourceOf("example.com/v1:FlowSchema", { spec: {} }),
      resourceOf(type, {}),
    ],
  },
  {
    it: "refuses another name, and none",
    resources: [
      flowSchema("review-other", environmentFlowSchemaSpec("review-other", "")),
      flowSchema("system-nodes", environmentFlowSchemaSpec("system-nodes", "")),
      flowSchema(secret, environmentFlowSchemaSpec(secretText, "")),
      flowSchema(null, environmentFlowSchemaSpec("", "")),
    ],
    finds: [foreign, foreign, foreign, foreign],
  },
  {
    it: "refuses another level, precedence and way to tell requests apart",
    resources: withSpec({
      priorityLevelConfiguration: { name: "exempt" },
      matchingPrecedence: 1,
      distinguisherMethod: { type: "ByNamespace" },
    }),
    finds: [
      `FlowSchema x: spec.priorityLevelConfiguration.name ${another}. Leave the FlowSchema`,
      `spec.matchingPrecedence ${another}`,
      `spec.distinguisherMethod.type ${another}`,
    ],
  },
  {
    it: "refuses the share of another project, and the one from before projects had shares",
    resources: [
      flowSchema("review-shop-login", environmentFlowSchemaSpec("review-shop-login", "blog")),
      withSpec({ priorityLevelConfiguration: { name: "secure-environment-review" } }),
    ],
    finds: [
      `spec.priorityLevelConfiguration.name ${another}`,
      `spec.priorityLevelConfiguration.name ${another}`,
    ],
  },
  {
    it: "refuses other subjects, and more of them",
    resources: [
      withRule({ subjects: [group("system:serviceaccounts:production")] }),
      withRule({
        subjects: [group("system:serviceaccounts:review-shop-login"), group("dev-users")],
      }),
      withRule({ subjects: [{ ...group("system:serviceaccounts:review-shop-login"), user: {} }] }),
      withSpec({ rules: [rule, rule] }),
      withSpec({ rules: [] }),
    ],
    finds: [
      `spec.rules[0].subjects[0].group.name ${another}`,
      `spec.rules[0].subjects ${another}`,
      `spec.rules[0].subjects[0] ${another}`,
      `spec.rules ${another}`,
      `spec.rules ${another}`,
    ],
  },
  {
    it: "refuses what leaves requests of the environment out",
    resources: [
      withRule({ nonResourceRules: null }),
      withRule({ resourceRules: "all" }),
      withSpec({ distinguisherMethod: null }),
      withSpec({ matchingPrecedence: null }),
    ],
    finds: [
      `spec.rules[0].nonResourceRules ${another}`,
      `spec.rules[0].resourceRules ${another}`,
      `spec.distinguisherMethod ${another}`,
      `spec.matchingPrecedence ${another}`,
    ],
  },
  {
    it: "refuses what is not known, or secret, where the name is known",
    resources: [
      withSpec({ matchingPrecedence: unknownText }),
      flowSchema("review-shop-login", unknownText),
      withSpec({ priorityLevelConfiguration: { name: secret } }),
    ],
    finds: [
      `spec.matchingPrecedence ${unknown}`,
      `spec ${unknown}`,
      `spec.priorityLevelConfiguration.name ${another}`,
    ],
  },
  {
    it: "refuses what is wrong before the name is known",
    resources: [
      flowSchema(unknownText),
      flowSchema(unknownText, { ...spec, rules: unknownText, matchingPrecedence: 1 }),
      flowSchema(unknownText, {
        ...environmentFlowSchemaSpec("", "blog"),
        rules: unknownText,
      }),
      resourceOf(type, { metadata: { name: unknownText }, spec: { ...spec, rules: unknownText } }),
    ],
    finds: [
      `spec.rules[0].subjects[0].group.name ${another}`,
      `spec.matchingPrecedence ${another}`,
      `spec.priorityLevelConfiguration.name ${another}`,
      `spec.priorityLevelConfiguration.name ${another}`,
    ],
  },
  {
    it: "judges older versions, and patches, in the same way",
    resources: [
      resourceOf("flowcontrol.apiserver.k8s.io/v1beta3:FlowSchema", {
        metadata: { name: "review-shop-login" },
        spec: { ...spec, matchingPrecedence: 1 },
      }),
      resourceOf(`${type}Patch`, {
        metadata: { name: "review-shop-login" },
        spec: { ...spec, matchingPrecedence: 1 },
      }),
    ] satisfies AnalyzedResource[],
    finds: [`spec.matchingPrecedence ${another}`, `spec.matchingPrecedence ${another}`],
  },
]);

const own = (name: unknown) =>
  resourceOf("core/v1:Namespace", { metadata: { name } }, { name: "env" });
const underPlatform = { settings: { platform: true } };
const noFlowSchema = "Namespace env has no FlowSchema of its name";

describePolicy(environmentHasFlowSchema, [
  { it: "has no say where no platform guards environments", resources: [own("review-login")] },
  {
    it: "passes a namespace with one of its name",
    resources: [own("review-login"), flowSchema("review-login")],
    ...underPlatform,
  },
  {
    it: "passes before the name is known",
    resources: [own(unknownText), flowSchema(unknownText)],
    ...underPlatform,
  },
  {
    it: "passes a stack without a namespace",
    resources: [resourceOf("core/v1:ConfigMap", { metadata: { name: "x" } })],
    ...underPlatform,
  },
  {
    it: "refuses a namespace without one, or with that of another",
    resources: [own("review-login"), flowSchema("review-other")],
    finds: [noFlowSchema],
    ...underPlatform,
  },
  {
    it: "takes neither a patch nor another kind for one",
    resources: [
      own("review-login"),
      resourceOf(`${type}Patch`, { metadata: { name: "review-login" }, spec }),
      resourceOf("core/v1:ConfigMap", { metadata: { name: "review-login" } }),
    ],
    finds: [noFlowSchema],
    ...underPlatform,
  },
]);

import { identityLabels } from "#components/core/metadata";
import { bent, deleteRequest, patchRequest, postRequest } from "../support/apiRequests";
import { type Attack, byEach, type Attempt, attemptsBy } from "./attack";
import { guests } from "./attackers";
import { bare, login, type Place, post } from "./places";
import { fence } from "./reasons";
import { byAccessControl } from "./refusal";

/** The share of the API server: who gets how much of it. */

const collection = "/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas";
const levels = "/apis/flowcontrol.apiserver.k8s.io/v1/prioritylevelconfigurations";
/** What an environment says: its service accounts share the level of their project. */
export function newFlowSchema({ namespace, project, stack }: Place) {
  return postRequest(collection, {
    apiVersion: "flowcontrol.apiserver.k8s.io/v1",
    kind: "FlowSchema",
    metadata: {
      name: namespace,
      labels: identityLabels({ kind: "review", project, stack }),
    },
    spec: {
      priorityLevelConfiguration: { name: `secure-environment-review-${project}` },
      matchingPrecedence: 8000,
      distinguisherMethod: { type: "ByUser" },
      rules: [
        {
          subjects: [group(`system:serviceaccounts:${namespace}`)],
          resourceRules: [
            {
              verbs: ["*"],
              apiGroups: ["*"],
              resources: ["*"],
              clusterScope: true,
              namespaces: ["*"],
            },
          ],
          nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["*"] }],
        },
      ],
    },
  });
}

function group(name: string) {
  return { kind: "Group", group: { name } };
}

type Rule = Readonly<Record<string, unknown>>;

function withSubjects(...subjects: readonly object[]) {
  const { spec } = newFlowSchema(bare).body as { spec: { rules: readonly [Rule] } };
  return { spec: { rules: [{ ...spec.rules[0], subjects }] } };
}

const attempts: readonly Attempt[] = (
  [
    [
      "that is exempt from all limits",
      "a flood from the environment would stop the API server",
      { spec: { priorityLevelConfiguration: { name: "exempt" } } },
    ],
    [
      "with the system's level",
      "a flood from the environment would stop the controllers",
      { spec: { priorityLevelConfiguration: { name: "system" } } },
    ],
    [
      "with another project's level",
      "a flood from the environment would starve another project's",
      { spec: { priorityLevelConfiguration: { name: "secure-environment-review-blog" } } },
    ],
    [
      "with the level of its pipeline",
      "a flood from the environment would keep the pipeline from unmaking it",
      { spec: { priorityLevelConfiguration: { name: "secure-environment-pipeline-shop" } } },
    ],
    [
      "with the level of what belongs to no project",
      "a flood from the environment would starve developers of all projects",
      { spec: { priorityLevelConfiguration: { name: "secure-environment-review" } } },
    ],
    [
      "that comes before all others",
      "it would take the requests of others",
      { spec: { matchingPrecedence: 100 } },
    ],
    [
      "for everybody",
      "everybody's requests would queue behind the environment's",
      withSubjects(group("system:authenticated")),
    ],
    [
      "for the service accounts of production",
      "production's requests would queue behind the environment's",
      withSubjects(group("system:serviceaccounts:production")),
    ],
    [
      "for its own accounts and the nodes",
      "the kubelets would queue behind the environment's requests",
      withSubjects(group(`system:serviceaccounts:${bare.namespace}`), group("system:nodes")),
    ],
    [
      "without a distinction of users",
      "one account would starve the others",
      { spec: { distinguisherMethod: null } },
    ],
  ] as const
).map(([what, harm, changes]) => ({
  what: `makes a flow schema ${what}`,
  harm,
  request: bent(newFlowSchema(bare), changes),
  refusal: fence.flowSchemaSpec,
}));

const plainMetadata: readonly Attempt[] = [
  {
    what: "makes a flow schema with a finalizer",
    harm: "it would never go",
    request: bent(newFlowSchema(bare), { metadata: { finalizers: ["example.com/stuck"] } }),
    refusal: fence.objectOwnership,
  },
  {
    what: "makes a flow schema with a label of others",
    harm: "whatever selects the label would take it for its own",
    request: bent(newFlowSchema(bare), { metadata: { labels: { env: "production" } } }),
    refusal: fence.objectLabels,
  },
];

const foreignNames: readonly Attempt[] = (
  [
    ["another project's environment", "review-blog-flood"],
    ["nobody", "mine"],
  ] as const
).map(([what, name]) => ({
  what: `makes a flow schema named for ${what}`,
  harm: "it would stay when the environment goes",
  request: bent(newFlowSchema(bare), { metadata: { name } }),
  refusal: fence.flowSchemaName,
}));

const keeping = patchRequest(`${collection}/${login.namespace}`, {
  spec: { matchingPrecedence: 8000 },
});
const changes: readonly Attempt[] = [
  {
    what: "moves its flow schema before all others",
    harm: "it would take the requests of others",
    request: bent(keeping, { spec: { matchingPrecedence: 100 } }),
    refusal: fence.flowSchemaSpec,
  },
  {
    what: "moves its flow schema to another project's level",
    harm: "a flood from the environment would starve another project's",
    request: bent(keeping, {
      spec: { priorityLevelConfiguration: { name: "secure-environment-review-blog" } },
    }),
    refusal: fence.flowSchemaSpec,
  },
  {
    what: "changes another project's flow schema",
    harm: "another project would be slowed down",
    request: patchRequest(`${collection}/${post.namespace}`, {
      spec: { matchingPrecedence: 8000 },
    }),
    refusal: fence.flowSchemaName,
  },
  {
    what: "takes the flow schema of the system's controllers",
    harm: "the cluster would stand still",
    request: patchRequest(`${collection}/kube-controller-manager`, {
      spec: { matchingPrecedence: 8000 },
    }),
    refusal: fence.flowSchemaName,
  },
];

const own = deleteRequest(`${collection}/${login.namespace}`);
const removals: readonly Attempt[] = [post.namespace, "global-default", "system-nodes"].map(
  (name) => ({
    what: `deletes the flow schema ${name}`,
    harm: "requests of others would be in no share",
    request: deleteRequest(`${collection}/${name}`),
    refusal: fence.flowSchemaName,
  }),
);

/** Shares of the API server that pipelines and guests want. */
export const flowSchemaAttacks: readonly Attack[] = [
  ...attemptsBy("shopPipeline", newFlowSchema(bare), [
    ...attempts,
    ...plainMetadata,
    ...foreignNames,
  ]),
  ...attemptsBy("shopPipeline", keeping, changes),
  ...attemptsBy("shopPipeline", own, removals),
  ...attemptsBy("secondAccount", own, removals),
  ...attemptsBy("almightyPipeline", newFlowSchema(bare), attempts),
  ...byEach(["shopPipeline", "secondAccount", ...guests], {
    what: "widens the share of environments",
    harm: "a flood from environments would stop the others",
    request: patchRequest(`${levels}/secure-environment-review-shop`, {
      spec: { limited: { nominalConcurrencyShares: 10000 } },
    }),
    refusal: byAccessControl,
  }),
  ...attemptsBy("almightyPipeline", own, [
    {
      what: "widens the share of environments",
      harm: "a flood from environments would stop the others",
      request: patchRequest(`${levels}/secure-environment-review-shop`, {
        spec: { limited: { nominalConcurrencyShares: 10000 } },
      }),
      refusal: fence.otherKind,
    },
  ]),
  ...byEach(guests, {
    what: "takes the environment out of its share",
    harm: "a flood from the environment would slow others down",
    request: own,
    refusal: byAccessControl,
  }),
];

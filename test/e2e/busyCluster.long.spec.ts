import { expect } from "chai";
import { labels } from "#components/core/labels";
import { type ApiRequest, bent, createAll, postRequest, send } from "./support/apiRequests";
import { type Configuration } from "./support/reviewProgram";
import { PlatformCluster, platformStack } from "./support/platformScene";
import { newNamespace } from "./attacks/pipelineRequests";
import { fresh } from "./attacks/places";

const admission = "/apis/admissionregistration.k8s.io/v1";
const bindings = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings";
const projects = [{ name: "shop", pipelineGroup: "ci-shop" }];

/** What administrators had before: whatever is made is labelled, and pods are important. */
const mutations: readonly ApiRequest[] = [
  ...writer("cost-centre", "labels", "cost-centre", ["namespaces", "networkpolicies"]),
  ...writer("data-class", "annotations", "example.com/class", ["namespaces", "deployments"]),
];
const important = postRequest("/apis/scheduling.k8s.io/v1/priorityclasses", {
  metadata: { name: "important" },
  value: 1000,
  globalDefault: true,
});

describe("a cluster whose administrators label what is made, and prefer pods", function () {
  this.timeout(300_000);
  let cluster: PlatformCluster;

  before("start one", async () => {
    cluster = await PlatformCluster.start();
    await createAll(cluster.api, [...mutations, important]);
    await cluster.program.createStack(platformStack, { projects });
  });

  after("stop it", () => cluster.end());

  it("is told what stands in the way of environments, and gives its pipelines no rights", async () => {
    const { exitCode, output } = await upWith({});
    expect(exitCode, output).not.to.equal(0);
    expect(output).to.contain("The cluster does not let environments come up");
    expect(output).to.match(
      /adds cost-centre to the labels of [^:]*networkpolicies[^:]*: the MutatingAdmissionPolicy cost-centre\. .* list it in clusterLabels;/,
    );
    expect(output).to.match(
      /adds example\.com\/class to the annotations of [^:]*deployments[^:]*: the MutatingAdmissionPolicy data-class\. .* list it in clusterAnnotations;/,
    );
    expect(output).to.match(
      /a plain Pod: .*raise maximumPodPriority\. Found: 1000 by the PriorityClass important\.\n/,
    );
    expect(output).not.to.contain("The fence around the pipelines does not hold");
    const { body } = await cluster.api.request("GET", bindings);
    const names = (body.items as { metadata: { name: string } }[]).map(
      ({ metadata }) => metadata.name,
    );
    expect(names.filter((name) => name.startsWith("secure-environment-pipeline"))).to.deep.equal(
      [],
    );
  });

  it("comes up once its settings say what is added and how important pods are", async () => {
    const { exitCode, output } = await upWith({
      clusterLabels: ["cost-centre"],
      clusterAnnotations: ["example.com/class"],
      maximumPodPriority: "1000",
    });
    expect(exitCode, output).to.equal(0);
    const onNoPool = { metadata: { labels: { [labels.nodePool]: null } } };
    const headers = { "Impersonate-User": "pipeline", "Impersonate-Group": "ci-shop" };
    const { status, body } = await send(cluster.api, {
      ...bent(newNamespace(fresh), onNoPool),
      headers,
    });
    expect(status, body.message).to.equal(201);
    expect(body.metadata.labels).to.include({ "cost-centre": "added" });
  });

  async function upWith(configuration: Configuration) {
    await cluster.program.configure(platformStack, { projects, ...configuration });
    return cluster.program.up(platformStack);
  }
});

/** A policy of administrators that writes a label or an annotation, and its binding. */
function writer(
  name: string,
  field: "labels" | "annotations",
  key: string,
  resources: readonly string[],
): ApiRequest[] {
  const rule = {
    apiGroups: ["*"],
    apiVersions: ["*"],
    resources,
    operations: ["CREATE", "UPDATE"],
  };
  const expression = `Object{metadata: Object.metadata{${field}: {"${key}": "added"}}}`;
  return [
    postRequest(`${admission}/mutatingadmissionpolicies`, {
      metadata: { name },
      spec: {
        reinvocationPolicy: "Never",
        failurePolicy: "Fail",
        matchConstraints: { resourceRules: [rule] },
        mutations: [{ patchType: "ApplyConfiguration", applyConfiguration: { expression } }],
      },
    }),
    postRequest(`${admission}/mutatingadmissionpolicybindings`, {
      metadata: { name },
      spec: { policyName: name },
    }),
  ];
}

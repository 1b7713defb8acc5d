import { KubernetesApi } from "secure-environment-sandbox";
import { ruleCases } from "../support/ruleCases";
import { platformConfiguration } from "../support/ruleCases/surroundings";
import { expectVerdict } from "../support/ruleCases/verdicts";
import { buildEnvironment } from "./attacks/environments";
import { domain, login } from "./attacks/places";
import { type ApiRequest, rehearsal, send } from "./support/apiRequests";
import { setPlatformScene } from "./support/platformScene";

describe("the rules that arguments, platform and pack share, by the API server", function () {
  this.timeout(300_000);
  const scene = setPlatformScene(platformConfiguration);
  let pipeline: KubernetesApi;
  let deployer: KubernetesApi;

  before("bring an environment up as its pipeline", async () => {
    pipeline = await asAccount("secure-environment-pipeline-shop", "pipeline");
    await buildEnvironment(pipeline, login, [{ group: "dev-users" }], { domain });
    deployer = await asAccount(login.namespace, "deployer");
  });

  after(() => [pipeline, deployer].forEach((api) => api.close()));

  for (const [what, cases] of Object.entries(ruleCases)) {
    describe(`the rule about ${what}`, () => {
      for (const { what: judged, apiServer } of cases) {
        it(`judges ${judged}`, () => expectVerdict(apiServer, refusalOf));
      }
    });
  }

  /** Pipelines write walls and what opens them, deployers everything else. */
  async function refusalOf(request: ApiRequest): Promise<string> {
    const sender = /\/(namespaces|networkpolicies)$/.test(request.path) ? pipeline : deployer;
    const { status, body } = await send(sender, rehearsal(request));
    return status < 300 ? "" : String(body.message);
  }

  async function asAccount(namespace: string, name: string): Promise<KubernetesApi> {
    return new KubernetesApi(await scene.sandbox.serviceAccountKubeconfig(namespace, name));
  }
});

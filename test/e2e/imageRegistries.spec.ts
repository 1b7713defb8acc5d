import { expect } from "chai";
import { objectsIn } from "./support/namespaceObjects";
import { promisedObjects } from "./support/promised";
import { setScene } from "./support/scene";
import { compliantPod } from "./support/workloads";

const stack = "review-registries";
const core = `/api/v1/namespaces/${stack}`;
const password = "correct-horse-battery-staple";
const newPassword = "another-horse-another-staple";
const auth = Buffer.from(`jane:${password}`).toString("base64");

describe("the image registries of an environment", function () {
  this.timeout(300_000);
  const scene = setScene();
  const said: string[] = [];

  before(async () => {
    await scene.program.createStack(stack, {
      "imageRegistries[0].host": "registry.example.com:5000",
      "imageRegistries[0].username": "jane",
      "imageRegistries[1].host": "docker.io",
      "imageRegistries[1].username": "shop",
    });
    await setPassword(0, password);
    await setPassword(1, password);
    const arguments_ = ["--stack", stack, "--diff"];
    const preview = await scene.program.succeed(["preview", ...arguments_]);
    const json = await scene.program.succeed(["preview", "--stack", stack, "--json"]);
    const up = await scene.program.succeed(["up", ...arguments_, "--yes"]);
    said.push(preview.output, json.output, up.output);
  });

  after(async () => {
    await scene.program.destroy(stack);
  });

  it("are one Secret more than the environment without them", async () => {
    const objects = await objectsIn(scene.api, stack);
    expect(objects).to.deep.equal([...promisedObjects, "Secret/image-registries"].sort());
  });

  it("are a Secret that Kubernetes takes for pulling images", async () => {
    const { body } = await scene.api.request("GET", `${core}/secrets/image-registries`);
    const encoded = body.data[".dockerconfigjson"] as string;
    expect(body.type).to.equal("kubernetes.io/dockerconfigjson");
    expect(JSON.parse(Buffer.from(encoded, "base64").toString())).to.deep.equal({
      auths: {
        "registry.example.com:5000": { username: "jane", password, auth },
        "https://index.docker.io/v1/": {
          username: "shop",
          password,
          auth: Buffer.from(`shop:${password}`).toString("base64"),
        },
      },
    });
  });

  for (const account of ["default", "deployer"]) {
    it(`are used by the pods of the account ${account}`, async () => {
      const pod = compliantPod(`pulls-as-${account}`);
      pod.spec.serviceAccountName = account;
      const { status, body } = await scene.api.request("POST", `${core}/pods`, pod);
      expect([status, body.spec.imagePullSecrets]).to.deep.equal([
        201,
        [{ name: "image-registries" }],
      ]);
    });
  }

  it("leave no password in what Pulumi says or keeps", async () => {
    const { stdout } = await scene.program.succeed(["stack", "export", "--stack", stack]);
    expect(stdout, "the state was exported").to.contain("image-registries");
    const { body } = await scene.api.request("GET", `${core}/secrets/image-registries`);
    const forms = [...formsOf(password), body.data[".dockerconfigjson"] as string];
    for (const text of [...said, stdout]) {
      for (const form of forms) {
        expect(text.includes(form), "a form of the password is in plain text").to.equal(false);
      }
    }
  });

  it("change nothing in the next run", async () => {
    const up = await scene.program.up(stack, "--refresh", "--expect-no-changes");
    expect(up.exitCode, up.output).to.equal(0);
  });

  it("follow a new password", async () => {
    await setPassword(0, newPassword);
    const up = await scene.program.up(stack, "--diff");
    expect(up.exitCode, up.output).to.equal(0);
    expect(up.output).not.to.contain(newPassword).and.not.to.contain(password);
    const { body } = await scene.api.request("GET", `${core}/secrets/image-registries`);
    const content = Buffer.from(body.data[".dockerconfigjson"] as string, "base64").toString();
    expect(content).to.contain(newPassword);
  });

  it("leave the accounts and the namespace when they are no longer given", async () => {
    await scene.program.succeed(["config", "rm", "--stack", stack, "imageRegistries"]);
    const up = await scene.program.up(stack);
    expect(up.exitCode, up.output).to.equal(0);
    expect(await objectsWithoutPods()).to.deep.equal(promisedObjects);
    for (const account of ["default", "deployer"]) {
      const { body } = await scene.api.request("GET", `${core}/serviceaccounts/${account}`);
      expect(body, account).not.to.have.property("imagePullSecrets");
      expect(body.automountServiceAccountToken, account).to.equal(false);
    }
  });

  async function objectsWithoutPods(): Promise<string[]> {
    const objects = await objectsIn(scene.api, stack);
    return objects.filter((object) => !object.startsWith("Pod/"));
  }

  async function setPassword(index: number, value: string): Promise<void> {
    const key = `imageRegistries[${index}].password`;
    await scene.program.succeed([
      ...["config", "set", "--stack", stack, "--secret", "--path", key, value],
    ]);
  }
});

/** Everything that gives the password away: itself, and its encodings alone and in what holds it. */
function formsOf(text: string): string[] {
  const pairs = [`jane:${text}`, `shop:${text}`];
  return [text, ...[text, ...pairs].map((form) => Buffer.from(form).toString("base64"))];
}

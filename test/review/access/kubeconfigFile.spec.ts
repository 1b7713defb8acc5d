import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { chosenCluster } from "secure-environment-kubernetes";
import {
  defaultKubeconfigFile,
  developerUser,
  kubeconfigContent,
  requireOwnFile,
  writeKubeconfig,
} from "#review/access/kubeconfigFile";

const server = "https://cluster.example.com:6443";
const content = kubeconfigContent({ server }, "deployer", { token: "hunter2" }, "review-a");

describe("the kubeconfig of an environment", () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "secure-environment-kubeconfig-"));
    file = join(folder, "kubeconfig.yaml");
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it("leads to the cluster as its user", () => {
    const { cluster, user } = chosenCluster({ kubeconfig: content });
    expect(cluster).to.deep.equal({ server });
    expect(user).to.deep.equal({ token: "hunter2" });
  });

  it("has developers sign in, and no credential of theirs", () => {
    const developers = {
      issuer: "https://accounts.example.com",
      clientId: "cluster",
      scopes: ["groups", "email"],
    };
    expect(developerUser(developers)).to.deep.equal({
      exec: {
        apiVersion: "client.authentication.k8s.io/v1",
        command: "kubectl",
        args: [
          "oidc-login",
          "get-token",
          "--oidc-issuer-url=https://accounts.example.com",
          "--oidc-client-id=cluster",
          "--oidc-extra-scope=groups",
          "--oidc-extra-scope=email",
        ],
        installHint: "Install the plugin oidc-login of kubectl: kubectl krew install oidc-login",
        interactiveMode: "IfAvailable",
      },
    });
  });

  it("lies below the user's own state, for each cluster, namespace and user apart", () => {
    const files = [
      defaultKubeconfigFile(server, "review-a", "deployer", folder),
      defaultKubeconfigFile(server, "review-a", "developer", folder),
      defaultKubeconfigFile(server, "review-b", "deployer", folder),
      defaultKubeconfigFile("https://[fd00::1]:6443/k8s", "review-a", "deployer", folder),
    ];
    expect(new Set(files).size).to.equal(4);
    files.forEach((one) => expect(one.startsWith(join(folder, ".local/state"))).to.equal(true));
    writeKubeconfig(files[3] ?? "", content);
    expect(statSync(dirname(files[3] ?? "")).mode & 0o777).to.equal(0o700);
  });

  it("is read by its owner alone, and nothing is left beside it", () => {
    writeKubeconfig(file, content);
    writeKubeconfig(file, content);
    expect(statSync(file).mode & 0o777).to.equal(0o600);
    expect(readFileSync(file, "utf8")).to.equal(content);
    expect(readdirSync(folder)).to.deep.equal(["kubeconfig.yaml"]);
  });

  it("is written over nothing but itself", () => {
    const target = join(folder, "target");
    writeFileSync(target, content);
    symlinkSync(target, join(folder, "link"));
    symlinkSync(join(folder, "nowhere"), join(folder, "dangling"));
    mkdirSync(join(folder, "folder"));
    writeFileSync(join(folder, "foreign"), `kind: Config\n${content}`);
    for (const name of ["link", "dangling", "folder", "foreign"]) {
      expect(() => requireOwnFile(join(folder, name)), name).to.throw("Name another file");
      expect(() => writeKubeconfig(join(folder, name), content), name).to.throw("stays as it is");
    }
    expect(readFileSync(join(folder, "foreign"), "utf8")).to.match(/^kind: Config/);
  });

  it("cannot be written where there can be no folder, and the token is not told", () => {
    writeFileSync(file, "");
    const inside = join(file, "below", "kubeconfig");
    expect(() => writeKubeconfig(inside, content))
      .to.throw("could not be written: ENOTDIR. Name another file with --file.")
      .and.not.match(/hunter2/);
  });
});

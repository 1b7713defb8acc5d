import { expect } from "chai";
import { type CommandResult } from "../support/command";
import { analyzeState } from "../policy/support/exportedState";
import { secretValue } from "../policy/support/policyAnalyzer";
import { RawProgram, type RawResource, violatedPolicies } from "../policy/support/rawProgram";
import { setScene } from "./support/scene";

const secretText = "hunter2";
const secretAddress = "169.254.77.77";

describe("a policy that objects to a secret value", function () {
  this.timeout(300_000);
  const scene = setScene();
  let raw: RawProgram;
  let resources: readonly RawResource[];

  before("write a program with secrets where it violates policies", async () => {
    raw = await RawProgram.create(scene.sandbox);
    resources = [...(await raw.walledEnvironment()), ...secretSins.map(({ resource }) => resource)];
  });

  after(() => raw.remove());

  it("says so without the value in a preview", async () => {
    expectSilentRefusal(await raw.preview(resources));
  });

  describe("in the state of what stands already", () => {
    before("let it come up without the pack", async () => {
      const up = await raw.up(resources);
      expect(up.exitCode, up.output).to.equal(0);
    });

    after(async () => {
      expect((await raw.destroy()).exitCode).to.equal(0);
    });

    it("says so without the value when the export is encrypted", async () => {
      const state = await raw.exportedState();
      expect(state).not.to.contain(secretText);
      expectSilentRefusal(await analyzeState(scene.program, state));
    });

    it("says so without the value when the export shows secrets", async () => {
      const state = await raw.exportedState("--show-secrets");
      expect(state).to.contain(secretText);
      expectSilentRefusal(await analyzeState(scene.program, state));
    });
  });
});

/** Each secret is objected to, and none is shown. */
function expectSilentRefusal(run: CommandResult): void {
  expect(run.exitCode, run.output).not.to.equal(0);
  expect(violatedPolicies(run)).to.include.members(secretSins.map(({ policy }) => policy));
  expect(run.output).not.to.contain(secretText);
  expect(run.output).not.to.contain(secretAddress);
}

const name = "secret";
// Nothing serves them, so nothing waits until they are ready.
const annotations = { "pulumi.com/skipAwait": "true" };
const metadata = { name, namespace: "review-login", annotations };

/** Objects that a policy refuses for the very field that is a secret. */
const secretSins: readonly { readonly policy: string; readonly resource: RawResource }[] = [
  {
    policy: "services-stay-inside",
    resource: object("core/v1:Service", {
      spec: { type: "ExternalName", externalName: secretValue(`${secretText}.example.com`) },
    }),
  },
  {
    policy: "hosts-are-the-environments-own",
    resource: object("networking.k8s.io/v1:Ingress", {
      spec: {
        defaultBackend: { service: { name, port: { number: 80 } } },
        rules: [{ host: secretValue(`${secretText}.example.com`) }],
      },
    }),
  },
  {
    policy: "network-policies-name-their-peers",
    resource: object("networking.k8s.io/v1:NetworkPolicy", {
      spec: {
        podSelector: {},
        policyTypes: ["Ingress"],
        ingress: [
          { from: [{ namespaceSelector: { matchLabels: { team: secretValue(secretText) } } }] },
        ],
      },
    }),
  },
  {
    policy: "network-policies-spare-what-is-protected",
    resource: object(
      "networking.k8s.io/v1:NetworkPolicy",
      {
        metadata: { ...metadata, name: "secret-address" },
        spec: {
          podSelector: {},
          policyTypes: ["Egress"],
          egress: [{ to: [{ ipBlock: { cidr: secretValue(`${secretAddress}/32`) } }] }],
        },
      },
      "SecretAddress",
    ),
  },
  {
    policy: "roles-are-narrow",
    resource: object("rbac.authorization.k8s.io/v1:Role", {
      rules: [{ apiGroups: [""], resources: [secretValue(secretText)], verbs: ["get"] }],
    }),
  },
  {
    policy: "bindings-are-narrow",
    resource: object("rbac.authorization.k8s.io/v1:RoleBinding", {
      roleRef: {
        apiGroup: "rbac.authorization.k8s.io",
        kind: "ClusterRole",
        name: secretValue(secretText),
      },
      subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "dev-users" }],
    }),
  },
];

function object(type: string, properties: object, name?: string): RawResource {
  const [groupVersion = "", kind = ""] = type.split(":");
  const apiVersion = groupVersion.replace(/^core\//, "");
  return {
    type: `kubernetes:${type}`,
    name: name ?? kind,
    properties: { apiVersion, kind, metadata, ...properties },
  };
}

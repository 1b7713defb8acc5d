import { expect } from "chai";
import { type AccessArguments, accessProblems } from "#components/environment/rbac/accessProblems";
import { describeProblems } from "#components/core/problems";

const groupRemedy = "Name a group of your identity provider, such as dev-users.";
const userRemedy = "Name a user of your identity provider, such as jane.doe@example.com.";
const accountRemedy =
  "Name the account of a controller in a namespace of its own, such as argocd-application-controller of argocd.";
const repeatRemedy = "Keep one entry, with the preset and `readSecrets` that are meant.";

describe("the arguments of access", () => {
  const accepted: readonly AccessArguments[] = [
    {},
    { developerGroup: "oidc:shop developers" },
    { access: [] },
    { access: [{ group: "shop" }, { user: "shop" }] },
    { access: [{ user: "jane@example.com", preset: "debug", readSecrets: true }] },
    { access: [{ serviceAccount: { namespace: "argocd", name: "controller" }, preset: "deploy" }] },
    { platform: true, access: [{ serviceAccount: { namespace: "kube-system", name: "flux" } }] },
    { imageRegistries: [{ host: "docker.io", username: "jane", password: "hunter2" }] },
  ];
  for (const args of accepted) {
    it(`may be ${JSON.stringify(args)}`, () => {
      expect(accessProblems(args)).to.deep.equal([]);
    });
  }

  for (const group of ["", " \t"]) {
    const found = JSON.stringify(group);
    refuse("an empty group", { developerGroup: group }, [
      `developerGroup: is empty (found ${found}). ${groupRemedy}`,
    ]);
    refuse("an empty group in the list", { access: [{ group }] }, [
      `access[0].group: is empty (found ${found}). ${groupRemedy}`,
    ]);
    refuse("an empty user", { access: [{ user: group }] }, [
      `access[0].user: is empty (found ${found}). ${userRemedy}`,
    ]);
  }
  for (const name of ["system:authenticated", "system:masters", "system:"]) {
    refuse(`the group ${name}`, { developerGroup: name }, [
      `developerGroup: is a group of the cluster itself (found "${name}"). ${groupRemedy}`,
    ]);
    refuse(`the group ${name} in the list`, { access: [{ user: "jane" }, { group: name }] }, [
      `access[1].group: is a group of the cluster itself (found "${name}"). ${groupRemedy}`,
    ]);
  }
  for (const name of ["system:anonymous", "system:serviceaccount:kube-system:default"]) {
    refuse(`the user ${name}`, { access: [{ user: name }] }, [
      `access[0].user: is a user of the cluster itself (found "${name}"). ${userRemedy}`,
    ]);
  }
  refuse("spaces around a name", { access: [{ user: "jane " }] }, [
    `access[0].user: begins or ends with a space, so it fits nobody (found "jane "). ${userRemedy}`,
  ]);
  refuse("an entry for nobody", { access: [{ preset: "view" }] }, [
    "access[0]: names nobody. Give one of `group`, `user` and `serviceAccount`.",
  ]);
  refuse("an entry for a group and a user", { access: [{ group: "shop", user: "jane" }] }, [
    "access[0]: names a group and a user. Give one of `group`, `user` and `serviceAccount`.",
  ]);
  const argo = { namespace: "argocd", name: "controller" };
  refuse(
    "an entry for a user and a service account",
    { access: [{ user: "a", serviceAccount: argo }] },
    [
      "access[0]: names a user and a service account. Give one of `group`, `user` and `serviceAccount`.",
    ],
  );
  const neverIn: readonly (readonly [account: string, fault: string])[] = [
    ["Argo CD/controller", "is not a service account"],
    ["argocd/", "is not a service account"],
    [
      "review-shop-login/deployer",
      "is a service account of an environment, whose people act by it",
    ],
    [
      "secure-environment-pipeline-shop/pipeline",
      "is a service account of the platform or of a pipeline, which the platform fences",
    ],
    ["argocd/default", "is the account default, that of every pod there which names none"],
  ];
  for (const [account, fault] of neverIn) {
    const [namespace = "", name = ""] = account.split("/");
    for (const platform of [true, false]) {
      refuse(
        `${account}, platform: ${platform}`,
        { platform, access: [{ serviceAccount: { namespace, name } }] },
        [`access[0].serviceAccount: ${fault} (found "${account}"). ${accountRemedy}`],
      );
    }
  }
  for (const [namespace, fault] of [
    ["kube-system", "is a namespace of the cluster itself"],
    ["default", "is a namespace of the cluster itself"],
    ["production", "is a protected namespace"],
    ["payments-eu", "is a protected namespace"],
  ] as const) {
    const access = [{ serviceAccount: { namespace, name: "controller" } }];
    refuse(`an account of ${namespace}`, { protected: { namespaces: ["payments-*"] }, access }, [
      `access[0].serviceAccount.namespace: ${fault}, and only a platform may list its accounts (found "${namespace}"). ${accountRemedy}`,
    ]);
  }
  refuse("people who deploy as the deployer", { access: [{ group: "shop", preset: "deploy" }] }, [
    'access[0].preset: is for service accounts only, as it writes secrets (found "deploy"). Use develop or debug, with `readSecrets` if they are to read secrets.',
  ]);
  refuse(
    "a service account that reads secrets alone",
    { access: [{ serviceAccount: argo, readSecrets: true }] },
    [
      "access[0].readSecrets: is for groups and users only (found true). Leave it out; a service account that deploys has the preset deploy, which reads secrets.",
    ],
  );
  refuse(
    "a service account twice",
    { access: [{ serviceAccount: argo }, { serviceAccount: { ...argo } }] },
    [`access[1].serviceAccount: repeats access[0] (found "argocd/controller"). ${repeatRemedy}`],
  );
  it("take accounts of one name in two namespaces", () => {
    const access = [{ serviceAccount: argo }, { serviceAccount: { ...argo, namespace: "flux" } }];
    expect(accessProblems({ access })).to.deep.equal([]);
  });
  refuse("a group twice", { access: [{ group: "shop" }, { user: "a" }, { group: "shop" }] }, [
    `access[2].group: repeats access[0] (found "shop"). ${repeatRemedy}`,
  ]);
  refuse("a user twice", { access: [{ user: "jane", preset: "view" }, { user: "jane" }] }, [
    `access[1].user: repeats access[0], with the preset develop instead of view (found "jane"). ${repeatRemedy}`,
  ]);
  refuse("the developer group beside the list", { developerGroup: "shop", access: [] }, [
    'developerGroup: is given beside `access`, which says the same in full (found "shop"). Leave out one of the two.',
  ]);

  it("tell all their faults at once", () => {
    const problems = accessProblems({
      developerGroup: "",
      access: [{}, { group: "system:masters" }],
      imageRegistries: [{ host: "https://x", username: "", password: "" }],
    });
    expect(problems.map(({ property }) => property)).to.deep.equal([
      "developerGroup",
      "developerGroup",
      "access[0]",
      "access[1].group",
      "imageRegistries[0].host",
      "imageRegistries[0].username",
      "imageRegistries[0].password",
    ]);
  });
});

function refuse(what: string, args: AccessArguments, lines: readonly string[]): void {
  it(`refuse ${what}: ${JSON.stringify(args)}`, () => {
    const described = describeProblems(accessProblems(args)).split("\n").slice(1);
    expect(described).to.deep.equal(lines.map((line) => `  - ${line}`));
  });
}

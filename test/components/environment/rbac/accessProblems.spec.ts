import { expect } from "chai";
import { type AccessArguments, accessProblems } from "#components/environment/rbac/accessProblems";
import { describeProblems } from "#components/core/problems";

const groupRemedy = "Name a group of your identity provider, such as dev-users.";
const userRemedy = "Name a user of your identity provider, such as jane.doe@example.com.";
const repeatRemedy = "Keep one entry, with the preset and `readSecrets` that are meant.";

describe("the arguments of access", () => {
  const accepted: readonly AccessArguments[] = [
    {},
    { developerGroup: "oidc:shop developers" },
    { access: [] },
    { access: [{ group: "shop" }, { user: "shop" }] },
    { access: [{ user: "jane@example.com", preset: "debug", readSecrets: true }] },
    { platform: true, clusterRoles: { developer: "shop-developer" } },
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
    "access[0]: names nobody. Give either `group` or `user`.",
  ]);
  refuse("an entry for a group and a user", { access: [{ group: "shop", user: "jane" }] }, [
    "access[0]: names a group and a user. Give either `group` or `user`.",
  ]);
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
      platform: false,
      clusterRoles: { viewer: "admin" },
      imageRegistries: [{ host: "https://x", username: "", password: "" }],
    });
    expect(problems.map(({ property }) => property)).to.deep.equal([
      "developerGroup",
      "developerGroup",
      "access[0]",
      "access[1].group",
      "platform",
      "clusterRoles.viewer",
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

import { expect } from "chai";
import {
  boundClusterRoles,
  clusterRoleProblems,
  isUnderPlatform,
} from "#components/environment/rbac/boundClusterRoles";
import { describeProblems } from "#components/core/problems";

const platformNames = {
  viewer: "secure-environment-viewer",
  developer: "secure-environment-developer",
  debugger: "secure-environment-debugger",
  secretReader: "secure-environment-secret-reader",
  deployer: "secure-environment-deployer",
};

describe("the ClusterRoles of an environment", () => {
  it("are none unless there is a platform", () => {
    expect(boundClusterRoles({})).to.equal(undefined);
    expect(boundClusterRoles({ platform: false })).to.equal(undefined);
  });

  it("come with a platform, which they imply", () => {
    expect(isUnderPlatform({})).to.equal(false);
    expect(isUnderPlatform({ platform: true })).to.equal(true);
    expect(isUnderPlatform({ clusterRoles: {} })).to.equal(true);
    expect(isUnderPlatform({ platform: false, clusterRoles: {} })).to.equal(false);
  });

  it("are the platform's own when there is one", () => {
    expect(boundClusterRoles({ platform: true })).to.deep.equal(platformNames);
    expect(boundClusterRoles({ clusterRoles: {} })).to.deep.equal(platformNames);
  });

  it("are replaced one by one", () => {
    const clusterRoles = { viewer: "shop:viewer", deployer: "shop:deployer" };
    const expected = { ...platformNames, ...clusterRoles };
    expect(boundClusterRoles({ clusterRoles })).to.deep.equal(expected);
    expect(boundClusterRoles({ platform: true, clusterRoles })).to.deep.equal(expected);
  });

  it("keep the platform's name where one is left undefined", () => {
    expect(boundClusterRoles({ clusterRoles: { viewer: undefined } })).to.deep.equal(platformNames);
  });

  for (const name of ["view", "shop:developer", "Shop_developer", "..shop", "administrator"]) {
    it(`may be ${name}`, () => {
      expect(clusterRoleProblems({ clusterRoles: { developer: name } })).to.deep.equal([]);
    });
  }

  for (const name of ["cluster-admin", "admin", "edit", "system:aggregate-to-edit", "system:"]) {
    it(`may not be ${name}`, () => {
      expect(problemLines({ developer: name })).to.deep.equal([
        `  - clusterRoles.developer: is a ClusterRole of the cluster itself (found "${name}"). Name a ClusterRole of the platform with a closed list of rules.`,
      ]);
    });
  }

  for (const name of ["", " ", " edit", "..", ".", "a/b", "50%"]) {
    it(`may not be ${JSON.stringify(name)}`, () => {
      expect(problemLines({ debugger: name })).to.deep.equal([
        `  - clusterRoles.debugger: cannot be the name of a ClusterRole (found ${JSON.stringify(name)}). Use the name of a ClusterRole, such as secure-environment-developer.`,
      ]);
    });
  }

  it("may be shared, but for those that read secrets", () => {
    expect(
      clusterRoleProblems({ clusterRoles: { viewer: "shop", developer: "shop" } }),
    ).to.deep.equal([]);
    expect(problemLines({ developer: "shop", deployer: "shop" })).to.deep.equal([
      '  - clusterRoles.deployer: is the ClusterRole of developer as well, and it reads secrets (found "shop"). Name a ClusterRole that is for this alone.',
    ]);
    expect(problemLines({ viewer: "secure-environment-secret-reader" })).to.deep.equal([
      '  - clusterRoles.secretReader: is the ClusterRole of viewer as well, and it reads secrets (found "secure-environment-secret-reader"). Name a ClusterRole that is for this alone.',
    ]);
  });

  it("cannot be named where there is no platform; faults of the names are told all the same", () => {
    const problems = clusterRoleProblems({ platform: false, clusterRoles: { viewer: "edit" } });
    expect(problems).to.deep.equal([
      {
        property: "platform",
        found: false,
        fault: "contradicts `clusterRoles`, which only a platform has",
        remedy: "Leave out one of the two.",
      },
      {
        property: "clusterRoles.viewer",
        found: "edit",
        fault: "is a ClusterRole of the cluster itself",
        remedy: "Name a ClusterRole of the platform with a closed list of rules.",
      },
    ]);
  });
});

function problemLines(clusterRoles: Record<string, string>): string[] {
  return describeProblems(clusterRoleProblems({ clusterRoles })).split("\n").slice(1);
}

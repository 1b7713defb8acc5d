import { expect } from "chai";
import {
  type MeshArguments,
  meshProblems,
  meshReports,
} from "#components/environment/mesh/meshProblems";
import { type OpenHole } from "#components/environment/network/holes/openHole";
import { type Problem } from "#components/core/problems";
import { meshHoles } from "../../support/meshes/holes";

const [ingress, tests] = meshHoles as [OpenHole, OpenHole];
const unmeshed: OpenHole = {
  ...ingress,
  podPeer: { namespace: "ingress-nginx", podLabels: {}, meshed: false },
};
const range: OpenHole = { ...ingress, ports: [{ port: 8000, endPort: 8010, protocol: "TCP" }] };

/** As the mesh is asked, with the holes in the order of their names in messages. */
function problemsOf(args: Omit<MeshArguments, "holes">, holes: readonly OpenHole[]): Problem[] {
  return meshProblems({ ...args, holes }, holes);
}

describe("what a mesh cannot express", () => {
  it("is nothing without a mesh", () => {
    expect(problemsOf({}, [range, unmeshed])).to.deep.equal([]);
  });

  for (const args of [
    { mesh: "istio" },
    { mesh: "ambient" },
    { mesh: "linkerd", meshPorts: [] },
  ] as const) {
    it(`is in ${args.mesh} a range of ports that somebody comes in by`, () => {
      const [problem, ...others] = problemsOf(args, [range]);
      expect(others).to.deep.equal([]);
      expect(problem).to.include({ property: "holes[0].ports" });
      expect(problem?.found).to.deep.equal({ port: 8000, endPort: 8010 });
    });

    it(`is in ${args.mesh} no range out of the environment, of one port, or of another protocol`, () => {
      const passing: OpenHole[] = [
        { ...range, direction: "egress" },
        { ...ingress, ports: [{ port: 8000, endPort: 8000, protocol: "TCP" }] },
        { ...ingress, ports: [{ port: 8000, endPort: 8010, protocol: "UDP" }] },
      ];
      expect(problemsOf(args, passing)).to.deep.equal([]);
    });

    it(`is in ${args.mesh} none of the holes that most environments have`, () => {
      expect(problemsOf(args, meshHoles)).to.deep.equal([]);
    });
  }

  for (const mesh of ["istio", "ambient"] as const) {
    it(`is in ${mesh} plain text to every pod, from addresses and from pods outside the mesh`, () => {
      const holes = [unmeshed, { ...tests, podLabels: {} }];
      expect(propertiesOf(problemsOf({ mesh }, holes))).to.deep.equal([
        "holes[0].podLabels",
        "holes[1].podLabels",
      ]);
    });

    it(`is in ${mesh} plain text to pods that two holes may choose by different labels`, () => {
      const other = { ...tests, name: "other", podLabels: { tier: "front" } };
      const [problem, ...others] = problemsOf({ mesh }, [tests, other]);
      expect(others).to.deep.equal([]);
      expect(problem).to.include({ property: "holes[1].podLabels" });
      expect(problem?.fault).to.include("the hole tests");
    });

    it(`is in ${mesh} plain text to pods by labels of which one is called as objects' properties are`, () => {
      const other = { ...tests, name: "other", podLabels: { constructor: "shop" } };
      expect(propertiesOf(problemsOf({ mesh }, [tests, other]))).to.deep.equal([
        "holes[1].podLabels",
      ]);
    });

    it(`is in ${mesh} no plain text to the same pods, or to pods that differ in one label`, () => {
      const same = { ...tests, name: "same" };
      const different = { ...tests, name: "different", podLabels: { app: "admin" } };
      expect(problemsOf({ mesh }, [tests, same, different])).to.deep.equal([]);
    });
  }

  it("is in linkerd traffic between the environment's pods on ports that nobody names, which is reported", () => {
    expect(problemsOf({ mesh: "linkerd" }, [])).to.deep.equal([]);
    expect(meshReports({ mesh: "linkerd" })).to.have.length(1);
    expect(meshReports({ mesh: "linkerd" })[0]).to.contain("`meshPorts` names none");
    for (const args of [{}, { mesh: "istio" }, { mesh: "linkerd", meshPorts: [8080] }] as const) {
      expect(meshReports(args)).to.deep.equal([]);
    }
  });

  it("is in linkerd a port that is none", () => {
    const meshPorts = [8080, 0, 65536, 1.5];
    expect(propertiesOf(problemsOf({ mesh: "linkerd", meshPorts }, []))).to.deep.equal([
      "meshPorts[1]",
      "meshPorts[2]",
      "meshPorts[3]",
    ]);
  });

  it("is without linkerd a list of ports, which would bind nothing", () => {
    for (const args of [{}, { mesh: "istio" }, { mesh: "ambient" }] as const) {
      const problems = problemsOf({ ...args, meshPorts: [8080] }, []);
      expect(propertiesOf(problems)).to.deep.equal(["meshPorts"]);
    }
  });
});

function propertiesOf(problems: readonly { readonly property: string }[]): string[] {
  return problems.map(({ property }) => property);
}

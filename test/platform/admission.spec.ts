import { expect } from "chai";
import { type AdmissionProbe, admissionProbes, probeProblems } from "#platform/admission";
import { type KubernetesResponse } from "secure-environment-kubernetes";
import { pluginRefusals } from "./support/pluginRefusals";

const noDefaultAccount =
  'pods "secure-environment-probe" is forbidden: error looking up service account default/default: serviceaccount "default" not found';

describe("the probe of an admission plugin", () => {
  for (const probe of admissionProbes) {
    describe(`such as ${probe.plugin}`, () => {
      it("has nothing to say when the plugin refuses it", () => {
        expect(faultsOf(probe, pluginRefusals[probe.plugin]!)).to.deep.equal([]);
      });

      it("finds the plugin off when the request is let through", () => {
        const [fault, ...others] = faultsOf(probe, { status: 201, body: { token: "hunter2" } });
        expect(fault).to.match(/^is off, which l/);
        expect(others).to.deep.equal([]);
        const [problem] = probeProblems(probe, { status: 201, body: {} });
        expect(problem?.remedy).to.contain(`--enable-admission-plugins=${probe.plugin}`);
      });

      const others: [string, string][] = [
        ["RBAC", 'pods is forbidden: User "ada" cannot create resource "pods"'],
        ["a webhook", `admission webhook "x" denied the request: ${wordsOf(probe.plugin)}`],
        ["a policy", `ValidatingAdmissionPolicy 'x' denied request: ${wordsOf(probe.plugin)}`],
        ["a quota", 'pods "secure-environment-probe" is forbidden: exceeded quota: small'],
        ["the lack of a default account", noDefaultAccount],
      ];
      for (const [other, message] of others) {
        it(`cannot tell when ${other} refuses it`, () => {
          const [problem] = probeProblems(probe, { status: 403, body: { message } });
          expect(problem?.property).to.equal(`admission plugin ${probe.plugin}`);
          expect(problem?.fault).to.match(/^cannot be probed: /);
          expect(problem?.found).to.equal(message);
        });
      }
    });
  }
});

function wordsOf(plugin: string): string {
  return (pluginRefusals[plugin]!.body as { message: string }).message;
}

function faultsOf(probe: AdmissionProbe, answer: KubernetesResponse): string[] {
  return probeProblems(probe, answer).map(({ fault }) => fault);
}

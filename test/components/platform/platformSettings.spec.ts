import { expect } from "chai";
import { validPlatform } from "#components/platform/validPlatform";
import { sizeQuota } from "#components/core/sizes";

const projects = [{ name: "shop" }];

describe("the settings of a platform", () => {
  it("have the audience that an API server has by itself, unless asked otherwise", () => {
    const usual = "https://kubernetes.default.svc.cluster.local";
    expect(validPlatform({ projects }).apiAudiences).to.deep.equal([usual]);
    expect(validPlatform({ projects, apiAudiences: ["vault"] }).apiAudiences).to.deep.equal([
      "vault",
    ]);
  });
});

describe("the ceilings of a platform", () => {
  it("are the largest size unless asked otherwise", () => {
    expect(validPlatform({ projects }).ceilings).to.deep.equal(sizeQuota("large"));
  });

  it("have room for the proxies of the mesh that has the largest", () => {
    const ceilingsOf = (...meshes: ("linkerd" | "istio" | "ambient")[]) =>
      validPlatform({ projects, meshes }).ceilings;
    expect(ceilingsOf("ambient")).to.deep.equal(sizeQuota("large"));
    expect(ceilingsOf("linkerd", "ambient")).to.deep.equal(sizeQuota("large", "linkerd"));
    expect(ceilingsOf("linkerd", "istio")).to.deep.equal(sizeQuota("large", "istio"));
    expect(ceilingsOf("istio", "linkerd")).to.deep.equal(sizeQuota("large", "istio"));
  });

  it("are what was asked for, whatever the meshes", () => {
    const ceilings = { "limits.cpu": "16" };
    expect(validPlatform({ projects, ceilings, meshes: ["istio"] }).ceilings).to.deep.equal({
      ...sizeQuota("large", "istio"),
      ...ceilings,
    });
  });
});

import { expect } from "chai";
import { platformSettings } from "#components/platform/platformSettings";
import { sizeQuota } from "#components/core/sizes";

const projects = [{ name: "shop" }];

describe("the ceilings of a platform", () => {
  it("are the largest size unless asked otherwise", () => {
    expect(platformSettings({ projects }).ceilings).to.deep.equal(sizeQuota("large"));
  });

  it("have room for the proxies of the mesh that has the largest", () => {
    const ceilingsOf = (...meshes: ("linkerd" | "istio" | "ambient")[]) =>
      platformSettings({ projects, meshes }).ceilings;
    expect(ceilingsOf("ambient")).to.deep.equal(sizeQuota("large"));
    expect(ceilingsOf("linkerd", "ambient")).to.deep.equal(sizeQuota("large", "linkerd"));
    expect(ceilingsOf("linkerd", "istio")).to.deep.equal(sizeQuota("large", "istio"));
    expect(ceilingsOf("istio", "linkerd")).to.deep.equal(sizeQuota("large", "istio"));
  });

  it("are what was asked for, whatever the meshes", () => {
    const ceilings = { "limits.cpu": "16" };
    expect(platformSettings({ projects, ceilings, meshes: ["istio"] }).ceilings).to.deep.equal({
      ...sizeQuota("large", "istio"),
      ...ceilings,
    });
  });
});

import { expect } from "chai";
import { resolveCapacity } from "#components/environment/capacity/capacityProblems";
import { limitRangeSpec } from "#components/environment/capacity/limitRange";

describe("the limit range of an environment", () => {
  const min = { cpu: "1m", memory: "1Mi", "ephemeral-storage": "1Mi" };
  const max = { cpu: "12", memory: "12Gi", "ephemeral-storage": "24Gi" };

  it("gives defaults to containers and bounds containers, pods and volumes by the quota", () => {
    expect(limitRangeSpec(resolveCapacity({}))).to.deep.equal({
      limits: [
        {
          type: "Container",
          default: { cpu: "500m", memory: "512Mi", "ephemeral-storage": "1Gi" },
          defaultRequest: { cpu: "100m", memory: "128Mi", "ephemeral-storage": "256Mi" },
          min,
          max,
        },
        { type: "Pod", min, max },
        { type: "PersistentVolumeClaim", min: { storage: "1Mi" }, max: { storage: "20Gi" } },
      ],
    });
  });

  it("bounds pods and volumes by what was asked for", () => {
    const { limits } = limitRangeSpec(
      resolveCapacity({ podMaximum: { cpu: "2" }, volumeMaximum: "5Gi" }),
    ) as { limits: { type: string; max: object }[] };
    const lowered = { ...max, cpu: "2" };
    expect(limits.map((limit) => limit.max)).to.deep.equal([lowered, lowered, { storage: "5Gi" }]);
  });

  it("has no smallest volume where the quota has no storage, which no API server would take", () => {
    const { limits } = limitRangeSpec(resolveCapacity({ quota: { "requests.storage": "0" } })) as {
      limits: object[];
    };
    expect(limits[2]).to.deep.equal({ type: "PersistentVolumeClaim", max: { storage: "0" } });
  });
});

import { expect } from "chai";
import fc from "fast-check";
import { resolveCapacity } from "#components/environment/capacity/capacityProblems";
import { limitRangeSpec } from "#components/environment/capacity/limitRange";
import { quotaSpec } from "#components/environment/capacity/resourceQuota";
import { judgeEnvironment } from "#components/environment/resolvedEnvironment";
import { meshPolicySpecs } from "#components/environment/mesh/mesh";
import { dnsSpec } from "#components/environment/network/dns";
import { holePolicySpec, openHoles } from "#components/environment/network/holes/holes";
import {
  defaultDenySpec,
  sameEnvironmentSpec,
} from "#components/environment/network/isolationPolicies";
import { describeProblems } from "#components/core/problems";
import { type SecureEnvironmentArgs } from "#components/environment/secureEnvironmentArgs";
import { type NetworkPolicy } from "#isolation/index";
import { anyArguments } from "../support/arbitraryArguments";
import { anyMutatedArguments } from "../support/argumentMutations";
import { propertyRuns } from "../../support/propertyRuns";
import { refusalFaults } from "../support/refusals";
import { capacityFaults, type CapacityWalls, networkFaults } from "../support/wallFaults";
import { resolvedHoles } from "../support/resolvedHoles";

const namespace = "review-login";

describe("whatever the arguments", function () {
  this.timeout(180_000 + propertyRuns(0) * 50);

  it("are, valid ones have no problem", () => {
    fc.assert(
      fc.property(anyArguments(), ({ args, origin }) => {
        const { problems } = judgeEnvironment(args, origin);
        expect(problems, JSON.stringify(problems)).to.deep.equal([]);
      }),
      { numRuns: propertyRuns(800) },
    );
  });

  it("are, valid ones make walls that hold", () => {
    fc.assert(
      fc.property(anyArguments(), ({ args }) => {
        const faults = wallFaults(args);
        expect(faults, faults.join("\n")).to.deep.equal([]);
      }),
      { numRuns: propertyRuns(300) },
    );
  });

  it("were before they were changed, they make walls that hold or are refused by property", () => {
    fc.assert(
      fc.property(anyMutatedArguments(), ({ args, origin }) => {
        const { problems } = judgeEnvironment(args, origin);
        const faults =
          problems.length === 0
            ? wallFaults(args)
            : refusalFaults(describeProblems(problems), Object.keys(args));
        expect(faults, faults.join("\n")).to.deep.equal([]);
      }),
      { numRuns: propertyRuns(2400) },
    );
  });
});

function wallFaults(args: SecureEnvironmentArgs): string[] {
  return [
    ...networkFaults(args, namespace, policiesOf(args)),
    ...capacityFaults(capacityWallsOf(args)),
  ];
}

function policiesOf(args: SecureEnvironmentArgs): NetworkPolicy[] {
  const holes = openHoles(resolvedHoles(args));
  const specs: Record<string, unknown> = {
    "default-deny": defaultDenySpec(),
    "same-environment": sameEnvironmentSpec(),
    dns: dnsSpec(args.dns),
    ...Object.fromEntries(holes.map((hole) => [`hole-${hole.name}`, holePolicySpec(hole)])),
    ...Object.fromEntries(
      (args.mesh === undefined ? [] : meshPolicySpecs(args.mesh, holes)).map(
        ({ objectName, spec }) => [objectName, spec],
      ),
    ),
  };
  return Object.entries(specs).map(([name, spec]) => ({
    kind: "NetworkPolicy",
    metadata: { name, namespace },
    spec: spec as NetworkPolicy["spec"],
  }));
}

function capacityWallsOf(args: SecureEnvironmentArgs): CapacityWalls {
  const capacity = resolveCapacity(args);
  return {
    quota: quotaSpec(capacity.quota).hard as CapacityWalls["quota"],
    limits: limitRangeSpec(capacity).limits as CapacityWalls["limits"],
  };
}

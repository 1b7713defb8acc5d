import { expect } from "chai";
import { hashOf } from "./checked";
import { readSelection, select, type Unit } from "./selection";

const changed = unit("changed", 30, false);
const units = [changed, unit("large", 70, true), unit("small", 30, true)];

describe("what a mutation check tries", () => {
  it("is each part of what is not checked as it is now, and a twentieth of the other parts", () => {
    const [first, ...others] = select(units, readSelection([]));

    expect(first).to.deep.equal({ name: "changed", parts: changed.parts, isWhole: true });
    expect(others.flatMap(({ parts }) => parts)).to.have.length(5);
    expect(others.map(({ isWhole }) => isWhole)).not.to.include(true);
  });

  it("is the same with the same seed, and something else with another one", () => {
    const tried = (seed: number) =>
      JSON.stringify(select(units, readSelection(["--seed", `${seed}`])));

    expect(tried(1)).to.equal(tried(1));
    expect(new Set([1, 2, 3, 4, 5].map(tried)))
      .to.have.property("size")
      .above(1);
  });

  it("reaches each part sooner or later", () => {
    const reached = new Set(
      Array.from({ length: 500 }, (_value, seed) =>
        select(units, readSelection(["--seed", `${seed}`])).flatMap(({ parts }) => parts),
      ).flat(),
    );

    expect(reached).to.have.property("size", 130);
  });

  it("is everything on request", () => {
    const whole = select(units, readSelection(["--all"]));

    expect(whole.flatMap(({ parts }) => parts)).to.have.length(130);
    expect(whole.map(({ isWhole }) => isWhole)).not.to.include(false);
  });

  it("is what is named, and nothing else", () => {
    const { name, parts } = units[2]!;

    expect(select(units, readSelection(["small"]))).to.deep.equal([{ name, parts, isWhole: true }]);
  });

  it("is not asked for with an option that is none", () => {
    expect(() => readSelection(["--al"])).to.throw("--al");
  });
});

describe("the hash of what is checked", () => {
  it("is another one when an expression in it changes", () => {
    expect(hashOf({ says: [/one/] })).to.equal(hashOf({ says: [/one/] }));
    expect(hashOf({ says: [/one/] })).not.to.equal(hashOf({ says: [/other/] }));
  });
});

function unit(name: string, count: number, isChecked: boolean): Unit<string> {
  const parts = Array.from({ length: count }, (_value, index) => `${name} ${index}`);
  return { name, parts, isChecked };
}

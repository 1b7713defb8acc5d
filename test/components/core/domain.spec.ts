import { expect } from "chai";
import { domainProblems, hostSuffix, maximumDomainLength } from "#components/core/domain";

describe("the domain of environments", () => {
  for (const domain of ["review.example.com", "localhost", "a-b.c1", "x".repeat(63)]) {
    it(`may be ${domain}`, () => {
      expect(domainProblems(domain)).to.deep.equal([]);
    });
  }

  it("may be left out", () => {
    expect(domainProblems(undefined)).to.deep.equal([]);
  });

  const wrong = ["", "Review.example.com", "*.example.com", ".example.com", "a..b", "a.b.", "-a.b"];
  for (const domain of [...wrong, "a_b.c", "https://a.b", "a.b/c", "a.b:80", "x".repeat(64)]) {
    it(`is never ${JSON.stringify(domain)}`, () => {
      expect(domainProblems(domain).map(({ property, found }) => [property, found])).to.deep.equal([
        ["domain", domain],
      ]);
    });
  }

  it("leaves room for the longest host of an environment", () => {
    const longest = Array.from({ length: 3 }, () => "d".repeat(41)).join(".");
    expect(longest).to.have.length(maximumDomainLength);
    expect(domainProblems(longest)).to.deep.equal([]);
    expect(domainProblems(`${longest}d`)).to.have.length(1);
    const host = `${"a".repeat(63)}.${hostSuffix("n".repeat(63), longest)}`;
    expect(host).to.have.length(253);
  });
});

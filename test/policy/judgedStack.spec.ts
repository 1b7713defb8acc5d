import { expect } from "chai";
import { judgedResource } from "#policy/judgedResource";
import { judgedStack } from "#policy/judgedStack";

const [first, second] = ["first", "second"].map((name) =>
  judgedResource({
    urn: `urn:pulumi:review-login::review::kubernetes:core/v1:Namespace::${name}`,
    type: "kubernetes:core/v1:Namespace",
    name,
    props: { metadata: { name } },
    opts: {},
  }),
) as [ReturnType<typeof judgedResource>, ReturnType<typeof judgedResource>];

describe("a stack that is judged", () => {
  it("is related once, however many policies ask", () => {
    expect(judgedStack([first, second])).to.equal(judgedStack([first, second]));
  });

  for (const [what, resources] of Object.entries({
    "has less": [first],
    "has nothing": [],
    "has the same in another order": [second, first],
  })) {
    it(`is another one that ${what}`, () => {
      judgedStack([first, second]);
      const { objects, namespaces } = judgedStack(resources);
      const names = resources.map(({ name }) => name);
      expect(objects.map(({ name }) => name)).to.deep.equal(names);
      expect(namespaces.map(({ object }) => object.name)).to.deep.equal(names);
    });
  }
});

import { expect } from "chai";
import fc from "fast-check";
import { isLabel, maximumLabelLength } from "#components/core/dnsNames";
import * as names from "#components/core/names";

/** A failing property prints this seed and its smallest counterexample. */
const runs = { numRuns: 10_000, seed: 20_260_117 };

describe("the slug of a branch", () => {
  const expected: Readonly<Record<string, string>> = {
    login: "login",
    "feature-a": "feature-a",
    "feature/a": "feature-a-22408h",
    "feature/A": "feature-a-cp7s1o",
    "Feature.A": "feature-a-wmfpgi",
    a_b: "a-b-2bjwqm",
    "a--b": "a-b-ncsgi7",
    "-x": "x-jpfp1k",
    "x-": "x-w4856j",
    " main": "main-fdpn89",
    UPPER: "upper-u9ay9h",
    upper: "upper",
    "123": "123",
    "2024.01": "2024-01-53zo1o",
    "feature/Login_form#42": "feature-login-form-42-72slm9",
    "dependabot/npm_and_yarn/babel/traverse-7.23.2": "dependabot-npm-and-ya-xi1p8q",
    "renovate/lock-file-maintenance": "renovate-lock-file-ma-fazu57",
    "fix/größe-überprüfen": "fix-gr-e-berpr-fen-68uvfl",
    İstanbul: "i-stanbul-tgspjt",
    "功能/登录": "qpo2h5",
    "feature/🚀-launch": "feature-launch-hwnplh",
    "!!!": "j6ap9v",
    "---": "p1ixut",
    ["a".repeat(28)]: "a".repeat(28),
    ["a".repeat(29)]: `${"a".repeat(21)}-pxi4v7`,
    ["a".repeat(200)]: `${"a".repeat(21)}-mjmgsn`,
    [`${"x".repeat(20)}-${"y".repeat(30)}`]: `${"x".repeat(20)}-aqk6yu`,
  };
  for (const [branch, slug] of Object.entries(expected)) {
    it(`is ${slug} for ${JSON.stringify(branch)}`, () => {
      expect(names.slug(branch)).to.equal(slug);
    });
  }

  for (const empty of ["", " ", "\t\n"]) {
    it(`does not exist for the empty branch ${JSON.stringify(empty)}`, () => {
      expect(() => names.slug(empty)).to.throw(
        RangeError,
        "The branch is empty; give the name of a branch, such as feature/login.",
      );
    });
  }

  it("is a valid RFC 1123 label of at most 28 characters, whatever the branch", () => {
    holds(anyBranch(), (branch) => {
      expect(names.slug(branch)).to.match(/^[a-z0-9]([a-z0-9-]{0,26}[a-z0-9])?$/);
    });
  });

  it("is its own slug, so that a stack's name can be turned back into a stack's name", () => {
    holds(anyBranch(), (branch) => {
      expect(names.slug(names.slug(branch))).to.equal(names.slug(branch));
    });
  });

  it("is the branch itself exactly when the branch is a label that fits", () => {
    holds(anyBranch(), (branch) => {
      const fits =
        branch.length <= names.maximumSlugLength && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(branch);
      expect(names.slug(branch) === branch).to.equal(fits);
    });
  });

  it("ends in six characters of a hash whenever it is not the branch itself", () => {
    holds(anyBranch(), (branch) => {
      const slug = names.slug(branch);
      expect(slug === branch || /^([a-z0-9-]*[a-z0-9]-)?[a-z0-9]{6}$/.test(slug)).to.equal(true);
    });
  });

  it("differs for branches that differ only in spelling", () => {
    const pairs = fc
      .tuple(realisticBranch(), fc.constantFrom(...respellings))
      .map(([branch, respell]) => [branch, respell(branch)] as const)
      .filter(([branch, other]) => branch !== other);
    holds(pairs, ([branch, other]) => {
      expect(names.slug(other)).not.to.equal(names.slug(branch));
    });
  });

  it("differs for every branch of a corpus of near-duplicates", () => {
    const branches = corpus();
    const slugs = new Map<string, string>();
    for (const branch of branches) {
      expect(slugs.get(names.slug(branch)), `also the slug of ${branch}`).to.equal(undefined);
      slugs.set(names.slug(branch), branch);
    }
    expect(slugs.size).to.be.greaterThan(10_000);
  });
});

describe("the stack of a branch", () => {
  it("is its slug after `review-`", () => {
    expect(names.stackName("feature/Login_form#42")).to.equal(
      "review-feature-login-form-42-72slm9",
    );
  });

  it("gives the slug back", () => {
    holds(anyBranch(), (branch) => {
      expect(names.slugOfStack(names.stackName(branch))).to.equal(names.slug(branch));
    });
  });

  for (const stack of ["staging", "review", "preview-x", "Review-x", ""]) {
    it(`is no review stack when it is named ${JSON.stringify(stack)}`, () => {
      expect(names.slugOfStack(stack)).to.equal(undefined);
    });
  }
});

describe("the namespace of a stack", () => {
  it("is the stack's own name", () => {
    expect(names.namespaceName("review-login")).to.equal("review-login");
    expect(names.namespaceName("staging")).to.equal("staging");
  });

  it("carries the project between `review-` and the slug", () => {
    expect(names.namespaceName("review-login", "shop")).to.equal("review-shop-login");
  });

  it("carries the project in front of a permanent stack", () => {
    expect(names.namespaceName("staging", "shop")).to.equal("shop-staging");
  });

  it("fits into a label with the longest project and a random suffix, whatever the branch", () => {
    const project = fc.stringMatching(/^[a-z0-9]{1,20}$/);
    const suffix = fc.stringMatching(/^[a-z0-9]{6}$/);
    holds(fc.tuple(anyBranch(), project, suffix), ([branch, name, ending]) => {
      const namespace = names.namespaceName(names.stackName(branch), name);
      expect(isLabel(`${namespace}-${ending}`), `${namespace}-${ending}`).to.equal(true);
    });
  });

  it("uses the whole budget and no more", () => {
    const longest = names.namespaceName(names.stackName("b".repeat(200)), "p".repeat(20));
    expect(longest.length + 1 + names.uniqueSuffixLength).to.equal(maximumLabelLength);
  });
});

describe("a label", () => {
  const valid = ["a", "0", "a-b", "a--b", "9a", "x".repeat(63)];
  const invalid = ["", "-", "-a", "a-", "A", "a_b", "a.b", "a b", "ä", "a\n", "x".repeat(64)];
  for (const text of valid) {
    it(`may be ${JSON.stringify(text)}`, () => {
      expect(isLabel(text)).to.equal(true);
    });
  }
  for (const text of invalid) {
    it(`may not be ${JSON.stringify(text)}`, () => {
      expect(isLabel(text)).to.equal(false);
    });
  }
});

describe("a reserved name", () => {
  const refused: Readonly<Record<string, string>> = {
    staging: "staging",
    Staging: "staging",
    "staging/": "staging",
    "/STAGING": "staging",
    "#stage#": "stage",
    prod: "prod",
    Production: "production",
    default: "default",
    "kube-system": "kube-*",
    KUBE_SYSTEM: "kube-*",
    "kube/public": "kube-*",
    "openshift.monitoring": "openshift-*",
  };
  for (const [branch, name] of Object.entries(refused)) {
    it(`is ${name} when a branch is spelled ${JSON.stringify(branch)}`, () => {
      expect(names.reservedNameOf(branch)).to.equal(name);
    });
  }

  const free = [
    "stagings",
    "my-staging",
    "fix/staging",
    "kubernetes",
    "kube",
    "defaults",
    "ｐｒｏｄ",
  ];
  for (const branch of free) {
    it(`is not what the branch ${JSON.stringify(branch)} has`, () => {
      expect(names.reservedNameOf(branch)).to.equal(undefined);
    });
  }

  it("is refused in any spelling", () => {
    holds(fc.constantFrom(...names.reservedNames).chain(spelled), ([name, branch]) => {
      expect(names.reservedNameOf(branch)).to.equal(name);
    });
  });

  it("is found by the slug as well, unless a hash has told the spelling apart", () => {
    for (const name of ["staging", "kube-system", "production"]) {
      expect(names.reservedNameOf(names.slug(name))).not.to.equal(undefined);
    }
  });

  const configured: readonly (readonly [pattern: string, branch: string, isRefused: boolean])[] = [
    ["main", "main", true],
    ["Main", "main", true],
    ["main", "MAIN", true],
    ["main", "maintenance", false],
    ["release-*", "release/1.0", true],
    ["release/*", "release/1.0", true],
    ["Release/*", "release-1.0", true],
    ["/release/*", "release/1.0", true],
    ["release/*", "releases/1.0", false],
    ["release/*", "feature/release/1", false],
    ["release*", "releases/1.0", true],
    ["*", "anything", true],
    ["", "anything", false],
    ["", "!!!", false],
    ["功能/*", "功能/登录", true],
    ["功能/*", "登录", false],
    ["功能/*", "anything", false],
    ["登录", "登录", true],
    ["登录", "功能", false],
  ];
  for (const [pattern, branch, isRefused] of configured) {
    it(`configured as ${JSON.stringify(pattern)} ${isRefused ? "refuses" : "allows"} the branch ${branch}`, () => {
      expect(names.reservedNameOf(branch, [pattern])).to.equal(isRefused ? pattern : undefined);
    });
  }

  it("that belongs to the cluster is reserved for review environments as well", () => {
    expect(names.reservedNames).to.include.members([...names.clusterOwnedNames]);
  });
});

function holds<T>(arbitrary: fc.Arbitrary<T>, predicate: (value: T) => void): void {
  fc.assert(fc.property(arbitrary, predicate), runs);
}

function anyBranch(): fc.Arbitrary<string> {
  return fc.oneof(realisticBranch(), hostileBranch());
}

function realisticBranch(): fc.Arbitrary<string> {
  const prefix = fc.constantFrom("", "feature/", "Fix/", "dependabot/npm_and_yarn/", "release-");
  const word = fc.oneof(
    fc.constantFrom("login", "Form", "größe", "登录", "🚀", "v2", "API", "e\u0301", "é"),
    fc.stringMatching(/^[A-Za-z0-9]{1,8}$/),
  );
  const separator = fc.constantFrom("-", "_", "/", ".", "#", "--", "+");
  const rest = fc.array(fc.tuple(separator, word), { maxLength: 12 });
  return fc
    .tuple(prefix, word, rest)
    .map(([start, first, others]) => start + first + others.flat().join(""));
}

function hostileBranch(): fc.Arbitrary<string> {
  const edges = fc.constantFrom(..."-_/.#@ ~aAzZ09\n\t\0ßİıK登🚀\u200b\u202e");
  return fc
    .oneof(
      fc.string({ unit: "binary", maxLength: 300 }),
      fc.string({ unit: edges, maxLength: 80 }),
      fc.string({ unit: fc.constantFrom("a", "-"), maxLength: 64 }),
    )
    .filter((branch) => branch.trim() !== "");
}

const respellings: readonly ((branch: string) => string)[] = [
  (branch) => branch.toUpperCase(),
  (branch) => branch.toLowerCase(),
  (branch) => branch.replaceAll(/[/_.#]/g, "-"),
  (branch) => branch.normalize("NFD"),
  (branch) => `${branch}-`,
  (branch) => `/${branch}`,
  (branch) => `${branch} `,
  (branch) => `${branch}${"x".repeat(64)}`,
];

/** A name behind its pattern, the way somebody would write it who wants to get past the list. */
function spelled(pattern: string): fc.Arbitrary<readonly [string, string]> {
  const noise = fc.string({ unit: fc.constantFrom(..."-_/.# 登🚀"), maxLength: 3 });
  const separator = fc.string({ unit: fc.constantFrom(..."-_/.# 登"), minLength: 1, maxLength: 3 });
  const ending = fc.stringMatching(/^[a-zA-Z0-9][a-zA-Z0-9/_-]{0,20}$/);
  return fc
    .tuple(noise, noise, separator, ending, fc.infiniteStream(fc.boolean()))
    .map(([before, after, between, anyEnding, upper]) => {
      const name = pattern.replace("*", anyEnding).replace("-", between);
      const letters = [...name].map((letter) =>
        upper.next().value === true ? letter.toUpperCase() : letter,
      );
      return [pattern, before + letters.join("") + after] as const;
    });
}

function corpus(): Set<string> {
  const long = "feature/a-name-that-goes-on-for-much-longer-than-any-label-can-ever-be";
  const branches = Array.from({ length: 2_500 }, (_, index) => [
    `feature/a-${index}`,
    `feature-a-${index}`,
    `Feature.A-${index}`,
    `feature/a_${index}`,
    `${long}/${index}`,
    `${"登".repeat(index % 60)}${index}`,
  ]);
  return new Set(branches.flat());
}

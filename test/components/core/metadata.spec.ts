import { expect } from "chai";
import * as metadata from "#components/core/metadata";

const identity = { kind: "review", project: "shop", stack: "review-login" } as const;
const identityLabels = {
  "secure-environment/kind": "review",
  "secure-environment/project": "shop",
  "secure-environment/stack": "review-login",
};
const podSecurityLabels = {
  "pod-security.kubernetes.io/enforce": "restricted",
  "pod-security.kubernetes.io/enforce-version": "latest",
  "pod-security.kubernetes.io/audit": "restricted",
  "pod-security.kubernetes.io/audit-version": "latest",
  "pod-security.kubernetes.io/warn": "restricted",
  "pod-security.kubernetes.io/warn-version": "latest",
};

describe("the labels of an environment", () => {
  it("say kind, project and stack on every object", () => {
    expect(metadata.identityLabels(identity)).to.deep.equal(identityLabels);
  });

  it("make the API server refuse pods that are not restricted, on the namespace", () => {
    expect(metadata.namespaceLabels(identity, {})).to.deep.equal({
      ...identityLabels,
      ...podSecurityLabels,
    });
  });

  it("say the owner of the namespace when there is one", () => {
    expect(metadata.namespaceLabels(identity, { owner: "jane.doe" })).to.deep.equal({
      ...identityLabels,
      ...podSecurityLabels,
      "secure-environment/owner": "jane.doe",
    });
  });
});

describe("the labels of protection", () => {
  it("are on namespaces that stay, and on no other", () => {
    expect(metadata.protectionLabels({ ...identity, kind: "permanent" })).to.deep.equal({
      "secure-environment/protect": "true",
    });
    expect(metadata.protectionLabels(identity)).to.deep.equal({});
  });
});

describe("the annotations of a namespace", () => {
  it("are none when nothing is known", () => {
    expect(metadata.namespaceAnnotations(undefined, {})).to.deep.equal({});
  });

  it("are a closed list: branch, address, and expiry twice", () => {
    const description = {
      owner: "jane.doe",
      url: "https://login.example.com/",
      expiresAt: "2027-01-31T18:00:00Z",
    };
    expect(metadata.namespaceAnnotations("feature/Login_form#42", description)).to.deep.equal({
      "secure-environment/branch": "feature/Login_form#42",
      "secure-environment/expires-at": "2027-01-31T18:00:00Z",
      "janitor/expires": "2027-01-31T18:00:00Z",
      "secure-environment/url": "https://login.example.com/",
    });
  });
});

judges("the value of a label", metadata.isLabelValue, {
  valid: ["a", "9", "Jane.Doe", "team_shop-1", "x".repeat(63)],
  invalid: [
    "",
    " ",
    "Jane Doe",
    "-a",
    "a-",
    ".a",
    "a_",
    "a/b",
    "a@b.c",
    "ä",
    "a\n",
    "x".repeat(64),
  ],
});

judges("the key of a label", metadata.isLabelKey, {
  valid: ["app", "App_1.x", "example.com/app", "a.b-c/x", `${"a".repeat(253)}/${"x".repeat(63)}`],
  invalid: [
    "",
    "/",
    "/a",
    "a/",
    "a/b/c",
    "A.com/x",
    "a..b/x",
    "-a/x",
    `${"a".repeat(254)}/x`,
    "a/-",
  ],
});

judges("a web address", metadata.isWebAddress, {
  valid: ["https://shop.example.com", "http://localhost:8080/x?y=1#z", "HTTPS://A.example/"],
  invalid: [
    "",
    "shop.example.com",
    "//shop.example.com",
    "https:shop",
    "https://jane:hunter2@shop.example.com/",
    "https://jane@shop.example.com/",
    "https://",
    "https:// shop",
    " https://shop",
    "https://shop\n",
    "ftp://shop.example.com",
    "javascript:alert(1)",
    "data:text/html,x",
  ],
});

judges("an instant in UTC", metadata.isInstant, {
  valid: ["2027-01-31T18:00:00Z", "2028-02-29T00:00:00Z", "1999-12-31T23:59:59Z"],
  invalid: [
    "",
    "tomorrow",
    "2027-01-31",
    "2027-01-31T18:00Z",
    "2027-01-31T18:00:00",
    "2027-01-31 18:00:00Z",
    "2027-01-31t18:00:00z",
    "2027-01-31T18:00:00.000Z",
    "2027-01-31T18:00:00+00:00",
    "2027-02-29T00:00:00Z",
    "2027-02-31T00:00:00Z",
    "2027-13-01T00:00:00Z",
    "2027-01-31T24:00:00Z",
    "2027-01-31T18:60:00Z",
    "2027-01-31T23:59:60Z",
    "2027-01-31T18:00:00Z\n",
  ],
});

function judges(
  what: string,
  isValid: (text: string) => boolean,
  examples: { readonly valid: readonly string[]; readonly invalid: readonly string[] },
): void {
  describe(what, () => {
    for (const text of examples.valid) {
      it(`may be ${JSON.stringify(text)}`, () => {
        expect(isValid(text)).to.equal(true);
      });
    }
    for (const text of examples.invalid) {
      it(`may not be ${JSON.stringify(text)}`, () => {
        expect(isValid(text)).to.equal(false);
      });
    }
  });
}

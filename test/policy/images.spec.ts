import { expect } from "chai";
import { imagesComeFromAllowedRegistries } from "#policy/policies/images";
import { imageName, isFrom, registryPath } from "#policy/imageReference";
import { describePolicy, type PolicyCase } from "./support/policyCases";
import { unknownText } from "./support/policyAnalyzer";
import { podSpec, podWith, resourceOf, secret } from "./support/policyResources";

const digest = `sha256:${"0a".repeat(32)}`;

describe("the name of an image", () => {
  const names: readonly (readonly [reference: string, name: string])[] = [
    ["nginx", "docker.io/library/nginx"],
    ["nginx:1.29", "docker.io/library/nginx"],
    [`nginx@${digest}`, "docker.io/library/nginx"],
    [`nginx:1.29@${digest}`, "docker.io/library/nginx"],
    ["acme/app", "docker.io/acme/app"],
    ["docker.io/nginx", "docker.io/library/nginx"],
    ["index.docker.io/nginx:1", "docker.io/library/nginx"],
    ["registry-1.docker.io/acme/app", "docker.io/acme/app"],
    ["ghcr.io/acme/app", "ghcr.io/acme/app"],
    ["ghcr.io/app", "ghcr.io/app"],
    ["GHCR.io/acme/app:1", "ghcr.io/acme/app"],
    ["localhost/app", "localhost/app"],
    ["localhost:5000/app:1", "localhost:5000/app"],
    ["registry:5000/app", "registry:5000/app"],
    [
      `registry.example.com:5000/a/b_c/d__e-f.g:v1@${digest}`,
      "registry.example.com:5000/a/b_c/d__e-f.g",
    ],
    ["Registry/app", "registry/app"],
    ["registry:5000", "docker.io/library/registry"],
  ];
  for (const [reference, name] of names) {
    it(`of ${reference} is ${name}`, () => expect(imageName(reference)).to.equal(name));
  }

  const wrong = [
    "",
    "/app",
    "app/",
    "ghcr.io//app",
    "ghcr.io/acme/../app",
    "ghcr.io/Acme/app",
    "Nginx",
    "app:",
    "app:-x",
    "app@sha256:00",
    `app@${digest}@${digest}`,
    "ghcr.io@evil.example.com/app",
    "my_registry.io/app",
    "-x.io/app",
    "https://ghcr.io/acme/app",
    "ghcr.io/acme/app ",
    "ghcr.io:99999999/app",
    "ghcr.io/acme/app\n",
  ];
  for (const reference of wrong) {
    it(`is none for ${JSON.stringify(reference)}`, () =>
      expect(imageName(reference)).to.equal(undefined));
  }

  it("is below a registry or a path in it, not below one that is only spelled alike", () => {
    const fits = (reference: string, place: string) =>
      isFrom(imageName(reference) ?? "", registryPath(place) ?? "?");
    expect(fits("ghcr.io/acme/app", "ghcr.io")).to.equal(true);
    expect(fits("ghcr.io/acme/app", "GHCR.IO")).to.equal(true);
    expect(fits("ghcr.io/acme/app", "ghcr.io/acme")).to.equal(true);
    expect(fits("ghcr.io/acme", "ghcr.io/acme")).to.equal(true);
    expect(fits("ghcr.io/acmeevil/app", "ghcr.io/acme")).to.equal(false);
    expect(fits("ghcr.io.evil.example.com/app", "ghcr.io")).to.equal(false);
    expect(fits("ghcr.io:444/app", "ghcr.io")).to.equal(false);
    expect(fits("nginx", "docker.io/library/nginx")).to.equal(true);
    expect(fits("nginx", "index.docker.io")).to.equal(true);
    expect(fits("acme/app", "docker.io/library")).to.equal(false);
  });
});

const on = { registries: ["registry.example.com:5000", "ghcr.io/acme"] };
const image = (reference: unknown) => podWith({}, { image: reference });
const remedy = "Use an image from registry.example.com:5000, ghcr.io/acme.";

const cases: readonly PolicyCase[] = [
  {
    it: "allows every image when it is off",
    resources: [image("somebody/app"), image(unknownText)],
  },
  {
    it: "passes images of the registries",
    resources: [image("registry.example.com:5000/app:1"), image("ghcr.io/acme/app")],
    settings: on,
  },
  {
    it: "refuses images from elsewhere and what is none, without showing it",
    resources: [image("nginx"), image(secret), image("NGINX"), image(7), image(null)],
    settings: on,
    finds: [
      `Pod x: spec.containers[0].image is from a registry that is not allowed. ${remedy}`,
      "is from a registry that is not allowed",
      "is no reference to an image",
      "is no reference to an image",
      "is no reference to an image",
    ],
  },
  {
    it: "refuses what is not known",
    resources: [image(unknownText), podWith({ containers: unknownText })],
    settings: on,
    finds: [
      "spec.containers[0].image is not known before the update",
      "spec.containers is not known before the update",
    ],
  },
  {
    it: "looks at every container and at volumes that are images",
    resources: podWith({
      containers: [{ image: "ghcr.io/acme/app" }],
      initContainers: [{ image: "ghcr.io/acme/app" }, { image: "a" }],
      ephemeralContainers: [{ image: "b" }],
      volumes: [
        { emptyDir: {} },
        { image: { reference: "c" } },
        { image: { reference: "ghcr.io/acme/app" } },
        { image: unknownText },
      ],
    }),
    settings: on,
    finds: [
      "spec.initContainers[1].image is from",
      "spec.ephemeralContainers[0].image is from",
      "spec.volumes[1].image.reference is from",
      "spec.volumes[3].image is not known",
    ],
  },
  {
    it: "takes a name without a dot for one on Docker Hub",
    resources: [image("acme"), image("acme/app")],
    settings: { registries: ["acme"] },
    finds: ["spec.containers[0].image is from"],
  },
  {
    it: "has no say in what is no object of Kubernetes",
    resources: { type: "random:index:X", name: "x", properties: { image: "a" } },
    settings: on,
  },
  {
    it: "has no say in volumes that are not known",
    resources: podWith({ containers: [], volumes: unknownText }),
    settings: on,
  },
  {
    it: "looks at workloads, and at patches only for what they change",
    resources: [
      resourceOf("apps/v1:Deployment", {
        spec: { template: { spec: podSpec({}, { image: "a" }) } },
      }),
      resourceOf("apps/v1:DeploymentPatch", {
        spec: { template: { spec: { containers: [{ name: "app" }, { image: "a" }] } } },
      }),
      resourceOf("core/v1:ConfigMap", { spec: podSpec({}, { image: "a" }) }),
    ],
    settings: on,
    finds: [
      "Deployment x: spec.template.spec.containers[0].image is from",
      "DeploymentPatch x: spec.template.spec.containers[1].image is from",
    ],
  },
];

describePolicy(imagesComeFromAllowedRegistries, cases);

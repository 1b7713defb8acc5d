import { isMissing, problem, problemUnless, unreadable } from "secure-environment/core";
import { distinct, type Field, fieldAt, fieldsAt, unknownViolation } from "../fields";
import { type Violation, type ResourcePolicy } from "../policy";
import { imageName, isFrom, registryPath } from "../imageReference";
import { type KubernetesObject, kubernetesObject } from "../kubernetesObject";
import { containerLists, podTemplateOf } from "../podTemplates";

interface ImageSettings {
  readonly registries: readonly string[];
}

/** Pods run images from known registries alone, where the platform names any. */
export const imagesComeFromAllowedRegistries: ResourcePolicy<ImageSettings> = {
  name: "images-come-from-allowed-registries",
  description: "Every image comes from a registry that the platform allows, where it names any.",
  threat: "An image of an unknown origin runs with all that the environment gives its pods.",
  remediation: "Pull the image from an allowed registry, or mirror it there.",
  severity: "medium",
  url: "https://kubernetes.io/docs/concepts/containers/images/#image-names",
  example: {
    bad: 'containers: [{ name: "app", image: "somebody/app:1" }]',
    good: 'containers: [{ name: "app", image: "registry.example.com/shop/app:1" }]',
  },
  settings: {
    registries: {
      type: "array",
      description:
        "Registries, with a port if they have one, or paths in them: `registry.example.com:5000`, `ghcr.io/acme`, `docker.io/library`. None: every image is allowed.",
      items: { type: "string", pattern: "^[a-zA-Z0-9.:-]+(/[a-z0-9._-]+)*$" },
      default: [],
    },
  },
  judge: (resource, { registries }) => {
    const object = kubernetesObject(resource);
    return object === undefined || registries.length === 0
      ? []
      : workloadViolations(object, registries);
  },
};

function workloadViolations(object: KubernetesObject, registries: readonly string[]): Violation[] {
  const template = podTemplateOf(object);
  if (template === undefined) {
    return [];
  }
  const images = containerLists.flatMap((list) =>
    fieldsAt(template.spec, `${list}[]`).map((container) => fieldAt(container, "image")),
  );
  const volumes = fieldsAt(template.spec, "volumes[].image.reference").filter(isImage);
  return distinct([
    ...images.flatMap((image) => imageViolations(image, registries, object.isPatch)),
    ...volumes.flatMap((image) => imageViolations(image, registries, true)),
  ]);
}

/** What is not known of a volume need not be an image. */
function isImage({ property }: Field): boolean {
  return /\.image(\.reference)?$/.test(property);
}

function imageViolations(
  { property, value }: Field,
  registries: readonly string[],
  mayBeMissing: boolean,
): Violation[] {
  if (value === unreadable) {
    return [unknownViolation(property)];
  }
  if (mayBeMissing && isMissing(value)) {
    return [];
  }
  const name = typeof value === "string" ? imageName(value) : undefined;
  if (name === undefined) {
    return [problem(property, "is no reference to an image", remedyOf(registries))];
  }
  const places = registries.flatMap((registry) => registryPath(registry) ?? []);
  const fault = "is from a registry that is not allowed";
  const remedy = remedyOf(registries);
  const isValid = places.some((place) => isFrom(name, place));
  return problemUnless(isValid, property, fault, remedy);
}

function remedyOf(registries: readonly string[]): string {
  return `Use an image from ${registries.join(", ")}.`;
}

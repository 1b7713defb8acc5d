import { isSubdomain } from "secure-environment/core";

/**
 * Names of images, as container runtimes read them.
 * See https://github.com/distribution/reference/blob/main/reference.go
 */

const pathSegment = /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*$/;
const tagSyntax = /^\w[\w.-]{0,127}$/;
const digestSyntax = /^[A-Za-z][A-Za-z0-9+._-]*:[0-9a-fA-F]{32,}$/;

const dockerHub = "docker.io";
const dockerHubAliases = ["index.docker.io", "registry-1.docker.io", "registry.hub.docker.com"];

/**
 * The image with its registry and without tag and digest, such as `docker.io/library/nginx` for
 * `nginx:1`. `undefined` when it is no reference to an image.
 */
export function imageName(reference: string): string | undefined {
  const [tagged = "", ...digests] = reference.split("@");
  const [name, tag] = untagged(tagged);
  const isWhole =
    digests.length <= 1 &&
    digests.every((digest) => digestSyntax.test(digest)) &&
    tagSyntax.test(tag);
  return isWhole ? fullName(name) : undefined;
}

/** Where images come from: a registry, or a path in one. */
export function registryPath(place: string): string | undefined {
  return isHost(place) ? registryHost(place) : fullName(place);
}

/** Whether the image is there, or below. */
export function isFrom(name: string, place: string): boolean {
  return name === place || name.startsWith(`${place}/`);
}

/** A colon before the last slash is that of a port. */
function untagged(tagged: string): [name: string, tag: string] {
  const [, name = "", tag = "latest"] = /^(.*?)(?::([^/]*))?$/s.exec(tagged) ?? [];
  return [name, tag];
}

function fullName(name: string): string | undefined {
  const [first = "", ...others] = name.split("/");
  if (others.length > 0 && isMarkedAsHost(first)) {
    return isHost(first) ? below(registryHost(first), others) : undefined;
  }
  return below(dockerHub, [first, ...others]);
}

function below(host: string, segments: readonly string[]): string | undefined {
  const path = host === dockerHub && segments.length === 1 ? ["library", ...segments] : segments;
  return path.every((segment) => pathSegment.test(segment)) ? [host, ...path].join("/") : undefined;
}

/** What is before the first slash is a host when it cannot be a name on Docker Hub. */
function isMarkedAsHost(text: string): boolean {
  return /[.:A-Z]/.test(text) || text === "localhost";
}

function isHost(text: string): boolean {
  const [host = ""] = text.toLowerCase().split(/:(?=\d{1,5}$)/);
  return isMarkedAsHost(text) && isSubdomain(host);
}

function registryHost(text: string): string {
  const host = text.toLowerCase();
  return dockerHubAliases.includes(host) ? dockerHub : host;
}

import { type Dirent, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { listOf, recordOf } from "secure-environment/core";
import { type ListedStack } from "./listedStack";

/** All stacks of a backend of files belong to it. */
const organization = "organization";

/** What Pulumi calls the file of a stack; its copies have other endings. */
const stackFile = /^(?<name>[\w.-]+?)\.json(?<packed>\.gz|\.zst)?$/;

/** A project, as Pulumi names one. */
const projectName = /^[\w.-]+$/;

/**
 * The stacks of a backend that is a folder of this machine, by the names of its files. `pulumi stack ls` reads the
 * whole state of each stack, and looks at all names once more for each, so its time grows with the square of
 * their number.
 *
 * @param backend as PULUMI_BACKEND_URL names it.
 * @param project whose stacks are listed. Without it all are.
 * @returns nothing where the backend is no such folder, or is laid out in another way than from Pulumi 3.61 on.
 */
export function stacksInFolder(
  backend: string | undefined,
  project: string | undefined,
): readonly ListedStack[] | undefined {
  try {
    const folder = folderOf(backend);
    return folder !== undefined && hasProjects(folder)
      ? stacksIn(join(folder, "stacks"), project)
      : undefined;
  } catch {
    // What cannot be read here, Pulumi cannot read either, and says why.
    return undefined;
  }
}

function stacksIn(folder: string, project: string | undefined): readonly ListedStack[] {
  const projects = entriesOf(folder).filter((entry) => entry.isDirectory());
  return projects
    .map(({ name }) => name)
    .filter((name) => projectName.test(name) && (project === undefined || name === project))
    .flatMap((name) => stacksOf(name, join(folder, name)));
}

/** A URL with more than a path may mean something else. */
function folderOf(backend: string | undefined): string | undefined {
  return backend !== undefined && /^file:\/\/\/[^?#]+$/.test(backend)
    ? join(fileURLToPath(backend), ".pulumi")
    : undefined;
}

/** Before, stacks belonged to no project. */
function hasProjects(folder: string): boolean {
  const file = join(folder, "meta.yaml");
  return existsSync(file) && /^version: 1$/m.test(readFileSync(file, "utf8"));
}

function stacksOf(project: string, folder: string): readonly ListedStack[] {
  const stacks = new Map<string, ListedStack>();
  for (const entry of entriesOf(folder)) {
    const { name, packed } = stackFile.exec(entry.name)?.groups ?? {};
    if (name !== undefined && entry.isFile()) {
      const file = join(folder, entry.name);
      stacks.set(name, {
        fullName: [organization, project, name].join("/"),
        organization,
        project,
        name,
        isBusy: false,
        resourceCount: () => (packed === undefined ? resourcesIn(file) : undefined),
        lastUpdate: statSync(file).mtime.toISOString(),
      });
    }
  }
  return [...stacks.values()];
}

function entriesOf(folder: string): readonly Dirent[] {
  return existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
}

function resourcesIn(file: string): number | undefined {
  try {
    const { checkpoint } = recordOf(JSON.parse(readFileSync(file, "utf8")));
    return listOf(recordOf(recordOf(checkpoint).latest).resources).length;
  } catch {
    return undefined;
  }
}

import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { connectByVariable } from "../cluster/cluster";
import { exitCodes, ReviewError } from "../exitCodes";
import { nextSteps, pipelineFiles, type WantedFile } from "../init/pipelineFiles";
import { readRepository, type Repository } from "../init/repository";
import { settingsText } from "../init/settingsFile";
import { settingsFile } from "../settings/reviewSettings";

/** How a repository gets review environments. */
export interface InitOptions {
  /** The folder of the settings, which has a package.json. */
  readonly settings: string;
  /** Whose pipeline it gets; found out where that can be told. */
  readonly host?: string;
  readonly json?: boolean;
}

/** What came of it, for programs that read it. */
interface InitResult {
  /** The files that were written, as seen from the repository's root. */
  readonly written: readonly string[];
  /** Those that were there already and stayed as they are. */
  readonly kept: readonly string[];
  /** What is left to a person. */
  readonly next: readonly string[];
}

/**
 * Writes the settings and the pipeline of a repository that is to have review environments. It overwrites
 * nothing, so it may be run again.
 *
 * @throws ReviewError when it is no repository with a package.json, or its host is not known.
 */
export async function init(options: InitOptions): Promise<void> {
  const repository = readRepository(options.settings, options.host);
  const wanted = await filesOf(repository);
  const isThere = ({ path }: WantedFile) => existsSync(join(repository.root, path));
  const [kept, written] = [wanted.filter(isThere), wanted.filter((file) => !isThere(file))];
  written.forEach((file) => write(repository.root, file));
  const pathsOf = (files: readonly WantedFile[]) => files.map(({ path }) => path);
  const next = nextSteps[repository.host];
  const result: InitResult = { written: pathsOf(written), kept: pathsOf(kept), next };
  console.log(options.json ? JSON.stringify(result) : describe(result));
}

async function filesOf(repository: Repository): Promise<readonly WantedFile[]> {
  const settings = {
    path: join(repository.folderInRoot, settingsFile),
    content: settingsText(repository, await chosenCluster()),
  };
  return [settings, ...pipelineFiles(repository.host, repository)];
}

/** The identity of the cluster, where one is chosen and answers: it is no reason to write nothing. */
async function chosenCluster(): Promise<string | undefined> {
  if (!process.env.KUBECONFIG) {
    return undefined;
  }
  try {
    const found = await connectByVariable().namespace("kube-system");
    return found?.metadata?.uid;
  } catch {
    console.error("warning: The cluster of KUBECONFIG does not answer, so `cluster` is not set.");
    return undefined;
  }
}

/** Another one that came meanwhile stays as it is, too. */
function write(root: string, { path, content }: WantedFile): void {
  const file = join(root, path);
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content, { flag: "wx" });
  } catch (error) {
    const { code = "unknown" } = error as NodeJS.ErrnoException;
    throw new ReviewError(`${file} cannot be written (${code}).`, exitCodes.failed);
  }
}

function describe({ written, kept, next }: InitResult): string {
  return [
    ...written.map((path) => `wrote  ${path}`),
    ...kept.map((path) => `kept   ${path}, which was there already`),
    "",
    "What is left to you:",
    ...next.map((step, index) => `${index + 1}. ${step}`),
  ].join("\n");
}

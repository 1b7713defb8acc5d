import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { isLabel, isRecord, recordOf, reservedNames, suggestKey } from "secure-environment/core";
import { exitCodes, ReviewError } from "../exitCodes";
import { type Budget, budgetIn } from "./budget";
import { type Developers, developersIn } from "./developers";
import { type Reap, reapIn } from "./reap";
import { type Prices, pricesIn } from "./prices";
import { type SignIn, signInOf } from "./signIn";
import { isDuration } from "../duration";
import { wholeFileUrl } from "../wholePaths";
import { readYaml } from "./yaml";

/** What a repository says of its environments. */
export interface ReviewSettings {
  /** The folder in which it says so. */
  readonly folder: string;
  /** The file in which it says so. */
  readonly file: string;
  /** The Pulumi project that its stacks belong to. */
  readonly project: string;
  /** The folder of a program of its own; without one the standard program is run. */
  readonly program?: string;
  /** The state backend that a program of its own names; PULUMI_BACKEND_URL goes before it. */
  readonly backend?: string;
  /** Who owns the stacks in the state backend: `organization` unless that is Pulumi Cloud. */
  readonly organization: string;
  /** The UID of the cluster's namespace `kube-system`; without it any cluster is taken. */
  readonly cluster?: string;
  /** How long an environment stays after its last `up`, such as `7d`; without it, for ever. */
  readonly lifetime?: string;
  /** Branches that get no environment; a trailing `*` stands for any ending. */
  readonly unreviewed: readonly string[];
  /** The stacks that stay, by their full names: they are judged as such. */
  readonly permanent: readonly string[];
  /** The configuration of the policy pack, by policy. */
  readonly policies: Readonly<Record<string, unknown>>;
  /** How developers sign in to the cluster. */
  readonly developers?: Developers;
  /** How runs of pipelines sign in to the cluster. */
  readonly signIn?: SignIn;
  /** The namespace of the Leases by which runs know of each other; under the platform the pipeline's. */
  readonly leaseNamespace?: string;
  /** How environments are removed that nobody needs. */
  readonly reap?: Reap;
  /** How much all review environments of the project may have together; without it there is no bound. */
  readonly budget?: Budget;
  /** What an hour costs of what environments request; without them no cost is told. */
  readonly prices?: Prices;
  /** The configuration of the program by full key, such as `shop:size`. */
  readonly configuration: Readonly<Record<string, unknown>>;
}

/** The settings file of a repository that has no program of its own, or wants more of the command. */
export const settingsFile = "review.yaml";

/**
 * Branches that get no environment in any repository: those that stay, queues of merges, and bots that
 * make more branches than anybody looks at.
 */
export const unreviewedBranches: readonly string[] = [
  ...reservedNames,
  "main",
  "master",
  "gh-readonly-queue/*",
  "dependabot/*",
  "renovate/*",
  "release/*",
];

/**
 * Reads the settings of a folder: `review.yaml`, or of a repository with a program of its own and
 * without that file, `Pulumi.yaml` and `Pulumi.ci.yaml`.
 *
 * @throws ReviewError with every fault of the settings.
 */
export function readSettings(folder: string): ReviewSettings {
  const file = join(folder, settingsFile);
  if (existsSync(file)) {
    return settingsOf(file, readFile(file));
  }
  const project = join(folder, "Pulumi.yaml");
  if (!existsSync(project)) {
    const message =
      `${resolve(folder)} has neither ${settingsFile} nor Pulumi.yaml. ` +
      "Write `project: NAME` into a review.yaml there, or name the folder that has one with --settings.";
    throw new ReviewError(message, exitCodes.usage);
  }
  const { config } = recordOf(readFileIfThere(join(folder, "Pulumi.ci.yaml")));
  return settingsOf(file, { program: ".", config });
}

function settingsOf(file: string, content: unknown): ReviewSettings {
  const reader = new SettingsReader(content);
  const folder = dirname(file);
  const program = reader.text("program");
  const programFolder = program === undefined ? undefined : resolve(folder, program);
  const own = programFolder === undefined ? undefined : readOwnProgram(programFolder);
  const project = projectOf(reader, own);
  const organization = reader.text("organization") ?? "organization";
  const settings: ReviewSettings = {
    folder,
    file,
    project,
    organization,
    ...defined({
      program: programFolder,
      backend: own?.backend,
      cluster: reader.text("cluster"),
      lifetime: lifetimeOf(reader),
      developers: reader.developers(),
      signIn: reader.signIn(),
      leaseNamespace: leaseNamespaceIn(reader),
      reap: reader.reap(),
      budget: reader.budget(),
      prices: reader.prices(),
    }),
    unreviewed: [...unreviewedBranches, ...reader.texts("unreviewed")],
    permanent: reader.texts("permanent").map((name) => wholeName(name, organization, project)),
    policies: reader.map("policies"),
    configuration: { ...own?.configuration, ...withFullKeys(reader.map("config"), project) },
  };
  const faults = [...reader.faults, ...labelFaults(settings)];
  if (faults.length > 0) {
    throw faulty(file, faults);
  }
  return { ...settings, unreviewed: [...settings.unreviewed, ...reservedBy(settings)] };
}

/** A program of its own names it in its Pulumi.yaml, and Pulumi goes by that. */
function projectOf(reader: SettingsReader, own: OwnProgram | undefined): string {
  const said = reader.text("project");
  const project = said ?? own?.project ?? "";
  if (project === "") {
    reader.faults.push(
      "project is missing: the Pulumi project that the stacks belong to, such as `shop`",
    );
  } else if (!/^[\w.-]{1,100}$/.test(project)) {
    reader.faults.push(
      `project is ${JSON.stringify(project)}: Pulumi takes up to 100 letters, digits, hyphens, underscores and dots`,
    );
  } else if (own !== undefined && own.project !== project) {
    reader.faults.push(
      `project is ${JSON.stringify(project)}, and Pulumi.yaml says ${JSON.stringify(own.project)}: leave it out`,
    );
  }
  return project;
}

function lifetimeOf(reader: SettingsReader): string | undefined {
  const lifetime = reader.text("lifetime");
  if (lifetime !== undefined && !isDuration(lifetime)) {
    reader.faults.push(
      `lifetime is ${JSON.stringify(lifetime)}: give a whole number with a unit, such as 36h or 7d`,
    );
  }
  return lifetime;
}

function leaseNamespaceIn(reader: SettingsReader): string | undefined {
  const namespace = reader.text("leaseNamespace");
  if (namespace !== undefined && !isLabel(namespace)) {
    reader.faults.push(
      `leaseNamespace is ${JSON.stringify(namespace)}: give the name of a namespace, such as \`ci\``,
    );
  }
  return namespace;
}

/** A stack of another project, which the backend may have too, is named in full. */
function wholeName(stack: string, organization: string, project: string): string {
  return stack.includes("/") ? stack : [organization, project, stack].join("/");
}

/** What the settings may say. */
const keys: readonly string[] = [
  "project",
  "program",
  "organization",
  "cluster",
  "lifetime",
  "unreviewed",
  "permanent",
  "policies",
  "developers",
  "signIn",
  "leaseNamespace",
  "reap",
  "budget",
  "prices",
  "config",
];

/** Reads what settings say, and collects what is wrong with them. */
class SettingsReader {
  readonly faults: string[];
  private readonly data: Readonly<Record<string, unknown>>;

  constructor(content: unknown) {
    this.data = recordOf(content);
    this.faults = Object.keys(this.data)
      .filter((key) => !keys.includes(key))
      .map((key) => `${key} is not known. ${suggestKey(key, keys)}`);
  }

  text(key: string): string | undefined {
    const value = this.data[key];
    if (value === undefined || (typeof value === "string" && value !== "")) {
      return value;
    }
    this.faults.push(`${key} is no text; write it in quotes`);
    return undefined;
  }

  texts(key: string): readonly string[] {
    const texts = textsOf(this.data[key]);
    if (texts === undefined) {
      this.faults.push(`${key} is no list of texts; write each in quotes`);
    }
    return texts ?? [];
  }

  map(key: string): Readonly<Record<string, unknown>> {
    const value = this.data[key] ?? {};
    if (!isRecord(value)) {
      this.faults.push(`${key} is no map of keys and values`);
    }
    return recordOf(value);
  }

  developers(): Developers | undefined {
    const { developers, faults } = developersIn(this.data.developers);
    this.faults.push(...faults);
    return developers;
  }

  reap(): Reap | undefined {
    const { reap, faults } = reapIn(this.data.reap);
    this.faults.push(...faults);
    return reap;
  }

  signIn(): SignIn | undefined {
    const { signIn, faults } = signInOf(this.data.signIn);
    this.faults.push(...faults);
    return signIn;
  }

  budget(): Budget | undefined {
    const { budget, faults } = budgetIn(this.data.budget);
    this.faults.push(...faults);
    return budget;
  }

  prices(): Prices | undefined {
    const { prices, faults } = pricesIn(this.data.prices);
    this.faults.push(...faults);
    return prices;
  }
}

function defined<Values extends object>(values: Values): Partial<Values> {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Partial<Values>;
}

function textsOf(value: unknown): readonly string[] | undefined {
  const isListOfTexts =
    Array.isArray(value) && value.every((item): item is string => typeof item === "string");
  return isListOfTexts ? value : value === undefined || value === null ? [] : undefined;
}

/** Namespaces are looked for by it: of a number digits are lost, and what is secret is not known here. */
function labelFaults({ configuration, project }: ReviewSettings): readonly string[] {
  const labelled = configuration[`${project}:project`] ?? "";
  return typeof labelled === "string"
    ? []
    : [
        "project in the configuration is no text, so namespaces cannot be looked for; write it in quotes, and not as a secret",
      ];
}

/** What the program itself reserves gets no environment either. */
function reservedBy({ configuration, project }: ReviewSettings): readonly string[] {
  return textsOf(configuration[`${project}:reservedNames`]) ?? [];
}

/** A key without a prefix is the program's own, as in Pulumi's settings. */
function withFullKeys(configuration: Readonly<Record<string, unknown>>, project: string) {
  return Object.fromEntries(
    Object.entries(configuration).map(([key, value]) => [
      key.includes(":") ? key : `${project}:${key}`,
      value,
    ]),
  );
}

/** What the Pulumi.yaml of a program says that the command has to know. */
interface OwnProgram {
  readonly project?: string;
  readonly backend?: string;
  /** The cluster that it chooses, and the project that its environments name, where it says so. */
  readonly configuration: Readonly<Record<string, unknown>>;
}

function readOwnProgram(folder: string): OwnProgram {
  const { name, backend, config } = recordOf(readFileIfThere(join(folder, "Pulumi.yaml")));
  const { url } = recordOf(backend);
  const project = typeof name === "string" ? name : undefined;
  const chosen = Object.entries(withFullKeys(recordOf(config), project ?? ""))
    .map(([key, value]) => [key, defaultOf(value)] as const)
    .filter(([, value]) => (value ?? "") !== "")
    .filter(
      ([key, value]) =>
        key === `${project}:project` ||
        (key.startsWith("kubernetes:") && typeof value === "string"),
    );
  return {
    ...defined({
      project,
      backend: typeof url === "string" ? wholeFileUrl(url, folder) : undefined,
    }),
    configuration: Object.fromEntries(chosen),
  };
}

/** A setting of Pulumi.yaml is a value, which may be secret, or is declared, with a value or without. */
function defaultOf(setting: unknown): unknown {
  const { value, default: byDefault, secure } = recordOf(setting);
  return isRecord(setting) && secure === undefined ? (value ?? byDefault) : setting;
}

function readFileIfThere(file: string): unknown {
  return existsSync(file) ? readFile(file) : undefined;
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const { code = "unknown" } = error as NodeJS.ErrnoException;
    throw new ReviewError(`${file} cannot be read (${code}).`, exitCodes.usage);
  }
}

function readFile(file: string): unknown {
  const content = readYaml(contentOf(file));
  if ("faults" in content) {
    throw faulty(file, content.faults);
  }
  return content.data ?? {};
}

function faulty(file: string, faults: readonly string[]): ReviewError {
  const lines = faults.map((fault) => `  - ${fault}.`);
  return new ReviewError(
    [`${file} cannot be taken; nothing was done:`, ...lines].join("\n"),
    exitCodes.usage,
  );
}

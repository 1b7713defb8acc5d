import * as pulumi from "@pulumi/pulumi";

/** A resource as the program registered it. */
export interface Registration {
  readonly type: string;
  readonly name: string;
  /** Whether a provider makes it; a component is only an entry in the state. */
  readonly custom: boolean;
  /** Name of the parent. */
  readonly parent?: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Names of the resources that must exist before this one. */
  readonly dependsOn: readonly string[];
  /** Name of the resource whose deletion takes this one along. */
  readonly deletedWith?: string;
  readonly protect: boolean;
}

export interface MockRun {
  readonly project?: string;
  readonly stack?: string;
  readonly isPreview?: boolean;
  /** What the state of the stack has, as the engine tells it: resources by URN. */
  readonly state?: Readonly<Record<string, unknown>> | "unreadable";
  /** A resource of this name is made only after everything that does not wait for it. */
  readonly slowest?: string;
}

/** The requests of the engine's protocol that matter here, as the runtime builds them. */
interface RegisterRequest {
  getType(): string;
  getName(): string;
  getCustom(): boolean;
  getParent(): string;
  getDependenciesList(): string[];
  getDeletedwith(): string;
  getProtect(): boolean;
}
interface Monitor {
  registerResource(request: RegisterRequest, callback: unknown): Promise<void>;
}

/** Turns of the event loop after which everything that can go on has gone on. */
const turnsToSettle = 200;

/** Stands for Pulumi's engine and its providers, and records what they are asked for. */
export class MockEngine {
  /** What was registered, in the order of the requests. */
  readonly registrations: Registration[] = [];
  /** `ask NAME` when a resource is asked for and `made NAME` when it exists, in order. */
  readonly events: string[] = [];
  /** The functions that were called. */
  readonly calls: { readonly token: string; readonly inputs: object }[] = [];
  private readonly requests: RegisterRequest[] = [];

  static async start(run: MockRun = {}): Promise<MockEngine> {
    const engine = new MockEngine(run);
    const { project = "review", stack = "review-login", isPreview = false } = run;
    await pulumi.runtime.setMocks(engine.mocks(), project, stack, isPreview, "organization");
    engine.listen();
    return engine;
  }

  private constructor(private readonly run: MockRun) {}

  /** Resources that a provider makes: all but components. */
  get resources(): Registration[] {
    return this.registrations.filter((registration) => registration.custom);
  }

  resource(name: string): Registration {
    return one(this.resources, name);
  }

  component(name: string): Registration {
    return one(
      this.registrations.filter((registration) => !registration.custom),
      name,
    );
  }

  /** Whether both happened, the first one first. */
  isBefore(first: string, second: string): boolean {
    return this.events.includes(first) && this.events.indexOf(second) > this.events.indexOf(first);
  }

  /** Resolves once every resource that was asked for is made and nothing more is asked for. */
  async finished(): Promise<void> {
    let seen: number;
    do {
      seen = this.events.length;
      await settle();
    } while (this.events.length > seen || seen < 2 * this.registrations.length);
  }

  private mocks(): pulumi.runtime.Mocks {
    return {
      call: ({ token, inputs }) => this.called(token, inputs as Record<string, unknown>),
      newResource: async ({ type, name, inputs }) => {
        this.record(type, name, inputs as Record<string, unknown>);
        if (name === this.run.slowest) {
          await settle();
        }
        this.events.push(`made ${name}`);
        return { id: `${name}-id`, state: { ...inputs, ...this.generated(type) } };
      },
    };
  }

  private called(token: string, inputs: Record<string, unknown>): Record<string, unknown> {
    this.calls.push({ token, inputs });
    if (this.run.state === "unreadable") {
      throw Object.assign(new Error(), { details: "the state cannot be read" });
    }
    return { ...inputs, outputs: this.run.state ?? {} };
  }

  /** What a provider adds. A preview does not know it. */
  private generated(type: string): Record<string, unknown> {
    return type === "random:index/randomString:RandomString" && this.run.isPreview !== true
      ? { result: "x1y2z3" }
      : {};
  }

  /** Mocks are not shown options, so the requests are read on their way. */
  private listen(): void {
    const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
    const registerResource = monitor.registerResource.bind(monitor);
    monitor.registerResource = (request, callback) => {
      this.requests.push(request);
      return registerResource(request, callback);
    };
  }

  private record(type: string, name: string, inputs: Record<string, unknown>): void {
    const request = this.requests.find(
      (candidate) => candidate.getType() === type && candidate.getName() === name,
    );
    if (request === undefined) {
      throw new Error(`${name} was read, not registered`);
    }
    this.events.push(`ask ${name}`);
    this.registrations.push({
      type,
      name,
      custom: request.getCustom(),
      parent: nameOf(request.getParent()),
      inputs,
      dependsOn: request.getDependenciesList().flatMap((urn) => nameOf(urn) ?? []),
      deletedWith: nameOf(request.getDeletedwith()),
      protect: request.getProtect(),
    });
  }
}

/** The value of an output; `undefined` also when a preview does not know it. */
export function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}

/**
 * Runs the action and collects the errors that nobody caught, as Pulumi's runner would. Ends the
 * run: its promises stay open, and the next engine's start keeps them from being reported.
 */
export async function uncaughtErrorsOf(action: () => Promise<void>): Promise<Error[]> {
  const errors: Error[] = [];
  const listeners = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", (error: Error) => errors.push(error));
  try {
    await action();
    await settle();
  } finally {
    process.removeAllListeners("unhandledRejection");
    listeners.forEach((listener) => process.on("unhandledRejection", listener));
    await MockEngine.start();
  }
  return errors;
}

function one(registrations: readonly Registration[], name: string): Registration {
  const [found, ...others] = registrations.filter((registration) => registration.name === name);
  if (found === undefined || others.length > 0) {
    throw new Error(`${found === undefined ? "none" : "more than one"} is named ${name}`);
  }
  return found;
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < turnsToSettle; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function nameOf(urn: string): string | undefined {
  return urn === "" ? undefined : urn.split("::").at(-1);
}

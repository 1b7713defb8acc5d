import { setTimeout as sleep } from "node:timers/promises";
import { shownWords } from "secure-environment/core";
import { pause } from "../engine/interruption";
import { exitCodes, ReviewError } from "../exitCodes";
import { type Cluster } from "./cluster";
import { createLease, type Lease, type LeasePlace, readLease, replaceLease } from "./leaseRequests";

/** What a Lease is held for. */
export interface LeaseOptions extends LeasePlace {
  /** Who holds it, for people who wait; no two runs may have the same. */
  readonly holder: string;
  /** How long it stays held when its holder is gone without a word, in whole seconds. */
  readonly seconds: number;
  /**
   * How long to wait for another holder, in milliseconds; longer where it takes longer to see whether that
   * one is still there.
   */
  readonly wait: number;
  /** Told once for each other holder who is waited for. */
  readonly onWait?: (holder: string) => void;
}

/** A Lease that this run holds. */
export interface HeldLease {
  /**
   * Makes sure, by a request, that this run still holds it. Ask before each step that nobody else may do
   * meanwhile.
   *
   * @throws ReviewError with 12 when another one may have it, and another one when that cannot be told.
   */
  confirm(): Promise<void>;
}

/** How often a holder is looked at by one who waits, in milliseconds. */
const lookPause = 1_000;

/**
 * Does work that one run of all may do at a time, for as long as it has a Lease of the cluster: it is renewed
 * meanwhile, and given back at the end. A holder that was killed keeps it until nobody has seen it renewed
 * for the seconds that it named; whose clock is right does not matter.
 *
 * @throws ReviewError with 12 when another one holds it for longer than the wait, with 3 when these
 * credentials may not have it, and with 2 when its namespace is missing.
 */
export async function withLease<Result>(
  cluster: Cluster,
  options: LeaseOptions,
  work: (held: HeldLease) => Promise<Result>,
): Promise<Result> {
  const holding = new Holding(cluster, options, await acquire(cluster, options));
  holding.begin();
  try {
    return await work(holding);
  } finally {
    await holding.end();
  }
}

/** A Lease in the hands of this run: one write at a time, each on top of the one before. */
class Holding implements HeldLease {
  private writing: Promise<unknown> = Promise.resolve();
  private isLost = false;
  private readonly over = new AbortController();

  constructor(
    private readonly cluster: Cluster,
    private readonly options: LeaseOptions,
    private lease: Lease,
  ) {}

  /** Renews it again and again; what fails is tried again, and found by `confirm` if it stays so. */
  begin(): void {
    const renewAll = async (): Promise<void> => {
      const { signal } = this.over;
      while (!signal.aborted && !this.isLost) {
        await sleep((this.options.seconds * 1_000) / 3, undefined, { signal });
        await this.confirm().catch(() => undefined);
      }
    };
    void renewAll().catch(() => undefined);
  }

  async confirm(): Promise<void> {
    await this.afterOthers(() => this.renew());
    if (this.isLost) {
      const message = `This run holds the Lease ${placeOf(this.options)} no more: another one may be at work. What was begun is done; nothing more is.`;
      throw new ReviewError(message, exitCodes.locked);
    }
  }

  /** Gives it back. That this fails harms nobody: it is free once its seconds are over. */
  async end(): Promise<void> {
    this.over.abort();
    await this.afterOthers(async () => {
      if (!this.isLost) {
        const spec = { ...this.lease.spec, holderIdentity: "", leaseDurationSeconds: 1 };
        await replaceLease(this.cluster, { ...this.lease, spec });
      }
    }).catch(() => undefined);
  }

  private async renew(): Promise<void> {
    if (this.isLost) {
      return;
    }
    const spec = { ...this.lease.spec, renewTime: now() };
    const replaced = await replaceLease(this.cluster, { ...this.lease, spec });
    if (replaced !== "conflict") {
      this.lease = replaced;
      return;
    }
    // A write whose answer was lost on the way is one of this run, too.
    const found = await readLease(this.cluster, this.options);
    if (found?.spec?.holderIdentity === this.options.holder) {
      this.lease = found;
    } else {
      this.isLost = true;
    }
  }

  private afterOthers(write: () => Promise<void>): Promise<void> {
    const written = this.writing.then(write);
    this.writing = written.catch(() => undefined);
    return written;
  }
}

/** What was seen of another's Lease, and when that was first, by the clock that only goes forward. */
interface Sight {
  readonly lease: Lease;
  readonly since: number;
  /** Whether it was seen to change, so that its holder is there. */
  readonly isRenewed: boolean;
}

async function acquire(cluster: Cluster, options: LeaseOptions): Promise<Lease> {
  const deadline = performance.now() + options.wait;
  let sight: Sight | undefined;
  let told: string | undefined;
  for (;;) {
    const found = await readLease(cluster, options);
    sight = sightOf(found, sight);
    if (sight === undefined || isFree(sight)) {
      const written = await take(cluster, options, sight?.lease);
      if (written !== "conflict") {
        return written;
      }
    } else {
      const other = describeHolder(sight.lease);
      if (performance.now() >= deadline && sight.isRenewed) {
        throw heldByOther(options, other);
      }
      if (told !== other) {
        options.onWait?.(other);
        told = other;
      }
    }
    await pause(lookPause);
  }
}

/** Every renewal changes the version: what has the same one was not renewed. */
function sightOf(found: Lease | undefined, before: Sight | undefined): Sight | undefined {
  const isSame = found?.metadata.resourceVersion === before?.lease.metadata.resourceVersion;
  return found === undefined
    ? undefined
    : before !== undefined && isSame
      ? before
      : { lease: found, since: performance.now(), isRenewed: before !== undefined };
}

function isFree({ lease: { spec = {} }, since }: Sight): boolean {
  const { holderIdentity = "", leaseDurationSeconds = 0 } = spec;
  return holderIdentity === "" || performance.now() - since > leaseDurationSeconds * 1_000;
}

function take(cluster: Cluster, options: LeaseOptions, found: Lease | undefined) {
  const { namespace, name, holder, seconds } = options;
  const spec = {
    holderIdentity: holder,
    leaseDurationSeconds: seconds,
    acquireTime: now(),
    renewTime: now(),
    leaseTransitions: (found?.spec?.leaseTransitions ?? -1) + 1,
  };
  const made = { apiVersion: "coordination.k8s.io/v1", kind: "Lease" } as const;
  return found === undefined
    ? createLease(cluster, { ...made, metadata: { namespace, name }, spec })
    : replaceLease(cluster, { ...found, spec });
}

function heldByOther(options: LeaseOptions, other: string): ReviewError {
  const message = `Another run is at work: ${other} holds the Lease ${placeOf(options)}, and renews it. Wait for it, or give it longer by --wait.`;
  return new ReviewError(message, exitCodes.locked);
}

function describeHolder({ spec = {} }: Lease): string {
  const since = spec.acquireTime === undefined ? "" : ` since ${shownWords(spec.acquireTime)}`;
  return `${shownWords(spec.holderIdentity ?? "")}${since}`;
}

function placeOf({ namespace, name }: LeasePlace): string {
  return `${name} in namespace ${namespace}`;
}

/** A MicroTime of Kubernetes, which takes six digits and no fewer. */
function now(): string {
  return new Date().toISOString().replace("Z", "000Z");
}

import { nameOfEndpoint, type PacketCase } from "./packetCases";

/** What came of trying one connection. */
export interface PacketAnswer {
  /** Whether an answer came back. */
  readonly open: boolean;
  /** Who answered, as `namespace/name` or an address, where the target says who it is. */
  readonly answeredBy?: string;
  /** Such as `refused` or `silent`, for people. */
  readonly outcome: string;
}

/** What came of some connections, each looked up by its case. */
export type PacketAnswers = (packetCase: PacketCase) => PacketAnswer | undefined;

/** All that was tried: what should be open both before and after what should be closed. */
export interface PacketRounds {
  readonly openBefore: PacketAnswers;
  readonly closed: PacketAnswers;
  readonly openAfter: PacketAnswers;
}

/** What packets say of one case. */
export interface PacketResult extends PacketCase {
  /** `untested` where it is not known why no answer came, which shows no wall. */
  readonly verdict: "passed" | "failed" | "untested";
  /** What was found, where the case has not passed. */
  readonly reason?: string;
}

/**
 * Judges cases by what came of them.
 *
 * That no answer comes shows no wall: the target may be down, or the client without a network. A
 * closed case passes only where the same target answered another client on the same port, and
 * another target answered the same client over the same protocol, both before and after.
 */
export function judgePackets(
  cases: readonly PacketCase[],
  { openBefore, closed, openAfter }: PacketRounds,
): readonly PacketResult[] {
  const open = cases
    .filter((each) => each.open)
    .map((each) => ({ ...each, ...judgeOpen(each, [openBefore(each), openAfter(each)]) }));
  const working = open.filter(({ verdict }) => verdict === "passed");
  const controls = {
    targets: new Set(working.map(targetOf)),
    clients: new Set(working.map(clientOf)),
  };
  const shut = cases
    .filter((each) => !each.open)
    .map((each) => ({ ...each, ...judgeClosed(each, closed(each), controls) }));
  return [...open, ...shut];
}

type Judgement = Pick<PacketResult, "verdict" | "reason">;

/** The targets and clients that answers were seen of. */
interface Controls {
  readonly targets: ReadonlySet<string>;
  readonly clients: ReadonlySet<string>;
}

const untried: Judgement = { verdict: "untested", reason: "was not tried" };

function judgeOpen({ to }: PacketCase, answers: readonly (PacketAnswer | undefined)[]): Judgement {
  const target = nameOfEndpoint(to);
  const given = answers.filter((answer) => answer !== undefined);
  const missing = given.find((answer) => !answer.open);
  const other = given.find(({ answeredBy = target }) => answeredBy !== target);
  if (missing !== undefined) {
    const reason = `is closed (${missing.outcome}), and network policies open it`;
    return { verdict: "failed", reason };
  }
  if (other !== undefined) {
    return { verdict: "failed", reason: `was answered by ${other.answeredBy}` };
  }
  return given.length < answers.length ? untried : { verdict: "passed" };
}

function judgeClosed(
  packetCase: PacketCase,
  answer: PacketAnswer | undefined,
  { targets, clients }: Controls,
): Judgement {
  if (answer === undefined) {
    return untried;
  }
  if (answer.open) {
    return { verdict: "failed", reason: "is open, and network policies close it" };
  }
  if (!targets.has(targetOf(packetCase))) {
    return { verdict: "untested", reason: "gave no other client an answer on this port" };
  }
  return clients.has(clientOf(packetCase))
    ? { verdict: "passed" }
    : { verdict: "untested", reason: "was asked by a client that no target answered" };
}

function targetOf({ to, port }: PacketCase): string {
  return `${nameOfEndpoint(to)} ${port.port}/${port.protocol}`;
}

function clientOf({ from, port }: PacketCase): string {
  return `${nameOfEndpoint(from)} ${port.protocol}`;
}

import { type ApiRequest } from "../support/apiRequests";
import { type Attacker } from "./attackers";
import { type Refusal } from "./refusal";

/** Somebody who may do what the attacker wants to do, or something that is very like it. */
export interface Twin {
  /** The attacker when the request is a legitimate one; otherwise somebody who may. */
  readonly by: Attacker | "administrator";
  /** Differs from the attack in what is refused alone; it is the attack itself when that is who asks. */
  readonly request: ApiRequest;
}

/** One request by which somebody would get more than they were given. */
export interface Attack {
  readonly who: Attacker;
  /** A sentence without its subject: the attacker … */
  readonly what: string;
  /** What it would cost if it got through. */
  readonly harm: string;
  readonly request: ApiRequest;
  readonly refusal: Refusal;
  readonly twin: Twin;
}

/** What somebody tries, as a change of a legitimate request: a sentence, what it would cost, and the request. */
export interface Attempt {
  readonly what: string;
  readonly harm: string;
  readonly request: ApiRequest;
  readonly refusal: Refusal;
}

/** Attacks of one attacker that each bend a request which the attacker may send. */
export function attemptsBy(
  who: Attacker,
  legitimate: ApiRequest,
  attempts: readonly Attempt[],
): Attack[] {
  return attempts.map((attempt) => ({ who, ...attempt, twin: { by: who, request: legitimate } }));
}

/** The attack by each of them; an administrator's same request is what passes. */
export function byEach(attackers: readonly Attacker[], attempt: Attempt): Attack[] {
  return attackers.map((who) => ({
    who,
    ...attempt,
    twin: { by: "administrator", request: attempt.request },
  }));
}

import { type ApiRequest } from "../support/apiRequests";
import { type Attacker } from "./attackers";
import { type Refusal } from "./refusal";

/** Somebody who may do what the attacker wants to do, or something that is very like it. */
export interface Twin {
  /** The attacker when the request is a legitimate one; otherwise somebody who may. */
  readonly by: Attacker | "administrator";
  /** Differs from the attack in nothing but the sin; it is the attack itself when that is who asks. */
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

/** What an attack does to a legitimate request: a sentence, what it would cost, and the request. */
export interface Sin {
  readonly what: string;
  readonly harm: string;
  readonly request: ApiRequest;
  readonly refusal: Refusal;
}

/** Attacks of one attacker that each bend a request which the attacker may send. */
export function sinsAgainst(who: Attacker, legitimate: ApiRequest, sins: readonly Sin[]): Attack[] {
  return sins.map((sin) => ({ who, ...sin, twin: { by: who, request: legitimate } }));
}

/** The attack by each of them; an administrator's same request is what passes. */
export function byEach(attackers: readonly Attacker[], sin: Sin): Attack[] {
  return attackers.map((who) => ({
    who,
    ...sin,
    twin: { by: "administrator", request: sin.request },
  }));
}

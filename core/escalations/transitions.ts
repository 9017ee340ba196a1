/**
 * The life of an escalation: open → claimed → answered.
 * 1. One person holds it at a time; a claim that is not renewed runs out, and then another may take it.
 * 2. It is answered once: the first answer stands, and the same one again is no other answer.
 * 3. An answered escalation never changes.
 */
import type { Escalation } from './escalation.ts';

/** How long a person keeps a claim without renewing it: time to read a thread and write a reply. */
export const CLAIM_MS = 15 * 60_000;

/** Why an escalation may not change. */
export type EscalationRefusal =
  /** Another person holds it. */
  | 'claimed'
  /** It has its answer already. */
  | 'answered'
  /** This key came before, with another answer. */
  | 'key-reused'
  /** Nothing would change: what is asked for was done before. */
  | 'unchanged';

export type EscalationDecision =
  | { readonly ok: true; readonly escalation: Escalation }
  | { readonly ok: false; readonly refusal: EscalationRefusal; readonly escalation: Escalation };

const refused = (escalation: Escalation, refusal: EscalationRefusal): EscalationDecision => ({
  ok: false,
  refusal,
  escalation,
});

const advance = (escalation: Escalation, state: Escalation['state']): EscalationDecision => ({
  ok: true,
  escalation: { ...escalation, version: escalation.version + 1, state },
});

/** Whether another person than `by` holds it now. */
function heldByAnother({ state }: Escalation, by: string, now: number): boolean {
  return state.status === 'claimed' && state.by !== by && now < state.until;
}

/** Takes an escalation, or renews one's own claim. */
export function claimEscalation(escalation: Escalation, by: string, now: number): EscalationDecision {
  const { state } = escalation;
  if (state.status === 'answered') return refused(escalation, 'answered');
  if (heldByAnother(escalation, by, now)) return refused(escalation, 'claimed');
  // A renewal says since when the person has had it.
  const at = state.status === 'claimed' && state.by === by && now < state.until ? state.at : now;
  return advance(escalation, { status: 'claimed', by, at, until: now + CLAIM_MS });
}

/** Gives an escalation back before its claim runs out. */
export function releaseEscalation(escalation: Escalation, by: string, now: number): EscalationDecision {
  const { state } = escalation;
  if (state.status === 'answered') return refused(escalation, 'answered');
  if (heldByAnother(escalation, by, now)) return refused(escalation, 'claimed');
  return state.status === 'open' ? refused(escalation, 'unchanged') : advance(escalation, { status: 'open' });
}

export interface EscalationAnswer {
  /** Who answers. */
  readonly by: string;
  readonly reply: string;
  /** Equal keys are the same answer. */
  readonly key: string;
}

/** Answers, once. It need not be claimed before, but nobody else may hold it. */
export function answerEscalation(
  escalation: Escalation,
  { by, reply, key }: EscalationAnswer,
  now: number,
): EscalationDecision {
  const { state } = escalation;
  if (state.status === 'answered') {
    if (state.key !== key || state.by !== by) return refused(escalation, 'answered');
    return refused(escalation, state.reply === reply ? 'unchanged' : 'key-reused');
  }
  if (heldByAnother(escalation, by, now)) return refused(escalation, 'claimed');
  return advance(escalation, { status: 'answered', by, at: now, reply, key });
}

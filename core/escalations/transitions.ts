/**
 * The life of an escalation: open → claimed → answered.
 * 1. One person holds it at a time. A claim that is not renewed expires, and another person may then claim it.
 * 2. It is answered once. The first answer stands, and repeating the same answer changes nothing.
 * 3. An answered escalation never changes.
 */
import type { Escalation } from './escalation.ts';

/** How long a person keeps a claim without renewing it: time to read a thread and write a reply. */
export const CLAIM_MS = 15 * 60_000;

/** Why an escalation may not change. */
export type EscalationRefusal =
  /** Another person holds it. */
  | 'claimed'
  /** It has already been answered. */
  | 'answered'
  /** The key was used before with another answer. */
  | 'key-reused'
  /** Nothing would change: it was done before. */
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

/** Whether someone other than `by` holds it now. */
function heldByAnother({ state }: Escalation, by: string, now: number): boolean {
  return state.status === 'claimed' && state.by !== by && now < state.until;
}

/** Claims an escalation, or renews the caller's own claim. */
export function claimEscalation(escalation: Escalation, by: string, now: number): EscalationDecision {
  const { state } = escalation;
  if (state.status === 'answered') return refused(escalation, 'answered');
  if (heldByAnother(escalation, by, now)) return refused(escalation, 'claimed');
  // A renewal keeps the time of the first claim.
  const claim = state.status === 'claimed' && state.by === by && now < state.until ? state : { at: now };
  return advance(escalation, { ...claim, status: 'claimed', by, until: now + CLAIM_MS });
}

/** Releases an escalation before its claim expires. */
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

/** Answers an escalation once. It need not be claimed, but nobody else may hold it. */
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

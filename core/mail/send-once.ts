import type { Clock } from '../ports/clock.ts';
import type { MailRecord, MailStore } from '../ports/mail-store.ts';
import type { Letter, MailResult, Mailer } from '../ports/mailer.ts';

export interface MailPorts {
  readonly mails: MailStore;
  readonly mailer: Mailer;
  readonly clock: Pick<Clock, 'now'>;
}

export type MailOutcome =
  | { readonly kind: 'sent'; readonly messageId: string }
  /** Surely not sent yet, or no answer came to the first attempt. Call again. */
  | { readonly kind: 'later'; readonly reason: string }
  | { readonly kind: 'rejected'; readonly reason: string }
  /** No answer came to either attempt: it was sent twice, once or not at all. It is not sent a third time. */
  | { readonly kind: 'unknown'; readonly reason: string };

/** A sender that began less than this ago may still be waiting for its answer. */
const PATIENCE_MS = 60_000;

/** The first, and one more when nobody knows what became of it. */
const MAX_ATTEMPTS = 2;

/**
 * Sends a mail once to its recipient, however often it is called and wherever it crashes. The intent is written before the
 * mail is sent, since the service has no idempotency key. When the answer is lost, the next call after a minute sends the
 * mail once more, and then never again: a mail that arrives twice annoys, one that never arrives is a report unread.
 */
export async function sendOnce(ports: MailPorts, letter: Letter): Promise<MailOutcome> {
  const before = await ports.mails.get(letter);
  const known = before === null ? null : alreadyKnown(before, ports.clock.now());
  if (known !== null) return known;
  const intent: MailRecord = {
    ...before,
    version: (before?.version ?? 0) + 1,
    state: 'sending',
    attempts: (before?.attempts ?? 0) + 1,
    at: ports.clock.now(),
  };
  if ((await ports.mails.write(letter, intent)) === 'refused') return AT_WORK;
  const result = await ports.mailer.send(letter);
  if (result.kind !== 'unknown') await ports.mails.write(letter, after(intent, result, ports.clock.now()));
  return outcomeOf(result, intent.attempts);
}

const AT_WORK: MailOutcome = { kind: 'later', reason: 'Another sender is at work on this mail.' };

/** Null when it is to be sent. */
function alreadyKnown(
  { state, attempts, at, messageId = '', reason = '' }: MailRecord,
  now: number,
): MailOutcome | null {
  if (state === 'sent') return { kind: 'sent', messageId };
  if (state === 'rejected') return { kind: 'rejected', reason };
  if (state === 'waiting') return null;
  if (now < at + PATIENCE_MS) return AT_WORK;
  if (attempts < MAX_ATTEMPTS) return null;
  return { kind: 'unknown', reason: `No answer came to ${attempts} attempts.` };
}

function after(intent: MailRecord, result: Exclude<MailResult, { kind: 'unknown' }>, at: number): MailRecord {
  const next = { ...intent, version: intent.version + 1, at };
  if (result.kind === 'accepted') return { ...next, state: 'sent', messageId: result.messageId };
  if (result.kind === 'rejected') return { ...next, state: 'rejected', reason: result.reason };
  return { ...next, state: 'waiting', attempts: intent.attempts - 1, reason: result.reason };
}

function outcomeOf(result: MailResult, attempts: number): MailOutcome {
  if (result.kind === 'accepted') return { kind: 'sent', messageId: result.messageId };
  if (result.kind === 'not-sent') return { kind: 'later', reason: result.reason };
  if (result.kind === 'unknown' && attempts < MAX_ATTEMPTS) return { kind: 'later', reason: result.reason };
  return result;
}

import { sendOnce, type MailOutcome, type MailPorts } from '#core/mail/send-once.ts';
import type { Letter } from '#core/ports/mailer.ts';
import type { Delivery } from '../night/deliver.ts';
import { lettersOf, type Channel } from './letters.ts';

export interface SendPorts extends MailPorts {
  /** Waits. Resolves at once when there is no time left. */
  pause(ms: number): Promise<void>;
  /** Whether there is time for one more mail, whose answer may take 15 seconds. */
  hasTime(): boolean;
}

/** What became of a brief's mails. It has no addresses. */
export interface MailReport {
  readonly channel: Channel['kind'];
  readonly recipients: number;
  readonly sent: number;
  /** The service refused them for good. */
  readonly rejected: number;
  /** Sent once or twice, or not at all: no answer came. */
  readonly unknown: number;
  /** Not sent, or another call is at work on it. */
  readonly unsent: number;
  /** Why, once each. */
  readonly reasons: readonly string[];
}

/**
 * Milliseconds before each further round. Together they are longer than the minute after which a mail whose answer was lost
 * is sent once more.
 */
const ROUNDS_MS = [2_000, 5_000, 10_000, 20_000, 40_000];
/** After a mail that was not sent: an account in the sandbox of SES may send one a second. */
const SPACING_MS = 1_100;

/**
 * Mails a brief once to each recipient, however often it is called for a run. What is not sent is tried again for about
 * two minutes, and nothing when there is no time left. It never throws for a mail: the brief lies in the bucket whatever becomes of them.
 */
export async function sendBrief(ports: SendPorts, brief: Delivery, channel: Channel): Promise<MailReport> {
  const letters = lettersOf(brief, channel);
  const outcomes = new Map<string, MailOutcome>();
  let waiting = letters;
  for (const pause of [0, ...ROUNDS_MS]) {
    if (waiting.length === 0) break;
    if (pause > 0) await ports.pause(pause);
    for (const letter of waiting) {
      if (!ports.hasTime()) return reportOf(channel, letters, outcomes);
      const outcome = await sendOnce(ports, letter);
      outcomes.set(letter.to, outcome);
      if (outcome.kind === 'later') await ports.pause(SPACING_MS);
    }
    waiting = waiting.filter(({ to }) => outcomes.get(to)?.kind === 'later');
  }
  return reportOf(channel, letters, outcomes);
}

const NO_TIME: MailOutcome = { kind: 'later', reason: 'The function had no time left for it.' };

function reportOf(
  channel: Channel,
  letters: readonly Letter[],
  outcomeOf: ReadonlyMap<string, MailOutcome>,
): MailReport {
  const outcomes = letters.map(({ to }) => outcomeOf.get(to) ?? NO_TIME);
  const count = (kind: MailOutcome['kind']): number => outcomes.filter((each) => each.kind === kind).length;
  const reasons = outcomes.flatMap((each) => (each.kind === 'sent' ? [] : [withoutAddresses(each.reason)]));
  return {
    channel: channel.kind,
    recipients: outcomes.length,
    sent: count('sent'),
    rejected: count('rejected'),
    unknown: count('unknown'),
    unsent: count('later'),
    reasons: [...new Set(reasons)],
  };
}

/** The service names those it refused. Logs must not. */
const withoutAddresses = (reason: string): string => reason.replaceAll(/[^\s<>,:;]+@[^\s<>,:;]+/g, '(address)');

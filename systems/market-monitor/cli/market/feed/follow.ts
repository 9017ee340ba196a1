import { codeOf } from '#adapters/http/error-code.ts';
import { awsError, type Remedies } from '#cli/aws-error.ts';
import { clock, count, duration } from '#cli/terminal/format.ts';
import type { Output } from '#cli/terminal/output.ts';
import { UserError } from '#cli/user-error.ts';
import type { EdgarPoll, Polled } from '../../../sources/edgar/poll.ts';
import type { FeedOptions } from './options.ts';
import { waitAfter, type Round } from './patience.ts';

export interface FollowPorts {
  readonly poll: Poll;
  readonly notes: Pick<Output, 'line' | 'progress'>;
  /** Rejects if the signal is aborted. @param ms milliseconds */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
}
type Poll = Pick<EdgarPoll, 'poll'>;

/** Polls once, or until the signal is aborted, and then returns how many events it sent. Throws what a person must mend. */
export async function follow(
  { poll, notes, wait }: FollowPorts,
  { every, once }: Pick<FeedOptions, 'every' | 'once'>,
  signal: AbortSignal,
): Promise<number> {
  let sent = 0;
  let failures = 0;
  try {
    while (!signal.aborted) {
      const round = once ? await pollOnce(poll, signal) : await pollPatiently(poll, signal);
      if (round.kind === 'read') sent += round.sent;
      failures = round.kind === 'failed' || round.kind === 'unsent' ? failures + 1 : 0;
      const waitMs = waitAfter(round, every, failures);
      tell(notes, round, sent, waitMs);
      if (once) break;
      await wait(waitMs, signal);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return sent;
}

async function pollOnce(poll: Poll, signal: AbortSignal): Promise<Polled> {
  const polled = await poll.poll(signal);
  if (polled.kind === 'read') return polled;
  throw refused(polled);
}

/** The stream may be away for a while, as EDGAR may. Only what a person must mend ends the command. */
async function pollPatiently(poll: Poll, signal: AbortSignal): Promise<Round> {
  try {
    return await poll.poll(signal);
  } catch (error) {
    if (signal.aborted || awsError(error, REMEDIES) !== error) throw error;
    const words = error instanceof Error ? error.message.replace(/\.$/, '') : '';
    return { kind: 'unsent', reason: words === '' ? codeOf(error) : words };
  }
}

function tell(notes: FollowPorts['notes'], round: Round, sent: number, waitMs: number): void {
  if (round.kind === 'unsent') {
    notes.line(`${clock()}  Filings are not in the stream yet: ${round.reason}. Tried again in ${duration(waitMs)}.`);
    return;
  }
  if (round.kind !== 'read') {
    notes.line(`${clock()}  EDGAR ${said(round)}. It is asked again in ${duration(waitMs)}.`);
    return;
  }
  if (round.unread !== null) notes.line(`${clock()}  EDGAR has an entry that cannot be read: ${round.unread}`);
  if (round.outOfReach !== null)
    notes.line(`${clock()}  Filings accepted before ${round.outOfReach} were out of reach. The daily index has them.`);
  notes.progress(`${clock()}  ${count(sent, 'filing')} sent`);
}

type Refusal = Exclude<Polled, { readonly kind: 'read' }>;

const said = ({ kind, reason }: Refusal): string =>
  kind === 'blocked' ? `does not answer us for now (${reason})` : `cannot be read: ${reason}`;

const refused = (polled: Refusal): UserError =>
  new UserError(
    `EDGAR ${said(polled)}.`,
    polled.kind === 'blocked'
      ? `Wait for ${duration(polled.waitMs)}, check --contact, then run the command again.`
      : 'Run the command again. If it stays like that, see https://www.sec.gov.',
  );

/** What ends the command, since waiting does not mend it. */
export const REMEDIES: Remedies = {
  AccessDeniedException: 'Use credentials that may call kinesis:PutRecords on the stream.',
  ResourceNotFoundException: 'Give the output Stream of the market monitor’s stack with --stream.',
};

import { setTimeout as delay } from 'node:timers/promises';
import { putInOrder, type StreamRecord } from '#adapters/kinesis/put-events.ts';
import type { CloudEvent } from '#core/streams/cloud-event.ts';
import { awsError, type Remedies } from '#cli/aws-error.ts';
import { watchInterruption } from '#cli/interruption.ts';
import { clock, count, duration } from '#cli/terminal/format.ts';
import { terminalOutput, type Output } from '#cli/terminal/output.ts';
import { UserError } from '#cli/user-error.ts';
import { EdgarPoll, type Polled } from '../../../sources/edgar/poll.ts';
import { edgarPages } from '../../../sources/edgar/request.ts';
import type { FeedOptions } from './options.ts';
import { waitAfter } from './patience.ts';
import { targetOf } from './target.ts';

/** `fleet market feed edgar`: sends EDGAR's current filings to the stream, once or until Ctrl-C. */
export async function edgarCommand({ json, back, stream, url, contact, ...how }: FeedOptions): Promise<void> {
  const notes = terminalOutput(json);
  const target = targetOf(stream);
  const { signal } = watchInterruption();
  const poll = new EdgarPoll(
    {
      request: edgarPages({ url, contact }),
      send: async (events, signal) => putInOrder(target.kinesis, target.stream, events.map(recordOf), signal),
      pause: async (ms, signal) => delay(ms, undefined, { signal }),
    },
    Date.now() - back,
  );
  try {
    const sent = await follow(poll, how, notes, signal);
    notes.progress('');
    if (json) notes.json({ events: sent });
    else notes.line(`${count(sent, 'filing')} sent. npm run fleet -- alerts list shows the alerts.`);
  } catch (error) {
    throw awsError(error, REMEDIES, stream === undefined);
  } finally {
    target.kinesis.destroy();
  }
}

/** Events of one subject keep their order. */
const recordOf = (event: CloudEvent): StreamRecord => ({
  key: event.subject,
  bytes: Buffer.from(JSON.stringify(event)),
});

/** Polls until the signal is aborted. Returns how many events it sent. */
async function follow(
  poll: EdgarPoll,
  { every, once }: Pick<FeedOptions, 'every' | 'once'>,
  notes: Output,
  signal: AbortSignal,
): Promise<number> {
  let sent = 0;
  let failures = 0;
  try {
    while (!signal.aborted) {
      const polled = await poll.poll(signal);
      if (polled.kind === 'read') sent += polled.sent;
      else if (once) throw refused(polled);
      failures = polled.kind === 'failed' ? failures + 1 : 0;
      const waitMs = waitAfter(polled, every, failures);
      tell(notes, polled, sent, waitMs);
      if (once) break;
      await delay(waitMs, undefined, { signal });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return sent;
}

function tell(notes: Output, polled: Polled, sent: number, waitMs: number): void {
  if (polled.kind !== 'read') {
    notes.line(`${clock()}  EDGAR ${said(polled)}. It is asked again in ${duration(waitMs)}.`);
    return;
  }
  if (polled.unread !== null) notes.line(`${clock()}  EDGAR has an entry that cannot be read: ${polled.unread}`);
  if (polled.outOfReach !== null)
    notes.line(`${clock()}  Filings accepted before ${polled.outOfReach} were out of reach. The daily index has them.`);
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

const REMEDIES: Remedies = {
  AccessDeniedException: 'Use credentials that may call kinesis:PutRecords on the stream.',
  ResourceNotFoundException: 'Give the output Stream of the market monitor’s stack with --stream.',
};

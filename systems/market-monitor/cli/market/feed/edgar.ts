import { setTimeout as delay } from 'node:timers/promises';
import { putInOrder, type StreamRecord } from '#adapters/kinesis/put-events.ts';
import type { CloudEvent } from '#core/streams/cloud-event.ts';
import { awsError } from '#cli/aws-error.ts';
import { watchInterruption } from '#cli/interruption.ts';
import { count } from '#cli/terminal/format.ts';
import { terminalOutput } from '#cli/terminal/output.ts';
import { EdgarPoll } from '../../../sources/edgar/poll.ts';
import { edgarPages } from '../../../sources/edgar/request.ts';
import { follow, REMEDIES } from './follow.ts';
import type { FeedOptions } from './options.ts';
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
    const wait = (ms: number, signal: AbortSignal): Promise<void> => delay(ms, undefined, { signal });
    const sent = await follow({ poll, notes, wait }, how, signal);
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

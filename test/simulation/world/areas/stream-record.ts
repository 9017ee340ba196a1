import type { SourceRecord } from '#core/streams/source-record.ts';
import { EPOCH } from '../machine.ts';
import type { StreamEvent } from './stream-event.ts';

/** The bytes of a record. What is broken has the id all the same, so that the judge finds it. */
export function bytesOf(event: StreamEvent): Uint8Array {
  const { id, source, subject, sequence, kind, needs, effect, at } = event;
  const json = JSON.stringify({
    specversion: '1.0',
    id,
    source,
    subject,
    type: 'simulated.event.v1',
    time: new Date(EPOCH + Math.floor(sequence === null ? 0 : sequence)).toISOString(),
    ...(sequence !== null && { sequence: String(sequence) }),
    data: { kind, ...(needs !== undefined && { needs }), effect },
    simulated: { ...event, at },
  });
  return Buffer.from(kind === 'broken' ? `!${json}` : json);
}

/** The event that a record was made of. */
export function eventOf({ bytes }: SourceRecord): StreamEvent | null {
  const text = Buffer.from(bytes).toString('utf8').replace(/^!/, '');
  return (JSON.parse(text) as { simulated?: StreamEvent }).simulated ?? null;
}

import type { Item } from './item.ts';

const encoder = new TextEncoder();

/** The event in the JSON format of CloudEvents 1.0.2. */
export function envelopeOf({ id, source, type, subject, time, data }: Item, sequence: number | null): object {
  return {
    specversion: '1.0',
    id,
    source,
    type,
    subject,
    time: typeof time === 'string' ? time : new Date(time).toISOString(),
    datacontenttype: 'application/json',
    ...(sequence !== null && { sequence: String(sequence) }),
    data,
  };
}

export const encode = (item: Item, sequence: number | null): Uint8Array =>
  bytesOf(JSON.stringify(envelopeOf(item, sequence)));

export const bytesOf = (text: string): Uint8Array => encoder.encode(text);

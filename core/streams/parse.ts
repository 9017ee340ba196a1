import type { z } from 'zod';
import { plainIssue } from '../parse/plain-message.ts';
import type { RoutedEvent, StreamApp } from './app.ts';
import { cloudEventSchema, type CloudEvent } from './cloud-event.ts';
import type { SourceRecord } from './source-record.ts';

/** Longest event. A longer one belongs in a bucket, and its key in the event. */
export const MAX_EVENT_BYTES = 256 * 1024;

/** Clocks of sources may be ahead by this. */
export const MAX_AHEAD_MS = 5 * 60_000;

/** Why an event is set aside. Stored with it, and a dimension of nothing: a person reads it. */
export type RejectionReason =
  /** Its subject could not be written, and its mapping repeats whole batches only. */
  | 'not-routed'
  | 'too-big'
  | 'not-utf-8'
  | 'not-json'
  | 'not-a-cloud-event'
  | 'unknown-type'
  | 'unknown-version'
  | 'invalid-subject'
  | 'invalid-data'
  | 'from-the-future'
  | 'expired'
  | 'number-reused'
  | 'number-forgotten'
  | 'too-many-sources'
  | 'apply-failed'
  | 'state-too-big'
  | 'effects-too-big';

/** Why an event can never be applied as it is. */
export interface Rejection {
  readonly reason: RejectionReason;
  /** What is wrong and what to do. It may quote the event, so it is stored and never logged. */
  readonly detail: string;
  /** When it happened, in milliseconds since 1970. Absent: it cannot be read. */
  readonly time?: number;
}

export type Parsed = { readonly event: RoutedEvent } | { readonly rejection: Rejection };

type Schemas = Pick<StreamApp<unknown, unknown, { readonly id: string }>, 'types' | 'subject'>;

/** Turns a record into an event, which is not `late` yet, or says why it cannot. */
export function parseRecord(app: Schemas, { bytes, arrivedAt }: SourceRecord, now: number): Parsed {
  if (bytes.length > MAX_EVENT_BYTES)
    return reject(
      'too-big',
      `It has ${bytes.length} bytes, at most ${MAX_EVENT_BYTES} are allowed. Send big data as a link.`,
    );
  const text = decode(bytes);
  if (text === null) return reject('not-utf-8', 'Send events as JSON in UTF-8.');
  const json = parseJson(text);
  if (json === undefined) return reject('not-json', 'Send one CloudEvent as JSON in each record.');
  const parsed = cloudEventSchema.safeParse(json);
  if (!parsed.success) return reject('not-a-cloud-event', problemsOf(parsed.error));
  const read = readEvent(app, parsed.data, { arrivedAt, now });
  return 'event' in read ? read : { rejection: { ...read.rejection, time: Date.parse(parsed.data.time) } };
}

interface Times {
  readonly arrivedAt: number;
  readonly now: number;
}

function readEvent(app: Schemas, event: CloudEvent, { arrivedAt, now }: Times): Parsed {
  const schema = Object.hasOwn(app.types, event.type) ? app.types[event.type] : undefined;
  if (!schema) return rejectType(app, event.type);
  const subject = app.subject.safeParse(event.subject);
  if (!subject.success) return reject('invalid-subject', problemsOf(subject.error));
  const time = Date.parse(event.time);
  // The arrival judges, so that a second delivery ends as the first, and a router that is behind rejects nothing. Kafka lets
  // producers set it, hence the clock too.
  if (time > Math.min(arrivedAt, now) + MAX_AHEAD_MS)
    return reject('from-the-future', `Its time is ${event.time}. Correct the clock of ${event.source}.`);
  if (event.expirytime !== undefined && Date.parse(event.expirytime) <= Math.min(arrivedAt, now))
    return reject('expired', `It was of use until ${event.expirytime}.`);
  const data = schema.safeParse(event.data);
  if (!data.success) return reject('invalid-data', problemsOf(data.error));
  const { source, id, type, sequence } = event;
  const number = sequence === undefined ? null : BigInt(sequence);
  return {
    event: { source, id, type, subject: subject.data, time, sequence: number, data: data.data, arrivedAt, late: false },
  };
}

function rejectType({ types }: Schemas, type: string): Parsed {
  const versions = Object.keys(types).filter((known) => withoutVersion(known) === withoutVersion(type));
  return versions.length > 0
    ? reject('unknown-version', `Send ${versions.join(' or ')}, or deploy a release that reads ${type}.`)
    : reject('unknown-type', `The known types are ${Object.keys(types).join(', ')}.`);
}

const withoutVersion = (type: string): string => type.replace(/\.v\d+$/, '');

const reject = (reason: RejectionReason, detail: string): Parsed => ({ rejection: { reason, detail } });

/** The first issues say enough. Each may quote a long key. */
const problemsOf = (error: z.ZodError): string => error.issues.slice(0, 5).map(plainIssue).join('; ');

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

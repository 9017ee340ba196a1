import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { StreamRecord } from '#adapters/kinesis/put-events.ts';
import { fileReason } from '#cli/file-error.ts';
import { UserError, wrongUsage } from '#cli/user-error.ts';
import { parseRecord } from '#core/streams/parse.ts';
import { marketRouter } from '../../router/apply.ts';

/** A line that the router sets aside, or that no stream takes. */
export interface WrongLine {
  /** From 1. */
  readonly line: number;
  readonly why: string;
}

export interface ReplayFile {
  /** What is sent, in order. The router sets aside what is wrong with it. */
  readonly records: readonly StreamRecord[];
  readonly rejected: readonly WrongLine[];
  /** Too big for a record of Kinesis: not sent. */
  readonly tooBig: readonly WrongLine[];
}

/** Bytes of a record of Kinesis, its key included. https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html */
const MAX_RECORD_BYTES = 1024 * 1024;
const MAX_KEY_BYTES = 256;

const subjectSchema = z.object({ subject: z.string().min(1).max(MAX_KEY_BYTES) });
const REMEDY = 'Give a file with one CloudEvent as JSON per line.';

/** Reads a file, and what the router will say of each line. Throws wrong usage if no line is an event. */
export function readReplayFile(file: string, now: number): ReplayFile {
  const [records, rejected, tooBig]: [StreamRecord[], WrongLine[], WrongLine[]] = [[], [], []];
  for (const [index, text] of read(file).split('\n').entries()) {
    if (text.trim() === '') continue;
    const line = index + 1;
    const bytes = Buffer.from(text);
    if (bytes.length > MAX_RECORD_BYTES - MAX_KEY_BYTES) {
      tooBig.push({ line, why: `It has ${bytes.length} bytes. A record of the stream has at most 1 MiB.` });
      continue;
    }
    const why = problemOf(bytes, now);
    if (why !== null) rejected.push({ line, why });
    records.push({ key: keyOf(text), bytes });
  }
  const [wrong] = [...rejected, ...tooBig];
  if (records.length > rejected.length) return { records, rejected, tooBig };
  if (wrong === undefined) throw new UserError(`${file} has no events.`, REMEDY);
  throw wrongUsage(`${file} has no valid event. Line ${wrong.line}: ${wrong.why}`, REMEDY);
}

function problemOf(bytes: Uint8Array, now: number): string | null {
  const record = { stream: 'file', partition: '0', position: '0', key: '', bytes, arrivedAt: now };
  const parsed = parseRecord(marketRouter, record, now);
  return 'rejection' in parsed ? parsed.rejection.detail : null;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw wrongUsage(
      `${file} cannot be read: ${fileReason(error) ?? error.message}.`,
      'Give a file that you can read.',
    );
  }
}

/** A line without a subject is sent too: the router sets it aside with the reason. */
function keyOf(line: string): string {
  try {
    return subjectSchema.safeParse(JSON.parse(line)).data?.subject ?? 'unknown';
  } catch {
    return 'unknown';
  }
}

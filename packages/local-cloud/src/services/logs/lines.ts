import { open, type FileHandle } from 'node:fs/promises';

/** A line of a log file and where it begins. */
export interface FileLine {
  readonly offset: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** The environment that wrote it. */
  readonly environment: string;
  readonly text: string;
}

const CHUNK_BYTES = 256 * 1_024;
const NEWLINE = 10;

/**
 * Yields the lines of a log file from the first one that was written at `start` or later. Lines are in the order of their
 * times, so the first one is found by bisection, and a search in a large file reads little of it.
 */
export async function* linesSince(path: string, start: number): AsyncGenerator<FileLine> {
  const file = await open(path).catch(() => null);
  if (file === null) return;
  try {
    for await (const line of linesFrom(file, await bisect(file, start))) if (line.time >= start) yield line;
  } finally {
    await file.close();
  }
}

/** An offset at or before the first line that was written at `start` or later, and less than two chunks before it. */
async function bisect(file: FileHandle, start: number): Promise<number> {
  let low = 0;
  let high = (await file.stat()).size;
  while (high - low > CHUNK_BYTES) {
    const middle = Math.floor((low + high) / 2);
    const { value } = await linesFrom(file, middle).next();
    if (value === undefined || value.time >= start || value.offset >= high) high = middle;
    else low = value.offset;
  }
  return low;
}

/** Yields the lines that begin at `from` or later. */
async function* linesFrom(file: FileHandle, from: number): AsyncGenerator<FileLine, undefined> {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  // Begins one byte earlier: if that byte ends a line, the next line begins at `from`.
  let offset = Math.max(0, from - 1);
  let skipping = from > 0;
  let rest = Buffer.alloc(0);
  for (;;) {
    const { bytesRead } = await file.read(chunk, 0, CHUNK_BYTES, offset + rest.length);
    if (bytesRead === 0) return undefined;
    const bytes = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
    let begin = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, begin)) {
      const line = skipping ? null : parsed(bytes.toString('utf8', begin, end), offset + begin);
      if (line !== null) yield line;
      skipping = false;
      begin = end + 1;
    }
    rest = bytes.subarray(begin);
    offset += begin;
  }
}

function parsed(line: string, offset: number): FileLine | null {
  const [, timestamp, environment, text] = /^(\S+Z) ([0-9a-f]{8}) (.*)$/s.exec(line) ?? [];
  if (timestamp === undefined || environment === undefined || text === undefined) return null;
  return { offset, time: Date.parse(timestamp), environment, text };
}

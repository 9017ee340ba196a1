import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One log line of a function. */
export interface StoredLine {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly stream: string;
  readonly text: string;
}

/** Reads the lines of a function from `start` (inclusive) to `end` (exclusive) from its daily files. */
export async function readLines(directory: string, name: string, start: number, end: number): Promise<StoredLine[]> {
  const folder = join(directory, name);
  const first = new Date(Math.min(start, 8.64e15)).toISOString().slice(0, 10);
  const files = (await readdir(folder).catch(() => [])).filter((file) => file >= first).sort();
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  return texts
    .flatMap((text) => text.split('\n'))
    .flatMap((line) => {
      const [, timestamp, environment, text] = /^(\S+Z) ([0-9a-f]{8}) (.*)$/.exec(line) ?? [];
      if (timestamp === undefined || environment === undefined || text === undefined) return [];
      const stream = `${timestamp.slice(0, 10).replaceAll('-', '/')}/[$LATEST]${environment}`;
      return [{ time: Date.parse(timestamp), stream, text }];
    })
    .filter(({ time }) => time >= start && time < end);
}

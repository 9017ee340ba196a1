import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { linesSince } from './lines.ts';

/** One log line of a function. */
export interface StoredLine {
  /** The same each time that the line is read. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly stream: string;
  readonly text: string;
}

/** Characters that one request reads, as a request to AWS searches for a limited time. */
const MAX_SEARCHED = 32_000_000;

export interface LineSearch {
  readonly start: number;
  /** Inclusive, as on AWS. */
  readonly end: number;
  readonly limit: number;
  matches(line: StoredLine): boolean;
}

/** Lines of a function that match. */
export interface FoundLines {
  readonly lines: readonly StoredLine[];
  /** All lines before this time were searched. Infinity when nothing more is to be searched for the page. */
  readonly searchedTo: number;
}

/** Searches the daily files of a function. */
export async function findLines(directory: string, name: string, search: LineSearch): Promise<FoundLines> {
  const folder = join(directory, name);
  const first = new Date(Math.min(search.start, 8.64e15)).toISOString().slice(0, 10);
  const files = (await readdir(folder).catch(() => [])).filter((file) => file >= first).sort();
  const lines: StoredLine[] = [];
  let searched = 0;
  for (const file of files) {
    for await (const { offset, time, environment, text } of linesSince(join(folder, file), search.start)) {
      if (time > search.end) break;
      searched += text.length;
      if (searched > MAX_SEARCHED) return { lines, searchedTo: time };
      const stream = `${file.slice(0, 10).replaceAll('-', '/')}/[$LATEST]${environment}`;
      const line = { id: `${name}/${file}/${String(offset).padStart(12, '0')}`, time, stream, text };
      if (!search.matches(line)) continue;
      lines.push(line);
      if (lines.length === search.limit) return { lines, searchedTo: Infinity };
    }
  }
  return { lines, searchedTo: Infinity };
}

import { inParallel } from '../concurrency/in-parallel.ts';
import type { Clock } from '../ports/clock.ts';
import type { KeptLine, LogFilter, LogReader } from '../ports/log-reader.ts';
import { fits, readLine, type LogLine } from './log-line.ts';

/**
 * Where a search goes on. Times are milliseconds since the epoch.
 *
 * Invariants: 1. Pages follow each other without a gap: a line is never left out because another group was slower.
 * 2. No line is on two pages. 3. Each page gets further, or its successor searches a shorter window.
 */
export interface LogPosition {
  readonly from: number;
  /** The end of the whole search. Lines are before it. */
  readonly to: number;
  /** Lines at the time `from` that earlier pages contained. */
  readonly skip: number;
  /** Milliseconds that one page covers at most. Absent for all that is left. */
  readonly width?: number | undefined;
}

export interface LogSearch {
  readonly filter: LogFilter;
  /** The agents whose functions, and those of the platform, are searched. @default all functions */
  readonly agents?: readonly string[] | undefined;
  readonly position: LogPosition;
  /** Most lines of the page. */
  readonly limit: number;
  /** Milliseconds in which no more reads are started. */
  readonly withinMs: number;
}

/** Lines in the order of their times. A page may be empty although more lines follow. */
export interface LogSearchPage {
  readonly lines: readonly LogLine[];
  /** Where the next page begins. Absent when the search has reached its end. */
  readonly next?: LogPosition | undefined;
}

/**
 * Most lines of one read.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
 */
const MAX_LINES = 10_000;
/** Log groups that are read at once. CloudWatch Logs limits the requests of an account per second. */
const AT_ONCE = 8;
/** Pages of one group that are read for one page of the result. */
const MAX_PAGES = 20;
/** Characters of one group's lines that are kept for one page of the result. */
const MAX_CHARACTERS = 4_000_000;
/** The shortest window. A search that cannot read it in time has no answer. */
const MIN_WIDTH_MS = 1_000;

/** Thrown when even a second of logs cannot be searched in time. */
export class LogSearchTooSlow extends Error {
  override readonly name = 'LogSearchTooSlow';
}

/** Searches all log groups for lines that match, oldest first. Throws `LogSearchTooSlow`. */
export async function searchLogs(
  { logs, clock }: { readonly logs: LogReader; readonly clock: Pick<Clock, 'elapsed'> },
  { filter, agents, position, limit, withinMs }: LogSearch,
): Promise<LogSearchPage> {
  const { from, to, skip, width = Infinity } = position;
  if (from >= to) return { lines: [] };
  const end = Math.min(to, from + width);
  const until = clock.elapsed() + withinMs;
  const hasTime = (): boolean => clock.elapsed() < until;
  const enough = Math.min(MAX_LINES, limit + skip);
  const read = (group: string) => readGroup(logs, { group, filter, from, to: end, limit: enough, hasTime });
  const found = await inParallel(await logs.groups(agents), read, AT_ONCE);
  const readTo = Math.min(end, ...found.map((group) => group.readTo));
  // A stable sort: lines of the same time stay in the order of their groups.
  const sorted = found.flatMap(({ lines }) => lines).sort((left, right) => left.at - right.at);
  const known = sorted.filter(({ at }) => at < readTo);
  const page = known.slice(skip, enough);
  const lines = page.flatMap(shownIf(filter));
  if (known.length >= enough) return { lines, next: afterLine(position, sorted, enough) };
  if (readTo >= to) return { lines };
  return { lines, next: further(position, { end, readTo }) };
}

function shownIf(filter: LogFilter): (kept: KeptLine) => LogLine[] {
  return (kept) => {
    const line = readLine(kept);
    return line !== null && fits(line, filter) ? [line] : [];
  };
}

interface GroupRead {
  readonly group: string;
  readonly filter: LogFilter;
  readonly from: number;
  readonly to: number;
  readonly limit: number;
  hasTime(): boolean;
}

interface GroupLines {
  readonly lines: readonly KeptLine[];
  /** All lines before this time were read. Infinity when there are enough for the page. */
  readonly readTo: number;
}

async function readGroup(logs: LogReader, read: GroupRead): Promise<GroupLines> {
  const lines: KeptLine[] = [];
  let token: string | undefined;
  let characters = 0;
  for (let pages = 0; pages < MAX_PAGES && characters < MAX_CHARACTERS && read.hasTime(); pages += 1) {
    const page = await logs.read({ ...read, limit: read.limit - lines.length, token });
    lines.push(...page.lines);
    characters += page.lines.reduce((sum, { text }) => sum + text.length, 0);
    // More lines of this group are later than these, which already fill the page.
    if (page.token === undefined || lines.length >= read.limit) return { lines, readTo: Infinity };
    token = page.token;
  }
  return { lines, readTo: lines.at(-1)?.at ?? read.from };
}

/** The position after the first `count` lines. */
function afterLine(position: LogPosition, lines: readonly KeptLine[], count: number): LogPosition {
  const from = lines[count - 1]?.at ?? position.from;
  const skip = lines.slice(0, count).filter(({ at }) => at === from).length;
  return { ...position, from, skip };
}

/** The position after a page that a window or the time limited. */
function further(
  { from, to, skip, width }: LogPosition,
  { end, readTo }: { readonly end: number; readonly readTo: number },
): LogPosition {
  if (readTo >= end) return { from: end, to, skip: 0, width: (width ?? end - from) * 2 };
  if (readTo > from) return { from: readTo, to, skip: 0, width };
  const shorter = Math.floor((end - from) / 4);
  if (end - from <= MIN_WIDTH_MS) throw new LogSearchTooSlow(`A search of ${end - from} ms did not end in time.`);
  return { from, to, skip, width: Math.max(MIN_WIDTH_MS, shorter) };
}

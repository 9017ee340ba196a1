import { z } from 'zod';
import type { Artifacts } from '../ports/artifacts.ts';
import type { Ids } from '../ports/ids.ts';
import type { Runs } from '../ports/runs.ts';
import { FailureError } from '../failures/failure.ts';
import { localTime } from '../parse/local-time.ts';
import { runIdHere, type Homes } from '../regions/home.ts';
import { startOf } from '../text/text.ts';
import { parseItems, type Item } from './item.ts';

const MAX_BYTES = 16 * 1024 * 1024;

/** What a list says, as the system reads it, or why it is none. */
export type ReadList =
  | { readonly items: readonly Item[]; readonly notes?: readonly string[] }
  | { readonly problem: string };

/** @param date the local date on which the list was put, YYYY-MM-DD */
export type ReadListText = (text: string, date: string) => ReadList;

export interface TakeListPorts {
  readonly artifacts: Pick<Artifacts, 'get' | 'put'>;
  readonly runs: Runs<object>;
  readonly ids: Pick<Ids, 'digest'>;
  /** The regions of a global fleet. @default the fleet has one */
  readonly homes?: Homes | undefined;
}

export interface ListSettings {
  readonly bucket: string;
  /** Begins the keys of lists. */
  readonly lists: string;
  /** Begins the keys of their items, which the pipeline may read. */
  readonly items: string;
  /** The name of the pipeline. */
  readonly workflow: string;
  /** IANA time zone. */
  readonly zone: string;
  /** Most US dollars of a run. */
  readonly maxUsd: number;
}

/** A list that was put. */
export interface PutList {
  readonly key: string;
  /** When, in milliseconds. */
  readonly putAt: number;
  /** Bytes, as the event says. A list that is too large is never held in memory. */
  readonly size?: number | undefined;
}

/** What became of a list. It is written beside it, as `<key>.result.json`. */
export type ListTaken =
  | {
      readonly state: 'started';
      readonly runId: string;
      readonly items: number;
      /** When the list was put, as ISO time. */
      readonly putAt: string;
      /** What the list says that was left out or changed, and whether its run was started by an earlier put. */
      readonly notes: readonly string[];
    }
  | { readonly state: 'refused'; readonly problem: string };

/** The key of what is written beside a list. */
export const listResultKey = (key: string): string => `${key}.result.json`;

/**
 * Starts a run for a list. The name of the run follows from the list's key and content and the local date: the same list
 * put twice on a day is one run, and so is an event that comes twice.
 */
export async function takeList(
  ports: TakeListPorts,
  settings: ListSettings,
  read: ReadListText,
  { key, putAt, size }: PutList,
): Promise<ListTaken> {
  const { bucket } = settings;
  const { date } = localTime(putAt, settings.zone);
  const text = await textOf(ports, { bucket, key }, size);
  const list = typeof text === 'string' ? checked(read(text, date)) : text;
  const taken =
    'problem' in list ? refused(list.problem) : await start(ports, settings, { key, putAt, date, text, ...list });
  await ports.artifacts.put({ bucket, key: listResultKey(key) }, JSON.stringify(taken), 'application/json');
  return taken;
}

const refused = (problem: string): ListTaken => ({ state: 'refused', problem });

interface GoodList extends PutList {
  readonly date: string;
  readonly text: unknown;
  readonly items: readonly Item[];
  readonly notes?: readonly string[];
}

async function start(
  { artifacts, runs, ids, homes }: TakeListPorts,
  settings: ListSettings,
  { key, putAt, date, text, items, notes = [] }: GoodList,
): Promise<ListTaken> {
  const { bucket, workflow, maxUsd } = settings;
  const execution = `${startOf(workflow, 40)}-list-${date}-${ids.digest(JSON.stringify([key, text])).slice(0, 16)}`;
  const runId = runIdHere(homes, execution);
  const copy = `${settings.items}${execution}.jsonl`;
  const lines = items.map((item) => JSON.stringify(item)).join('\n');
  await artifacts.put({ bucket, key: copy }, lines, 'application/jsonl');
  const name = startOf(key.slice(settings.lists.length), 128);
  await runs.start(execution, { items: { key: copy }, name, group: date, budgetUsd: maxUsd });
  const put = new Date(putAt).toISOString();
  const again = await wasStarted(artifacts, { bucket, key }, runId, put);
  return { state: 'started', runId, items: items.length, putAt: put, notes: again ? [AGAIN, ...notes] : notes };
}

const AGAIN =
  'This list was started on this day already, so that nothing new was started. Put it under another name to start it again.';

const earlierSchema = z.object({ state: z.literal('started'), runId: z.string(), putAt: z.string() });

/** Whether an earlier put of the list started its run, as its result says. The event of one put may come twice. */
async function wasStarted(
  artifacts: Pick<Artifacts, 'get'>,
  { bucket, key }: { readonly bucket: string; readonly key: string },
  runId: string,
  putAt: string,
): Promise<boolean> {
  const text = await textOf({ artifacts }, { bucket, key: listResultKey(key) });
  if (typeof text !== 'string') return false;
  const { data } = earlierSchema.safeParse(parseJson(text));
  return data !== undefined && data.runId === runId && data.putAt !== putAt;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The text of a list, or why it has none. */
async function textOf(
  { artifacts }: { readonly artifacts: Pick<Artifacts, 'get'> },
  at: { readonly bucket: string; readonly key: string },
  size = 0,
): Promise<string | { readonly problem: string }> {
  if (size > MAX_BYTES) return tooLarge(size);
  try {
    const bytes = await artifacts.get(at);
    if (bytes.byteLength > MAX_BYTES) return tooLarge(bytes.byteLength);
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return { problem: 'The list is not UTF-8 text. Save it as UTF-8.' };
    if (error instanceof FailureError && error.failure.kind === 'permanent')
      return { problem: `The list cannot be read: ${error.failure.reason}` };
    throw error;
  }
}

const tooLarge = (bytes: number) => ({ problem: `The list has ${bytes} bytes. Use at most ${MAX_BYTES}.` });

/** A list whose items the pipeline would refuse starts nothing. */
function checked(list: ReadList): ReadList {
  if ('problem' in list) return list;
  const parsed = parseItems(list.items.map((item) => JSON.stringify(item)).join('\n'));
  return parsed.ok ? list : { problem: parsed.problem };
}

import type { Artifacts } from '../ports/artifacts.ts';
import type { Ids } from '../ports/ids.ts';
import type { Runs } from '../ports/runs.ts';
import { FailureError } from '../failures/failure.ts';
import { localTime } from '../parse/local-time.ts';
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

/** What became of a list. It is written beside it, as `<key>.result.json`. */
export type ListTaken =
  | {
      readonly state: 'started';
      readonly runId: string;
      readonly items: number;
      /** What the list says that was left out or changed. */
      readonly notes: readonly string[];
    }
  | { readonly state: 'refused'; readonly problem: string };

/** The key of what is written beside a list. */
export const listResultKey = (key: string): string => `${key}.result.json`;

/**
 * Starts a run for a list. The name of the run follows from the list's key and content and the local date: the same list
 * put twice on a day is one run, and so is an event that comes twice.
 * @param putAt when the list was put, in milliseconds
 */
export async function takeList(
  ports: TakeListPorts,
  settings: ListSettings,
  read: ReadListText,
  { key, putAt }: { readonly key: string; readonly putAt: number },
): Promise<ListTaken> {
  const { bucket } = settings;
  const { date } = localTime(putAt, settings.zone);
  const text = await textOf(ports, { bucket, key });
  const list = typeof text === 'string' ? checked(read(text, date)) : text;
  const taken = 'problem' in list ? refused(list.problem) : await start(ports, settings, { key, date, text, ...list });
  await ports.artifacts.put({ bucket, key: listResultKey(key) }, JSON.stringify(taken), 'application/json');
  return taken;
}

const refused = (problem: string): ListTaken => ({ state: 'refused', problem });

interface GoodList {
  readonly key: string;
  readonly date: string;
  readonly text: unknown;
  readonly items: readonly Item[];
  readonly notes?: readonly string[];
}

async function start(
  { artifacts, runs, ids }: TakeListPorts,
  settings: ListSettings,
  { key, date, text, items, notes = [] }: GoodList,
): Promise<ListTaken> {
  const { bucket, workflow, maxUsd } = settings;
  const runId = `${startOf(workflow, 40)}-list-${date}-${ids.digest(JSON.stringify([key, text])).slice(0, 16)}`;
  const copy = `${settings.items}${runId}.jsonl`;
  const lines = items.map((item) => JSON.stringify(item)).join('\n');
  await artifacts.put({ bucket, key: copy }, lines, 'application/jsonl');
  const name = startOf(key.slice(settings.lists.length), 128);
  await runs.start(runId, { items: { key: copy }, name, group: date, budgetUsd: maxUsd });
  return { state: 'started', runId, items: items.length, notes };
}

/** The text of a list, or why it has none. */
async function textOf(
  { artifacts }: TakeListPorts,
  at: { readonly bucket: string; readonly key: string },
): Promise<string | { readonly problem: string }> {
  try {
    const bytes = await artifacts.get(at);
    if (bytes.byteLength > MAX_BYTES)
      return { problem: `The list has ${bytes.byteLength} bytes. Use at most ${MAX_BYTES}.` };
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return { problem: 'The list is not UTF-8 text. Save it as UTF-8.' };
    if (error instanceof FailureError && error.failure.kind === 'permanent')
      return { problem: `The list cannot be read: ${error.failure.reason}` };
    throw error;
  }
}

/** A list whose items the pipeline would refuse starts nothing. */
function checked(list: ReadList): ReadList {
  if ('problem' in list) return list;
  const parsed = parseItems(list.items.map((item) => JSON.stringify(item)).join('\n'));
  return parsed.ok ? list : { problem: parsed.problem };
}

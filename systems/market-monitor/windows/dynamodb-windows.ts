import {
  ABSENT,
  atVersion,
  conditionalPut,
  parseBody,
  readItem,
  toBody,
  type Item,
  type Table,
} from '#runtime/index.ts';
import {
  addSignals,
  closeNewest,
  windowSchema,
  windowsSchema,
  type Window,
  type WindowRef,
  type WindowsOfSubject,
} from './window.ts';
import type { Windows } from './windows.ts';

/** Longer than events are retained in the stream and than any task waits. */
const KEPT_SECONDS = 8 * 86_400;

/** Competing routers, and a worker that closes the window. In each round one of them succeeds. */
const MAX_ROUNDS = 20;

type Of = Pick<WindowRef, 'agent' | 'subject'>;

/**
 * Windows in the system's table. `WINDOW#<agent>#<subject>` has the item `NEWEST` with the newest window, which one
 * conditional write changes, and one item per earlier window, `N#<number>`, which is written before `NEWEST` forgets it.
 */
export function dynamodbWindows(at: Table): Windows {
  return {
    async add(agent, signals, now) {
      const of = { agent, subject: signals[0].subject };
      for (let round = 0; round < MAX_ROUNDS; round++) {
        const before = await read(at, of);
        const { after, ended, numbers } = addSignals(before, agent, signals, now);
        for (const window of ended) await keep(at, window);
        if (after === null || (await write(at, after)) === 'written')
          return numbers.map((number) => ({ ...of, number }));
      }
      throw tooFast(of);
    },
    async close(ref) {
      for (let round = 0; round < MAX_ROUNDS; round++) {
        const windows = await read(at, ref);
        if (windows === null || windows.newest.number < ref.number) return null;
        if (windows.newest.number > ref.number) {
          const window = await readKept(at, ref);
          return window && { window, isOvertaken: true };
        }
        const closed = closeNewest(windows);
        if (closed === null || (await write(at, closed)) === 'written')
          return { window: (closed ?? windows).newest, isOvertaken: false };
      }
      throw tooFast(ref);
    },
  };
}

const tooFast = ({ agent, subject }: Of): Error =>
  new Error(`The windows of ${agent} and ${subject} were changed by others ${MAX_ROUNDS} times in a row. Retry.`);

const pkOf = ({ agent, subject }: Of) => ({ S: `WINDOW#${agent}#${subject}` });
const keyOf = (ref: WindowRef) => ({ pk: pkOf(ref), sk: { S: `N#${String(ref.number).padStart(9, '0')}` } });
const newestKey = (of: Of) => ({ pk: pkOf(of), sk: { S: 'NEWEST' } });
const expiry = ({ openedAt }: Window) => ({ N: String(Math.ceil(openedAt / 1_000) + KEPT_SECONDS) });

async function read(at: Table, of: Of): Promise<WindowsOfSubject | null> {
  const item = await readItem(at, newestKey(of));
  return item && parseBody(windowsSchema, item);
}

async function readKept(at: Table, ref: WindowRef): Promise<Window | null> {
  const item = await readItem(at, keyOf(ref));
  return item && parseBody(windowSchema, item);
}

async function write(at: Table, windows: WindowsOfSubject): Promise<'written' | 'refused'> {
  const { version, newest } = windows;
  const item: Item = {
    ...newestKey(newest),
    version: { N: String(version) },
    body: toBody(windows, 'The windows of a subject'),
    expiresAt: expiry(newest),
  };
  return conditionalPut(at, item, version === 1 ? ABSENT : atVersion(version - 1));
}

/** A closed window never changes (W2), so whoever writes it first wrote the same. */
const keep = async (at: Table, window: Window): Promise<'written' | 'refused'> =>
  conditionalPut(at, { ...keyOf(window), body: toBody(window, 'A window'), expiresAt: expiry(window) }, ABSENT);

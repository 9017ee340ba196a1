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
import { alertId } from '../alerts/alert.ts';
import {
  addSignals,
  closeNewest,
  withTexts,
  windowSchema,
  windowsSchema,
  type Window,
  type WindowRef,
  type WindowsOfSubject,
} from './window.ts';
import type { Signal } from './signal.ts';
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
      const refs: WindowRef[] = [];
      const all = withTexts(signals);
      while (refs.length < all.length) {
        const numbers = await addSome(at, of, all.slice(refs.length), now);
        refs.push(...numbers.map((number) => ({ ...of, number })));
      }
      return refs;
    },
    async close(ref) {
      for (let round = 0; round < MAX_ROUNDS; round++) {
        const windows = await read(at, ref);
        if (windows === null || windows.newest.number < ref.number) return null;
        if (windows.newest.number > ref.number) {
          const window = await readKept(at, ref);
          return window && { window, isOvertaken: tellsAlertsOf(windows.newest, window) };
        }
        const closed = closeNewest(windows);
        if (closed === null || (await write(at, closed)) === 'written')
          return { window: (closed ?? windows).newest, isOvertaken: false };
      }
      throw tooFast(ref);
    },
  };
}

/** Adds signals by one write, the first ones at least. Returns their windows. */
async function addSome(at: Table, of: Of, signals: readonly Signal[], now: number): Promise<readonly number[]> {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const { after, ended, numbers } = addSignals(await read(at, of), of.agent, signals, now);
    if (ended !== null) await keep(at, ended);
    if (after === null || (await write(at, after)) === 'written') return numbers;
  }
  throw tooFast(of);
}

/** One event makes a signal per portfolio, in several windows: each window has to be explained to its own portfolios. */
function tellsAlertsOf(newest: Window, window: Window): boolean {
  const told = new Set(newest.signals.map(alertId));
  return window.signals.every((signal) => told.has(alertId(signal)));
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

/** The window is stored as closed, so it never changes (W2), and whoever writes it first wrote the same. */
const keep = async (at: Table, window: Window): Promise<'written' | 'refused'> =>
  conditionalPut(at, { ...keyOf(window), body: toBody(window, 'A window'), expiresAt: expiry(window) }, ABSENT);

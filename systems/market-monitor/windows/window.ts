import { z } from 'zod';
import { stored, storedRecord } from '#core/stored/record.ts';
import { signalSchema, type Signal } from './signal.ts';

/** Signals of one task. More of them open the next window: the message to the model stays short. */
export const MAX_SIGNALS = 12;

/** How long a task waits for further signals of its subject before it starts. */
export const WINDOW_MS = 2_000;

/** Signals of earlier windows that are remembered. A router repeats a signal soon, or never. */
const MAX_REMEMBERED = 200;

/** The signals of one subject for one agent that one task explains. */
export const windowSchema = storedRecord({
  agent: z.string(),
  subject: z.string(),
  /** Milliseconds since 1970 at which it opened, or one more than the last one's. */
  number: z.number().int().positive(),
  openedAt: z.number(),
  /** A worker has read it, or it is full. */
  closed: z.boolean(),
  signals: z.array(signalSchema),
});
export type Window = z.infer<typeof windowSchema>;

/**
 * All windows of a subject and an agent: the newest one, and which signals the others have.
 *
 * - W1 A signal is in exactly one window, however often it is added.
 * - W2 A closed window takes no signal: what its task has read is all that it ever has.
 * - W3 The next window begins with the first signal after the last one was closed, and its number is higher.
 * - W4 A number is never used again, also after all windows of the subject have expired: it is part of the key of a task,
 *   which is kept longer. So windows are numbered by the time at which they open.
 */
export const windowsSchema = storedRecord({
  version: z.number().int().positive(),
  newest: windowSchema,
  earlier: z.array(stored({ signal: z.string(), number: z.number() })),
});
export type WindowsOfSubject = z.infer<typeof windowsSchema>;

/** Which window a task is about: the whole input of an analyst. */
export const windowRefSchema = z.strictObject({
  agent: z.string().min(1).max(41),
  subject: z.string().min(1).max(100),
  number: z.int().positive(),
});
export type WindowRef = z.infer<typeof windowRefSchema>;

/** The number of the window that has a signal, or null. */
const numberOf = ({ newest, earlier }: WindowsOfSubject, signal: string): number | null =>
  newest.signals.some(({ id }) => id === signal)
    ? newest.number
    : (earlier.find((each) => each.signal === signal)?.number ?? null);

/**
 * The windows with signals of one subject, each once, as far as one write may go: up to a signal that would open a window
 * after one that this changes. So every window that ends is stored as it is, closed, before the next one opens (W2).
 */
export function addSignals(
  windows: WindowsOfSubject | null,
  agent: string,
  signals: readonly Signal[],
  now: number,
): {
  /** To be written. Null: nothing changes. */
  readonly after: WindowsOfSubject | null;
  /** The window that is the newest no more. It is closed. */
  readonly ended: Window | null;
  /** The window of each signal, of the first ones at least. */
  readonly numbers: readonly number[];
} {
  let after = windows;
  const numbers: number[] = [];
  for (const signal of signals) {
    const known = after && numberOf(after, signal.id);
    if (known !== null) {
      numbers.push(known);
      continue;
    }
    if (after !== windows && after?.newest.closed === true) break;
    after = addSignal(after, agent, signal, now);
    numbers.push(after.newest.number);
  }
  if (after === null || after === windows) return { after: null, ended: null, numbers };
  const ended = windows !== null && windows.newest.number !== after.newest.number ? windows.newest : null;
  return { after: { ...after, version: (windows?.version ?? 0) + 1 }, ended, numbers };
}

/** The windows with one signal more, in the newest window or in the next one. */
function addSignal(windows: WindowsOfSubject | null, agent: string, added: Signal, now: number): WindowsOfSubject {
  const { subject } = added;
  if (windows === null)
    return { version: 1, newest: opened(agent, subject, Math.max(1, now), added, now), earlier: [] };
  const { newest } = windows;
  const version = windows.version + 1;
  // The first signal of an event has its text, in each window: twelve portfolios need it once.
  const text = newest.signals.find((each) => each.text !== '' && isSame(each.event, added.event))?.text;
  if (!newest.closed) {
    const signals = [...newest.signals, text === undefined ? added : { ...added, text: '' }];
    return { ...windows, version, newest: { ...newest, signals, closed: signals.length >= MAX_SIGNALS } };
  }
  const ended = newest.signals.map(({ id }) => ({ signal: id, number: newest.number }));
  const earlier = [...windows.earlier, ...ended].slice(-MAX_REMEMBERED);
  const number = Math.max(newest.number + 1, now);
  const signal = { ...added, text: text ?? added.text };
  return { ...windows, version, newest: opened(agent, subject, number, signal, now), earlier };
}

const isSame = (one: Signal['event'], other: Signal['event']): boolean =>
  one.source === other.source && one.id === other.id;

const opened = (agent: string, subject: string, number: number, signal: Signal, now: number): Window => ({
  agent,
  subject,
  number,
  openedAt: now,
  closed: false,
  signals: [signal],
});

/** Signals with the text of their event, which the first one of each has: another window may begin with any of them. */
export const withTexts = (signals: readonly Signal[]): readonly Signal[] =>
  signals.map((signal) => {
    const first = signals.find((each) => each.text !== '' && isSame(each.event, signal.event));
    return signal.text === '' && first !== undefined ? { ...signal, text: first.text } : signal;
  });

/** Closes the newest window for good. Null if it is closed already. */
export const closeNewest = (windows: WindowsOfSubject): WindowsOfSubject | null =>
  windows.newest.closed
    ? null
    : { ...windows, version: windows.version + 1, newest: { ...windows.newest, closed: true } };

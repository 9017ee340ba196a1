import type { Signal } from '../windows/signal.ts';
import type { Window } from '../windows/window.ts';
import { PositionVariable } from '../rules/variables.ts';
import { fenced, quoted } from './fence.ts';

/** An event of a window, with the label that the model calls it by. */
export interface LabelledEvent {
  /** e1, e2, … An event's own id is chosen by its source, and would be a stranger's text. */
  readonly label: string;
  readonly signals: readonly Signal[];
}

/** The events of a window. Portfolios whose rules matched the same event share it. */
export function eventsOf({ signals }: Pick<Window, 'signals'>): LabelledEvent[] {
  const byEvent = Map.groupBy(signals, ({ event }) => JSON.stringify([event.source, event.id]));
  return [...byEvent.values()].map((each, at) => ({ label: `e${at + 1}`, signals: each }));
}

/** The message to the model. Holdings are not in it: a move means the same to everybody. */
export function renderSignals(window: Window): string {
  const events = eventsOf(window);
  const [first] = window.signals;
  return fenced(window.signals, [
    `Subject: ${window.subject}`,
    'Ticker:',
    quoted(first?.ticker ?? 'unknown'),
    ...events.flatMap(({ label, signals: [signal, ...others] }) =>
      signal === undefined ? [] : renderEvent(label, signal, others),
    ),
  ]);
}

function renderEvent(label: string, signal: Signal, others: readonly Signal[]): string[] {
  const all = [signal, ...others];
  const causes = [...new Set(all.map(({ cause }) => cause))];
  const text = all.find((each) => each.text !== '')?.text;
  return [
    '',
    `## Event ${label} (${signal.event.type}, ${signal.event.time})`,
    `Causes: ${causes.join(', ')}`,
    `What code measured: ${all.find(({ cause }) => cause !== LOSS)?.title ?? LOST}`,
    ...figuresOf(all).map(([name, value]) => `- ${name}: ${rounded(value)}`),
    ...(text === undefined ? [] : ['Text:', quoted(text)]),
  ];
}

const LOSS = 'position-loss';
/** In place of the sentence, which has the amount. */
const LOST = 'A position has lost more since the previous close than its portfolio allows.';

/** The figures that rules read of an event, but those of positions: portfolios that share it do not see each other's. */
const figuresOf = (signals: readonly Signal[]): [string, number][] =>
  Object.entries(Object.assign({}, ...signals.map(({ values }) => values)) as Signal['values']).filter(
    ([name]) => !OF_POSITIONS.has(name),
  );

const OF_POSITIONS: ReadonlySet<string> = new Set(Object.keys(new PositionVariable()));

/** Two decimals, or two digits of what is below 1: more would be noise. */
const rounded = (value: number): string =>
  String(Number(Math.abs(value) >= 1 ? value.toFixed(2) : value.toPrecision(2)));

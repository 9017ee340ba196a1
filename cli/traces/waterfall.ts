import stringWidth from 'string-width';
import type { SpanView, TraceView } from '#core/api/traces/messages.ts';
import { dollars } from '../terminal/format.ts';
import { fitting } from '../terminal/fitting.ts';
import { oneLine } from '../terminal/printable.ts';
import { inTree, type Placed } from './tree.ts';

export type By = 'time' | 'usd';

const MIN_BAR = 10;
const MAX_BAR = 60;
/** Columns that names, times and amounts take. */
const REST = 62;
const MAX_NAME = 40;

/** A trace as a waterfall: one line for each span below its parent, with a bar for its time, or for its dollars. */
export function traceText({ traceId, spans, truncated }: TraceView, by: By, columns = 120): string {
  const rows = inTree(spans);
  const width = Math.max(MIN_BAR, Math.min(MAX_BAR, columns - REST));
  const scale = by === 'time' ? timeScale(spans) : usdScale(rows);
  const lines = rows.map((row) => line([nameOf(row), took(row.span), costOf(row), bar(scale(row), width)]));
  const more = truncated === true ? '\nOnly the first 2,000 spans are shown.' : '';
  return `trace ${traceId}\n\n${[line(HEADING), ...lines].join('\n')}${more}`;
}

const HEADING = ['SPAN', 'TOOK', 'COST', 'WHERE'] as const;

/** Names show their depth by spaces, which the cells of a table lose. */
function line([name, time, cost, where]: readonly [string, string, string, string]): string {
  const gap = ' '.repeat(Math.max(0, MAX_NAME - stringWidth(name)));
  return `${name}${gap}  ${time.padStart(8)}  ${cost.padStart(8)}  ${where}`.trimEnd();
}

const costOf = ({ usd }: Placed): string => (usd === 0 ? '' : dollars(usd));

function nameOf({ span, depth }: Placed): string {
  const { name, status, attributes } = span;
  const error = attributes['error.type'];
  const why = status !== 'error' ? '' : ` ! ${error === undefined ? 'error' : String(error)}`;
  return fitting(`${'  '.repeat(depth)}${oneLine(`${name}${why}`)}`, MAX_NAME);
}

function took({ startMs, endMs }: SpanView): string {
  const ms = endMs - startMs;
  if (ms < 10_000) return `${Math.round(ms)} ms`;
  return ms < 600_000 ? `${(ms / 1_000).toFixed(1)} s` : `${(ms / 60_000).toFixed(1)} min`;
}

/** Where a bar begins and how long it is, as shares of the width. */
interface Share {
  readonly from: number;
  readonly length: number;
}

function timeScale(spans: readonly SpanView[]): (row: Placed) => Share {
  const first = Math.min(...spans.map(({ startMs }) => startMs));
  const all = Math.max(1, ...spans.map(({ endMs }) => endMs - first));
  return ({ span }) => ({ from: (span.startMs - first) / all, length: (span.endMs - span.startMs) / all });
}

/** The bars of siblings follow each other, within that of their parent. */
function usdScale(rows: readonly Placed[]): (row: Placed) => Share {
  const all = rows.filter(({ depth }) => depth === 0).reduce((sum, { usd }) => sum + usd, 0);
  const ends: number[] = [0];
  const shares = new Map<Placed, Share>();
  for (const row of rows) {
    const from = ends[row.depth] ?? 0;
    const length = all === 0 ? 0 : row.usd / all;
    shares.set(row, { from, length });
    ends[row.depth] = from + length;
    ends[row.depth + 1] = from;
  }
  return (row) => shares.get(row) ?? { from: 0, length: 0 };
}

function bar({ from, length }: Share, width: number): string {
  const start = Math.min(width - 1, Math.round(from * width));
  const full = Math.round(length * width);
  return '·'.repeat(start) + (full === 0 ? '▏' : '█'.repeat(Math.min(full, width - start)));
}

import { percentiles } from '#cli/load/tally.ts';
import { replyTimes } from './figures.ts';
import type { DayRecord } from './summary.ts';

/** Figures of one interval of the day; null if there was nothing to measure. */
export interface Bucket {
  /** The middle of the interval, in hours of the day. */
  readonly hour: number;
  readonly messagesASecond: number;
  readonly waiting: number | null;
  readonly workers: number | null;
  readonly meanMs: number | null;
  readonly p95Ms: number | null;
}

const BUCKETS = 72;
const HOURS = 24;

/** Divides the day into 72 intervals, followed by further ones for what ended after it. */
export function buckets({ seconds, samples, replies }: DayRecord): readonly Bucket[] {
  const width = (seconds * 1_000) / BUCKETS;
  const last = Math.max(seconds * 1_000 - 1, ...[...samples, ...replies].map(({ atMs }) => atMs));
  return Array.from({ length: Math.floor(last / width) + 1 }, (_, nth) => {
    const isIn = ({ atMs }: { readonly atMs: number }): boolean => Math.floor(atMs / width) === nth;
    const [seen, answered] = [samples.filter(isIn), replies.filter(isIn)];
    const most = (values: readonly number[]): number | null => percentiles(values).p99;
    const { mean: meanMs, p95: p95Ms } = replyTimes(answered);
    return {
      hour: ((nth + 0.5) / BUCKETS) * HOURS,
      messagesASecond: Math.round((answered.length / width) * 1_000_000) / 1_000,
      waiting: most(seen.map(({ waiting }) => waiting)),
      workers: most(seen.map(({ busy }) => busy)),
      meanMs,
      p95Ms,
    };
  });
}

const WIDTH = 760;
const PANEL = 180;
const PLOT = { left: 48, right: 12, top: 34, bottom: 24 };
const BLUE = '#2563eb';
const ORANGE = '#c2410c';

interface Line {
  readonly name: string;
  readonly colour: string;
  readonly of: (bucket: Bucket) => number | null;
}

const PANELS: readonly (readonly Line[])[] = [
  [{ name: 'messages per second', colour: BLUE, of: ({ messagesASecond }) => messagesASecond }],
  [
    { name: 'busy workers', colour: BLUE, of: ({ workers }) => workers },
    { name: 'messages waiting', colour: ORANGE, of: ({ waiting }) => waiting },
  ],
  [
    { name: 'reply time, mean (s)', colour: BLUE, of: ({ meanMs }) => (meanMs === null ? null : meanMs / 1_000) },
    { name: 'p95 (s)', colour: ORANGE, of: ({ p95Ms }) => (p95Ms === null ? null : p95Ms / 1_000) },
  ],
];

/** Draws load, workers and reply times over the hours of the day, as SVG. */
export function chart(drawn: readonly Bucket[]): string {
  const panels = PANELS.map((lines, at) => `<g transform="translate(0 ${at * PANEL})">${panel(lines, drawn)}</g>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${PANEL * PANELS.length}" font-family="system-ui, sans-serif" font-size="12" role="img" aria-label="Load, workers and reply times over the day">
${panels.join('\n')}
</svg>`;
}

function panel(lines: readonly Line[], drawn: readonly Bucket[]): string {
  const [x0, x1, y0, y1] = [PLOT.left, WIDTH - PLOT.right, PANEL - PLOT.bottom, PLOT.top];
  const hours = Math.max(HOURS, ...drawn.map(({ hour }) => hour));
  const highest = niceTop(Math.max(...lines.flatMap(({ of }) => drawn.map((bucket) => of(bucket) ?? 0))));
  const x = (hour: number): number => x0 + (hour / hours) * (x1 - x0);
  const y = (value: number): number => y0 - (value / highest) * (y0 - y1);
  const text = (at: number, down: number, content: string, anchor: string, fill = 'var(--ink, #1f2937)'): string =>
    `<text x="${at}" y="${down}" text-anchor="${anchor}" fill="${fill}">${content}</text>`;
  const curves = lines.map(({ colour, of }) => {
    const points = drawn.flatMap((bucket) => {
      const value = of(bucket);
      return value === null ? [] : [`${x(bucket.hour).toFixed(1)},${y(value).toFixed(1)}`];
    });
    return `<polyline points="${points.join(' ')}" fill="none" stroke="${colour}" stroke-width="2" stroke-linejoin="round"/>`;
  });
  return [
    ...lines.map(({ name, colour }, nth) => text(x0 + nth * 180, 20, name, 'start', colour)),
    `<path d="M${x0} ${y1}V${y0}H${x1}" fill="none" stroke="var(--line, #9ca3af)"/>`,
    `<path d="M${x0} ${y(highest / 2)}H${x1}" fill="none" stroke="var(--line, #9ca3af)" stroke-dasharray="2 4"/>`,
    ...curves,
    ...[0, highest / 2, highest].map((value) => text(x0 - 6, y(value) + 4, String(value), 'end')),
    ...[0, 4, 8, 12, 16, 20, 24].map((hour) => text(x(hour), y0 + 16, `${hour}:00`, 'middle')),
  ].join('\n');
}

/** The smallest of 1, 2, 5, 10, 20 … that is not below the value. */
function niceTop(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1e-3)));
  return ([1, 2, 5, 10].find((step) => step * power >= value) ?? 10) * power;
}

import type { Burst, BurstSample } from './burst.ts';

const WIDTH = 720;
const PANEL = 190;
const PLOT = { left: 56, right: 56, top: 40, bottom: 34 };
const BLUE = '#2563eb';
const ORANGE = '#c2410c';

interface Scales {
  readonly seconds: number;
  readonly waiting: number;
  readonly busy: number;
}

/** Returns an SVG with one panel per burst: waiting messages (left scale) and busy workers (right scale) over time. */
export function burstChart(bursts: readonly Burst[], title: string): string {
  const all = bursts.flatMap(({ samples }) => samples);
  const max = (of: (sample: BurstSample) => number): number => Math.max(1, ...all.map(of));
  const scales = {
    seconds: Math.ceil(max(({ seconds }) => seconds)),
    waiting: max(({ waiting }) => waiting),
    busy: max(({ busy }) => busy),
  };
  const height = PANEL * bursts.length;
  const panels = bursts.map((burst, at) => `<g transform="translate(0 ${at * PANEL})">${panel(burst, scales)}</g>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" font-size="12" role="img" aria-label="${title}">
<title>${title}</title>
<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>
${panels.join('\n')}
</svg>
`;
}

function panel({ mode, seconds, samples }: Burst, scales: Scales): string {
  const { left, right, top, bottom } = PLOT;
  const [x0, x1, y0, y1] = [left, WIDTH - right, PANEL - bottom, top];
  const line = (of: (sample: BurstSample) => number, highest: number): string =>
    samples
      .map((sample) => {
        const x = x0 + (sample.seconds / scales.seconds) * (x1 - x0);
        const y = y0 - (of(sample) / highest) * (y0 - y1);
        return `${x.toFixed(1)},${y.toFixed(1)}`;
      })
      .join(' ');
  const text = (x: number, y: number, label: string, anchor: string, fill = '#1f2937'): string =>
    `<text x="${x}" y="${y}" text-anchor="${anchor}" fill="${fill}">${label}</text>`;
  return [
    text(x0, 20, `${mode === 'standard' ? 'Standard ramp' : 'Provisioned pollers'}: ${seconds.toFixed(1)} s`, 'start'),
    `<path d="M${x0} ${y1}V${y0}H${x1}V${y1}" fill="none" stroke="#9ca3af"/>`,
    `<polyline points="${line(({ waiting }) => waiting, scales.waiting)}" fill="none" stroke="${BLUE}" stroke-width="2"/>`,
    `<polyline points="${line(({ busy }) => busy, scales.busy)}" fill="none" stroke="${ORANGE}" stroke-width="2"/>`,
    text(x0 - 6, y1 + 4, String(scales.waiting), 'end', BLUE),
    text(x1 + 6, y1 + 4, String(scales.busy), 'start', ORANGE),
    text(x0 - 6, y0 + 4, '0', 'end'),
    text(x0, y0 + 18, '0 s', 'middle'),
    text(x1, y0 + 18, `${scales.seconds} s`, 'middle'),
    text(x0 + 240, 20, 'messages waiting', 'start', BLUE),
    text(x0 + 380, 20, 'busy workers', 'start', ORANGE),
  ].join('\n');
}

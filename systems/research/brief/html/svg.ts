import { fragment, type Fragment } from '#core/text/markup.ts';
import type { Scores } from '../../memory/trend.ts';
import { trendWords, type Axis } from '../trend.ts';

const HEIGHT = 90;
const BAR = 16;
const LEFT = 34;
const BELOW = 18;

/** The scores of a company by night, as bars. For pages: mail programs show no SVG. */
export function svgChart(trend: Scores, { nights, top }: Axis): Fragment {
  const byNight = new Map(trend.map(({ night, score }) => [night, score]));
  const width = LEFT + nights.length * BAR + 40;
  const bars = nights.map((night, at) => {
    const score = byNight.get(night);
    if (score === undefined) return null;
    const height = Math.max(1, (score / top) * HEIGHT);
    return fragment`<rect x="${LEFT + at * BAR}" y="${number(HEIGHT + 4 - height)}" width="${BAR - 3}" height="${number(height)}" fill="#1a5fb4"><title>${`${night}: ${score.toFixed(1)}`}</title></rect>`;
  });
  const text = (x: number, y: number, words: string, anchor: 'start' | 'end'): Fragment =>
    fragment`<text x="${x}" y="${y}" text-anchor="${anchor}" font-size="11" fill="#56606e">${words}</text>`;
  return fragment`<svg role="img" viewBox="0 0 ${width} ${HEIGHT + 4 + BELOW}" width="${width}" style="max-width:100%;height:auto;font-family:Arial,Helvetica,sans-serif"><title>${trendWords(trend)}</title><line x1="${LEFT}" x2="${LEFT + nights.length * BAR}" y1="${HEIGHT + 4}" y2="${HEIGHT + 4}" stroke="#dde2e8"/>${bars}${text(LEFT - 6, 12, top.toFixed(0), 'end')}${text(LEFT - 6, HEIGHT + 4, '0', 'end')}${text(LEFT, HEIGHT + 4 + 14, (nights[0] ?? '').slice(5), 'start')}${nights.length > 4 && text(LEFT + nights.length * BAR, HEIGHT + 4 + 14, (nights.at(-1) ?? '').slice(5), 'end')}</svg>`;
}

const number = (value: number): string => value.toFixed(1);

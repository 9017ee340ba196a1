import { fragment, type Fragment } from '#core/text/markup.ts';

/** A frame with a title for one chart. */
export const card = (title: string, note: string, body: Fragment): Fragment =>
  fragment`<figure class="card"><figcaption><h2>${title}</h2><p>${note}</p></figcaption>${body}</figure>
`;

/** One bar of a bar chart. */
export interface Bar {
  readonly label: string;
  /** Parts of the bar from left to right. Each is a share of the full width, 0 to 1. */
  readonly segments: readonly { readonly share: number; readonly tone: string }[];
  readonly value: string;
}

/** Horizontal bars, as a list for screen readers. Widths are percentages, so that no inline style is needed. */
export const bars = (lines: readonly Bar[]): Fragment => fragment`<ul class="bars">${lines.map(line)}</ul>`;

function line({ label, segments, value }: Bar): Fragment {
  let at = 0;
  const rects = segments.map(({ share, tone }) => {
    const rect = fragment`<rect class="${tone}" x="${percent(at)}" width="${percent(share)}" height="100%"/>`;
    at += share;
    return rect;
  });
  return fragment`<li><span class="key" title="${label}">${label}</span><svg aria-hidden="true">${rects}</svg><span class="value">${value}</span></li>`;
}

/** A column of a column chart. */
export interface Column {
  readonly label: string;
  readonly count: number;
}

/** Pixels: the height of the columns, and the room above and below them. */
const HEIGHT = 190;
const HEADROOM = 18;
const LABEL_ROOM = 22;
const LABELS_SHOWN = 9;
const COUNTS_SHOWN = 24;

/** Vertical columns on a base line. They fill the available width. */
export function columns(data: readonly Column[]): Fragment {
  const most = data.reduce((most, { count }) => Math.max(most, count), 1);
  const every = Math.ceil(data.length / LABELS_SHOWN);
  const base = HEADROOM + HEIGHT;
  const shapes = data.map(({ label, count }, index) => {
    const height = (count / most) * HEIGHT;
    const middle = percent((index + 0.5) / data.length);
    const [left, width] = [percent((index + 0.12) / data.length), percent(0.76 / data.length)];
    return fragment`<rect class="accent" x="${left}" width="${width}" y="${base - height}" height="${height}" rx="2"><title>${label}: ${count}</title></rect>
${count > 0 && data.length <= COUNTS_SHOWN && fragment`<text class="count" x="${middle}" y="${base - height - 5}">${count}</text>`}
${index % every === 0 && fragment`<text x="${middle}" y="${base + LABEL_ROOM - 6}">${label}</text>`}`;
  });
  const description = data.map(({ label, count }) => `${label}: ${count}`).join(', ');
  return fragment`<svg class="columns" role="img" aria-label="${description}" height="${base + LABEL_ROOM}">${shapes}<line x1="0" x2="100%" y1="${base}" y2="${base}"/></svg>`;
}

const percent = (share: number): string => `${(share * 100).toFixed(2)}%`;

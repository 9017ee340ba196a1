import { fragment, raw, type Fragment } from '#core/text/markup.ts';
import { shorten } from '#core/text/text.ts';
import type { Claim, Source } from '../../claims/claim.ts';
import type { NightRow } from '../../memory/memory.ts';
import { blocksOf, trendWords, type Axis } from '../trend.ts';
import { unlinked } from '../words.ts';

/** Mail programs keep tables and inline styles, and little else. */
const FONT =
  'font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:1.45;color:#1c2430;overflow-wrap:anywhere';
export const SMALL = 'font-size:13px;color:#56606e';
export const ALARM = 'color:#a32020';
export const CELL = 'border-top:1px solid #dde2e8;vertical-align:top;padding:6px 8px 6px 0';
/** The head of a column of words, which may wrap: a telephone has no room for it in one line. */
export const WORDS_HEAD = 'padding-right:8px';
/** Figures and their heads stay whole, whatever room the words beside them want. */
export const NUMBER = `${CELL};white-space:nowrap`;
export const HEAD = `${WORDS_HEAD};white-space:nowrap`;

/**
 * A page of one table, as wide as the window and at most `width` pixels: it loads nothing, and no style sheet or script is
 * needed to read it.
 */
export const mailPage = (title: string, sections: readonly Fragment[], width = 640): string =>
  fragment`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer"><title>${title}</title></head>
<body style="margin:0;padding:0;background:#f1f3f6"><table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr><td align="center" style="padding:12px 4px">
<table role="presentation" width="${width}" cellpadding="0" cellspacing="0" border="0" style="width:100%;max-width:${width}px;background:#ffffff;${raw(FONT)}">
${sections.map(
  (section) => fragment`<tr><td style="padding:10px 14px">${section}</td></tr>
`,
)}</table></td></tr></table></body></html>
`.markup;

export const title = (words: string): Fragment =>
  fragment`<h1 style="margin:6px 0;font-size:22px;line-height:1.25;color:#10305c">${words}</h1>`;

export const heading = (words: string): Fragment =>
  fragment`<h2 style="margin:8px 0;padding-top:10px;border-top:2px solid #10305c;font-size:17px;color:#10305c">${words}</h2>`;

export const line = (words: string | Fragment, style = ''): Fragment =>
  fragment`<p style="margin:0 0 6px;${raw(style)}">${words}</p>`;

/** What a page leaves out. */
export const more = (count: number, shown: number): Fragment =>
  fragment`${count > shown && line(`And ${count - shown} more in the pages of the companies.`, SMALL)}`;

/** Longest quote on a page. */
const MAX_QUOTE = 300;
const MAX_SOURCES = 5;

/** Words of a page or a model: shortened, and without links. */
export const quoted = (text: string): string => shorten(unlinked(text), MAX_QUOTE);

/** What the source says, in its words, with the links that code adds. */
export const claimWords = ({ quote, sources, undated }: Claim): Fragment =>
  fragment`“${quoted(quote)}” ${sources.slice(0, MAX_SOURCES).map((source, at) => fragment`${at > 0 && ', '}${sourceLink(source)}`)}${undated === true && fragment` <span style="${raw(SMALL)}">No source gives the day of the event.</span>`}`;

/** Only web addresses become links. */
export function sourceLink({ url, published, fetched }: Source): Fragment {
  const host = URL.canParse(url) ? new URL(url).hostname : url;
  const day = published === null ? `fetched ${fetched.slice(0, 10)}` : published.slice(0, 10);
  const when = fragment`<span style="white-space:nowrap">(${day})</span>`;
  const isWeb = /^https?:\/\//i.test(url);
  return isWeb
    ? fragment`<a href="${url}" rel="noreferrer nofollow" style="color:#1a5fb4">${host}</a> ${when}`
    : fragment`${host} ${when}`;
}

/** A chart that mail programs show: characters, and its words for those who hear the page. */
export const chart = ({ trend }: Pick<NightRow, 'trend'>, axis: Axis): Fragment =>
  fragment`<span role="img" aria-label="${trendWords(trend)}" title="${trendWords(trend)}" style="font:10px/1 'DejaVu Sans Mono',Menlo,Consolas,monospace;color:#1a5fb4;white-space:nowrap">${blocksOf(trend, axis)}</span>`;

import type { CompanyState, NightRow } from '../../memory/memory.ts';
import { newsOf, notReached } from '../brief.ts';
import { inShort } from '../in-short.ts';
import type { Brief } from '../schema.ts';
import { axisOf, type Axis } from '../trend.ts';
import { unreadWords } from '../unread.ts';
import {
  changeWords,
  headlineOf,
  INVENTED,
  KIND_WORDS,
  madeWords,
  missingWords,
  MOVE_WORDS,
  noNewsWords,
  oneLine,
  partWords,
  problemWords,
  stateWords,
} from '../words.ts';
import type { Fonts } from './fonts/fonts.ts';
import { LEFT, Sheet, WIDTH } from './sheet.ts';

const RED = '#a32020';
const GREY = '#56606e';
/** Rows at most. What does not fit the first page is counted. */
const MAX = { threats: 8, moves: 5, unreached: 4 } as const;
/** Points that a heading takes, and a row of the later sections at most. */
const ROOM = { heading: 45, move: 27, unreached: 16 } as const;
/** Points that the sections below the threats have at least. */
const BELOW_THREATS = 390;

/** brief.pdf: one page for executives, then a line for every company. Equal arguments make equal bytes. */
export async function briefPdf(brief: Brief, fonts: Fonts): Promise<Uint8Array> {
  const sheet = new Sheet(fonts, `Competitor brief, ${brief.night}`, new Date(brief.briefAt));
  drawHead(sheet, brief);
  drawThreats(sheet, brief);
  drawNews(sheet, brief, roomBelowNews(brief));
  drawMoves(sheet, brief);
  drawMissing(sheet, brief);
  drawCompanies(sheet, brief);
  const lacking =
    sheet.lacking === 0
      ? ''
      : ` The fonts of this file lack ${sheet.lacking} of its characters, shown as \u{fffd}: brief.html has them.`;
  return sheet.finish(`Quotes and sources: brief.html. ${madeWords(brief)}${lacking}`);
}

function drawHead(sheet: Sheet, brief: Brief): void {
  sheet.line(`Competitor brief, ${brief.night}`, { size: 18, bold: true, color: '#10305c', after: 5 });
  for (const words of [problemWords(brief), missingWords(brief), ...unreadWords(brief)])
    if (words !== null) sheet.line(words, { bold: true, color: RED, lines: 3 });
  if (brief.late) sheet.line('This brief is late.', { bold: true, color: RED });
  if (brief.simulatedWeb) sheet.line(INVENTED, { bold: true, color: RED });
  if (brief.simulated) sheet.line('A simulated model answered, by rules.', { color: GREY });
  sheet.line(headlineOf(brief));
  for (const words of inShort(brief)) sheet.line(words, { lines: 2 });
}

const THREAT = { name: 150, chart: 100, score: 34, change: 48 };

function drawThreats(sheet: Sheet, brief: Brief): void {
  sheet.heading('Top threats');
  const top = brief.companies.filter(({ threat }) => threat.score > 0).slice(0, MAX.threats);
  if (top.length === 0) sheet.line('No company has a threat score above 0.');
  const axis = axisOf(brief);
  const why = LEFT + THREAT.name + THREAT.chart + THREAT.score + THREAT.change + 12;
  for (const row of top) {
    if (sheet.room < BELOW_THREATS) break;
    sheet.rule();
    sheet.y += 3;
    if (axis.nights.length > 1) sheet.bars(partsOf(row, axis), LEFT + THREAT.name, THREAT.chart - 10, 14);
    const change = LEFT + THREAT.name + THREAT.chart + THREAT.score;
    const heights = [
      sheet.put(oneLine(row.name, 60), { bold: true, width: THREAT.name - 8, lines: 2 }),
      sheet.put(row.threat.score.toFixed(0), {
        bold: true,
        x: LEFT + THREAT.name + THREAT.chart,
        width: THREAT.score,
        align: 'right',
      }),
      sheet.put(changeWords(row.threat.change), { x: change, width: THREAT.change, align: 'right' }),
      sheet.put(partWords(row, 2), { x: why, width: LEFT + WIDTH - why, lines: 2 }),
      14,
    ];
    sheet.y += Math.max(...heights) + 3;
  }
  if (axis.nights.length > 1)
    sheet.line(`Charts: ${axis.nights.length} nights, all on one scale from 0 to ${axis.top.toFixed(0)}.`, {
      size: 7,
      color: GREY,
    });
}

/** A row's bars, as parts of the highest score. */
function partsOf({ trend }: NightRow, { nights, top }: Axis): (number | null)[] {
  const byNight = new Map(trend.map(({ night, score }) => [night, score]));
  return nights.map((night) => {
    const score = byNight.get(night);
    return score === undefined ? null : score / top;
  });
}

function drawMoves(sheet: Sheet, { companies, moves, totals }: Brief): void {
  sheet.heading('What to watch');
  const names = new Map(companies.map(({ id, name }) => [id, oneLine(name, 60)]));
  if (moves.length === 0) sheet.line('No move was found among the pairs that were checked.');
  for (const { by, against, kind, magnitude, why } of moves.slice(0, MAX.moves))
    sheet.line(
      `${names.get(by) ?? by} ${MOVE_WORDS[kind]} ${names.get(against) ?? against} (${magnitude} of 5): ${oneLine(why)}`,
      { lines: 2 },
    );
  if (moves.length > MAX.moves) sheet.line(`And ${moves.length - MAX.moves} more.`, { color: GREY });
  if (totals.uncheckedPairs > 0)
    sheet.line(`${totals.uncheckedPairs} pairs were not checked. That says nothing about them.`, { color: RED });
  if (totals.contradictions > 0)
    sheet.line(`${totals.contradictions} contradictions between sources: brief.html shows both sides.`);
}

function drawMissing(sheet: Sheet, brief: Brief): void {
  const rows = notReached(brief);
  if (rows.length === 0) return;
  sheet.heading('What is missing');
  for (const row of rows.slice(0, MAX.unreached))
    sheet.line(`${oneLine(row.name, 60)}: ${oneLine(stateWords(row), 120)}`, { lines: 1 });
  if (rows.length > MAX.unreached)
    sheet.line(`And ${rows.length - MAX.unreached} more, in the list of companies.`, { color: GREY });
}

/** Points that the sections below the news need. */
function roomBelowNews(brief: Brief): number {
  const moves = ROOM.heading + Math.min(MAX.moves, brief.moves.length) * ROOM.move;
  const lost = notReached(brief).length;
  return moves + (lost === 0 ? 0 : ROOM.heading + Math.min(MAX.unreached, lost) * ROOM.unreached);
}

/** It takes what room is left. */
function drawNews(sheet: Sheet, brief: Brief, below: number): void {
  sheet.heading('What changed');
  const news = newsOf(brief);
  if (news.length === 0) sheet.line(noNewsWords(brief));
  let drawn = 0;
  for (const { row, claim, before } of news) {
    const head = `${oneLine(row.name, 60)} · ${KIND_WORDS[claim.kind]} · ${claim.date}${before === undefined ? '' : ' · changed'}`;
    const quote = `“${oneLine(claim.quote)}”`;
    const height = sheet.heightOf(head, { bold: true, lines: 1 }) + sheet.heightOf(quote, { lines: 2 }) + 6;
    if (sheet.room < height + 14 + below) break;
    sheet.line(head, { bold: true, lines: 1, after: 1 });
    sheet.line(quote, { lines: 2, after: 5 });
    drawn += 1;
  }
  if (news.length > drawn) sheet.line(`And ${news.length - drawn} more in brief.html.`, { color: GREY });
}

/** The appendix has the reasons. */
const STATE_WORDS: Readonly<Record<CompanyState, string>> = {
  researched: 'researched',
  unchanged: 'unchanged',
  incomplete: 'read in part',
  'not-reached': 'not reached',
  unchecked: 'changed, not read',
  unknown: 'no website known',
};

const LIST = { name: 190, score: 36, change: 50, chart: 100, news: 30 };

function drawCompanies(sheet: Sheet, brief: Brief): void {
  sheet.newPage();
  sheet.line('All companies', { size: 14, bold: true, color: '#10305c' });
  drawListHead(sheet);
  const axis = axisOf(brief);
  for (const row of brief.companies) {
    if (sheet.room < 16) {
      sheet.newPage();
      drawListHead(sheet);
    }
    drawListRow(sheet, row, axis);
  }
}

const AT = {
  score: LEFT + LIST.name,
  change: LEFT + LIST.name + LIST.score,
  chart: LEFT + LIST.name + LIST.score + LIST.change + 10,
  news: LEFT + LIST.name + LIST.score + LIST.change + LIST.chart,
  state: LEFT + LIST.name + LIST.score + LIST.change + LIST.chart + LIST.news + 10,
};
const STATE_WIDTH = LEFT + WIDTH - AT.state;

function drawListHead(sheet: Sheet): void {
  const ink = { size: 8, bold: true } as const;
  sheet.put('Company', ink);
  sheet.put('Score', { ...ink, x: AT.score, width: LIST.score, align: 'right' });
  sheet.put('Change', { ...ink, x: AT.change, width: LIST.change, align: 'right' });
  sheet.put('Trend', { ...ink, x: AT.chart, width: LIST.chart });
  sheet.put('News', { ...ink, x: AT.news, width: LIST.news, align: 'right' });
  sheet.line('State', { ...ink, x: AT.state, width: STATE_WIDTH });
}

function drawListRow(sheet: Sheet, row: NightRow, axis: Axis): void {
  const ink = { size: 8, lines: 1 } as const;
  sheet.rule();
  sheet.y += 2;
  if (axis.nights.length > 1) sheet.bars(partsOf(row, axis), AT.chart, LIST.chart - 20, 9);
  // In the order in which a screen reader reads them.
  sheet.put(oneLine(row.name, 48), { ...ink, width: LIST.name - 8 });
  sheet.put(row.threat.score.toFixed(1), { ...ink, x: AT.score, width: LIST.score, align: 'right' });
  sheet.put(changeWords(row.threat.change), { ...ink, x: AT.change, width: LIST.change, align: 'right' });
  const news = row.fresh.length + row.changed.length;
  sheet.put(news === 0 ? '' : String(news), { ...ink, x: AT.news, width: LIST.news, align: 'right' });
  sheet.line(STATE_WORDS[row.state], { ...ink, x: AT.state, width: STATE_WIDTH, after: 2 });
}

import type { Brief } from '../../brief/schema.ts';
import type { Claim } from '../../claims/claim.ts';
import type { NightRow } from '../../memory/memory.ts';
import { shiftDate } from '#core/parse/local-time.ts';
import { DEFAULT_RUBRIC } from '../../score/rubric.ts';

const NIGHT = '2026-11-30';

/** A claim with the longest quote and the most sources that a page shows. */
const claim = (id: string, quote: string, query: string): Claim => ({
  id,
  kind: 'price-cut',
  text: quote,
  quote,
  date: NIGHT,
  magnitude: 3,
  names: [],
  sources: Array.from({ length: 6 }, (_, at) => ({
    url: `https://a-rather-long-host-name-${at}.example.com/news/2026/${'a-long-path/'.repeat(12)}${id}${query}`,
    title: `A title of source ${at}`,
    published: at === 0 ? null : NIGHT,
    fetched: `${NIGHT}T22:00:00Z`,
    quote,
  })),
  firstSeen: NIGHT,
});

/** A row with 30 nights of scores and no news. */
export const row = (id: string, more: Partial<NightRow> = {}): NightRow => ({
  night: NIGHT,
  id,
  name: id,
  sector: 'Tools',
  state: 'researched',
  threat: { score: 50, parts: [], change: 1.5 },
  trend: Array.from({ length: 30 }, (_, at) => ({ night: shiftDate(NIGHT, at - 29), score: 20 + at })),
  fresh: [],
  changed: [],
  contradictions: [],
  evidence: [],
  known: 3,
  documents: 4,
  failures: [],
  warnings: [],
  usd: 0,
  ...more,
});

const PARTS = (['claim price-cut', 'claim launch', 'move takes-customers', 'move undercuts'] as const).map((what) => ({
  what,
  evidence: ['c'],
  magnitude: 3,
  weight: 1,
  decay: 1,
  sectorFit: 1,
  points: 12.5,
}));

const LOST = [
  { state: 'not-reached', reason: `the host answered nothing ${'and nothing '.repeat(30)}` },
  { state: 'unchecked', reason: 'the model was busy' },
  { state: 'unknown', reason: 'no website, SEC number or ticker is known' },
] as const;

/** A brief in which every list is longer than a page shows. Of 500 companies 13 are missing. */
export function fullBrief(companies: number, words = 'Words & “more” <words> '.repeat(30), query = '?a=1&b=2'): Brief {
  const told = (id: string): Claim => claim(id, `${words}${id}`, query);
  const failed = Math.floor((companies * 13) / 500);
  const rows = Array.from({ length: companies }, (_, at): NightRow => {
    const name = `The Company ${at} & Sons <Holdings> of 日本 – ${'a long name '.repeat(8)}`;
    if (at < companies - failed)
      return row(`company-${at}.example`, {
        name,
        threat: { score: 90 - (80 * at) / companies, parts: PARTS, change: 3 },
        fresh: [told(`f${at}`)],
        changed: [{ claim: told(`n${at}`), before: told(`o${at}`) }],
        contradictions: [{ a: told(`a${at}`), b: told(`b${at}`) }],
        failures: [{ url: 'https://a.example/<b>', reason: 'It is too large.' }],
      });
    const left = companies - at;
    return row(`lost-${at}.example`, { name, ...(left > 6 ? LOST[0] : left > 2 ? LOST[1] : LOST[2]) });
  });
  const succeeded = companies - failed;
  return {
    schemaVersion: 1,
    night: NIGHT,
    briefAt: '2026-11-30T06:40:00Z',
    due: '2026-11-30T07:00:00Z',
    late: true,
    zone: 'UTC',
    problem: null,
    simulated: true,
    simulatedWeb: true,
    totals: {
      companies,
      succeeded,
      unchanged: 0,
      incomplete: 0,
      failed,
      claims: 2 * succeeded,
      new: succeeded,
      changed: succeeded,
      contradictions: succeeded,
      moves: 40,
      uncheckedPairs: 3,
      citationsThatFail: 0,
      usd: 1.234,
    },
    companies: rows,
    moves: Array.from({ length: 40 }, () => ({
      by: 'company-0.example',
      against: 'company-1.example',
      kind: 'takes-customers',
      magnitude: 4,
      evidence: ['f0'],
      why: 'It names the customers of the other company. '.repeat(10),
    })),
    rubric: DEFAULT_RUBRIC,
  };
}

import { causeWords } from '../tasks/words.ts';
import { dollars } from '../terminal/format.ts';
import { table } from '../terminal/table.ts';
import type { Top, TopPool } from './rates.ts';

const COLUMNS = [
  { name: 'pool' },
  { name: 'state' },
  { name: 'depth', align: 'right' },
  { name: 'running', align: 'right' },
  { name: 'queued', align: 'right' },
  { name: 'ended/min', align: 'right' },
  { name: 'failed/min', align: 'right' },
  { name: '$/h', align: 'right' },
  { name: 'waiting for', flexible: true },
] as const;

/** One refresh as lines. @param width columns of the terminal @default unlimited */
export function topLines({ asOf, windowS, held, pools, sum }: Top, width?: number): string[] {
  const time = new Date(asOf).toTimeString().slice(0, 8);
  const over = windowS === 0 ? 'rates follow' : `rates over ${windowS} s`;
  const head = `As of ${time} · ${sum.running} running · ${sum.queued} queued · ${number(sum.endedPerMinute)} ended/min · ${number(sum.failedPerMinute)} failed/min · ${money(sum.usdPerHour)}/h · ${dollars(sum.todayUsd)} today`;
  const note = `Ended, failed and dollars are of this key's tenant, ${over}.`;
  return [head, note, ...held, '', ...table(COLUMNS, pools.map(row), width).split('\n')];
}

const row = (pool: TopPool): string[] => [
  pool.agent,
  pool.status,
  String(pool.depth),
  atLeast(pool, pool.running),
  atLeast(pool, pool.queued),
  number(pool.endedPerMinute),
  number(pool.failedPerMinute),
  money(pool.usdPerHour),
  [pool.reason ?? '', waitWords(pool)].filter((words) => words !== '').join('; '),
];

const atLeast = ({ complete }: TopPool, count: number): string => `${count}${complete ? '' : '+'}`;

const number = (rate: number | null): string =>
  rate === null ? '–' : rate >= 10 || rate === 0 ? rate.toFixed(0) : rate.toFixed(1);

const money = (rate: number | null): string => (rate === null ? '–' : dollars(rate));

/** Why tasks of a pool wait, the most frequent cause first. */
const waitWords = ({ waiting }: TopPool): string =>
  Object.entries(waiting)
    .toSorted(([, a], [, b]) => b - a)
    .map(([cause, count]) => `${count} ${causeWords(cause)}`)
    .join(', ');

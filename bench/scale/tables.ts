import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT } from '#cli/fleet/paths.ts';
import { table, withTables } from '../markdown.ts';
import { awsDollars, sumOf, tokenDollars } from './dollars.ts';
import { bestLevers } from './levers.ts';
import { SERVICES } from './prices.ts';
import { scaleFigures } from './figures.ts';
import { TIERS, USUAL, type Workload } from './workload.ts';

const LEVERS_SHOWN = 5;
const THOUSAND = 1_000;

/** The tables of docs/cost.md by the names of their markers, as the model computes them. */
export const costTables = (): Readonly<Record<string, string>> => ({
  thousand: thousandTable(),
  levers: leversTable(),
  drain: drainTable(),
  limits: limitsTable(),
});

/** Writes the tables of docs/cost.md anew. */
export function writeTables(): void {
  const page = join(PROJECT, 'docs/cost.md');
  writeFileSync(page, withTables(readFileSync(page, 'utf8'), costTables()));
}

function thousandTable(): string {
  const kinds: readonly (readonly [string, Workload])[] = [
    ['one model call', USUAL],
    ['in a session', { ...USUAL, kind: 'session' }],
    ['with a tool call', { ...USUAL, kind: 'tool' }],
    ['document of a fan-out', { ...USUAL, kind: 'document' }],
  ];
  const of = (read: (workload: Workload) => string): string[] => kinds.map(([, workload]) => read(workload));
  return table(
    ['US dollars per 1,000 tasks', ...kinds.map(([name]) => name)],
    [
      ...SERVICES.map((service) => [service, ...of((workload) => cents(awsDollars(workload, THOUSAND)[service]))]),
      ['**AWS together**', ...of((workload) => `**${cents(sumOf(awsDollars(workload, THOUSAND)))}**`)],
      ...TIERS.map((tier) => [`tokens, \`${tier}\``, ...of((workload) => usd(tokenDollars(workload, tier, THOUSAND)))]),
    ],
  );
}

function leversTable(): string {
  const rows = bestLevers(USUAL, THOUSAND, LEVERS_SHOWN);
  return table(
    ['lever', 'how', 'saves per 1,000 tasks', 'of all'],
    rows.map(({ lever, usd: saved, percent }) => [lever.name, lever.how, usd(saved), `${Math.round(percent)} %`]),
  );
}

/** The provider's limits are the tightest by far, so the fleet's own are shown beside them. */
function drainTable(): string {
  const own = scaleFigures({
    ...USUAL,
    requestsPerMinute: Infinity,
    inputTokensPerMinute: Infinity,
    outputTokensPerMinute: Infinity,
  }).rows;
  return table(
    [
      'tasks',
      'time',
      'first limit',
      'time without the limits of Claude',
      'first limit then',
      'AWS',
      'tokens, `balanced`',
    ],
    scaleFigures().rows.map(({ tasks, drainSeconds, firstLimit, awsUsdTotal, tokensUsd }, index) => [
      tasks.toLocaleString('en'),
      duration(drainSeconds),
      firstLimit,
      duration(own[index]?.drainSeconds ?? Number.NaN),
      own[index]?.firstLimit ?? '',
      usd(awsUsdTotal),
      usd(tokensUsd.balanced),
    ]),
  );
}

function limitsTable(): string {
  return table(
    ['limit', 'tasks per second', 'what lifts it', 'where it comes from'],
    scaleFigures().ladder.map(({ limit, tasksPerSecond, liftedBy, source, kind }) => [
      limit,
      tasksPerSecond < 100 ? tasksPerSecond.toFixed(1) : Math.round(tasksPerSecond).toLocaleString('en'),
      liftedBy,
      `${source} (${kind})`,
    ]),
  );
}

const usd = (value: number): string =>
  value >= 100 ? `$${Math.round(value).toLocaleString('en')}` : `$${value.toFixed(2)}`;
const cents = (value: number): string => (value === 0 ? '–' : value.toFixed(4));

const UNITS = [
  ['days', 86_400],
  ['h', 3_600],
  ['min', 60],
] as const;

function duration(seconds: number): string {
  const [name, unit] = UNITS.find(([, unit]) => seconds >= 2 * unit) ?? ['s', 1];
  return `${Math.round(seconds / unit).toLocaleString('en')} ${name}`;
}

import type { Claim, Source } from '../claims/claim.ts';
import type { CompanyState, NightRow } from '../memory/memory.ts';
import type { NightResult } from '../night/row.ts';
import type { Rubric } from '../score/rubric.ts';
import type { Move } from '../strategy/move.ts';
import { mentions } from '../strategy/names.ts';
import { BRIEF_VERSION, type Brief } from './schema.ts';

export interface BriefFacts {
  readonly rubric: Rubric;
  /** By the clock of the night, in milliseconds since the epoch. */
  readonly briefAt: number;
  readonly due: number;
  /** The time zone of its readers. @default UTC */
  readonly zone?: string;
  readonly simulated: boolean;
  readonly simulatedWeb: boolean;
  /** Whether a source's snapshot has its quote. Claims with a source that does not are left out and counted. */
  readonly holds: (source: Source) => boolean;
  /** Why the run ended early. @default it did not */
  readonly problem?: Brief['problem'];
}

/** Makes the brief of what there is. */
export function briefOf({ night, rows, moves, uncheckedPairs, usd }: NightResult, facts: BriefFacts): Brief {
  const failing = new Set<string>();
  const holds = (claim: Claim): boolean => {
    const isHeld = claim.sources.every((source) => facts.holds(source));
    if (!isHeld) failing.add(claim.id);
    return isHeld;
  };
  const companies = rows.map((row): NightRow => ({
    ...row,
    fresh: row.fresh.filter(holds),
    changed: row.changed.filter(({ claim }) => holds(claim)),
  }));
  const holding = moves.filter((move) => {
    const isHeld = evidenceOf(companies, move) !== undefined;
    if (!isHeld) failing.add(JSON.stringify(move));
    return isHeld;
  });
  const sum = (of: (row: NightRow) => number): number => companies.reduce((total, row) => total + of(row), 0);
  const unchanged = sum(({ state }) => Number(state === 'unchanged'));
  const incomplete = sum(({ state }) => Number(state === 'incomplete'));
  const succeeded = unchanged + incomplete + sum(({ state }) => Number(state === 'researched'));
  const fresh = sum((row) => row.fresh.length);
  const changed = sum((row) => row.changed.length);
  return {
    schemaVersion: BRIEF_VERSION,
    night,
    briefAt: new Date(facts.briefAt).toISOString(),
    due: new Date(facts.due).toISOString(),
    late: facts.briefAt > facts.due,
    zone: facts.zone ?? 'UTC',
    problem: facts.problem ?? null,
    simulated: facts.simulated,
    simulatedWeb: facts.simulatedWeb,
    totals: {
      companies: companies.length,
      succeeded,
      unchanged,
      incomplete,
      failed: companies.length - succeeded,
      claims: fresh + changed,
      new: fresh,
      changed,
      contradictions: sum((row) => row.contradictions.length),
      moves: holding.length,
      uncheckedPairs,
      citationsThatFail: failing.size,
      usd,
    },
    companies,
    moves: holding,
    rubric: facts.rubric,
  };
}

/** The claim of tonight that shows a move: its quote names the other company. Undefined if none does. */
export function evidenceOf(companies: readonly NightRow[], { by, against, evidence }: Move): Claim | undefined {
  const row = companies.find(({ id }) => id === by);
  const name = companies.find(({ id }) => id === against)?.name ?? '';
  const news = [...(row?.fresh ?? []), ...(row?.changed.map(({ claim }) => claim) ?? [])];
  return news.find(({ id, quote }) => evidence.includes(id) && mentions(quote, name));
}

/** A claim of the brief with its company. */
export interface News {
  readonly row: NightRow;
  readonly claim: Claim;
  /** What was known before; undefined for what is new. */
  readonly before?: Claim;
}

/** All news, what matters most first. */
export const newsOf = ({ companies }: Brief): News[] =>
  companies
    .flatMap((row): News[] => [
      ...row.fresh.map((claim) => ({ row, claim })),
      ...row.changed.map(({ claim, before }) => ({ row, claim, before })),
    ])
    .toSorted((a, b) => b.claim.magnitude - a.claim.magnitude || b.row.threat.score - a.row.threat.score);

/** Companies that are not researched, with the reason. */
export const notReached = ({ companies }: Brief): NightRow[] => companies.filter(({ state }) => !READ.has(state));

/** States of companies of which something was read. */
const READ: ReadonlySet<CompanyState> = new Set(['researched', 'unchanged', 'incomplete']);

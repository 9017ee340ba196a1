import { startOf } from '#core/text/text.ts';
import type { StrategistInput } from '../agents/strategist-input.ts';
import type { Claim } from '../claims/claim.ts';
import type { Move, ReportedMove } from './move.ts';
import type { Compared, Pair } from './pairs.ts';

/** A task for the strategist, and what its short ids stand for. */
export interface Batch {
  readonly input: StrategistInput;
  readonly pairs: ReadonlyMap<string, Pair>;
  /** Ids of claims by pair and short id, such as `p1 c2`. */
  readonly claims: ReadonlyMap<string, string>;
}

const PAIRS_PER_TASK = 8;
const CLAIMS_PER_SIDE = 6;

/** Divides pairs among tasks. The strategist reads short ids: it can neither name nor invent a company. */
export function batchesOf(pairs: readonly Pair[], companies: readonly Compared[], night: string): Batch[] {
  const byId = new Map(companies.map((company) => [company.id, company]));
  const complete = pairs.filter(({ by, against }) => byId.has(by) && byId.has(against));
  const count = Math.ceil(complete.length / PAIRS_PER_TASK);
  return Array.from({ length: count }, (_, at) =>
    batchOf(complete.slice(at * PAIRS_PER_TASK, (at + 1) * PAIRS_PER_TASK), byId, night),
  );
}

function batchOf(pairs: readonly Pair[], byId: ReadonlyMap<string, Compared>, night: string): Batch {
  const ids = new Map<string, Pair>();
  const claims = new Map<string, string>();
  const rows = pairs.map((pair, at) => {
    const id = `p${at + 1}`;
    ids.set(id, pair);
    let next = 0;
    const side = (company: string) => {
      const found = byId.get(company);
      const heaviest = (found?.news ?? []).toSorted((a, b) => b.magnitude - a.magnitude).slice(0, CLAIMS_PER_SIDE);
      const listed = heaviest.map(({ id: claim, kind, date, quote }: Claim) => {
        next += 1;
        claims.set(`${id} c${next}`, claim);
        return { id: `c${next}`, kind, date, quote: startOf(quote, 1_000) };
      });
      return { name: found?.name ?? company, sector: found?.sector ?? null, claims: listed };
    };
    return { id, because: pair.because, by: side(pair.by), against: side(pair.against) };
  });
  return { input: { night, pairs: rows }, pairs: ids, claims };
}

/** The moves that a strategist reported, with the ids that the short ones stand for. */
export const movesOf = (reported: readonly ReportedMove[], { pairs, claims }: Batch): Move[] =>
  reported.flatMap(({ pair: id, kind, magnitude, evidence, why }) => {
    const pair = pairs.get(id);
    const shown = [...new Set(evidence.flatMap((claim) => claims.get(`${id} ${claim}`) ?? []))];
    if (pair === undefined || shown.length === 0) return [];
    return [{ by: pair.by, against: pair.against, kind, magnitude, evidence: shown, why: why.trim() }];
  });

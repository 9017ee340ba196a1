import { startOf } from '#core/text/text.ts';
import { utf8Length } from '#core/text/utf8-length.ts';
import type { StrategistInput } from '../agents/strategist-input.ts';
import type { Claim } from '../claims/claim.ts';
import { evidenceProblem } from './evidence.ts';
import type { Move, ReportedMove } from './move.ts';
import { mentions } from './names.ts';
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
/** Bytes of a task's input. As an item of a pipeline it has at most 16 KiB, with its id. */
const MAX_BYTES = 15_000;

/** Divides pairs among tasks. The strategist reads short ids: it can neither name nor invent a company. */
export function batchesOf(pairs: readonly Pair[], companies: readonly Compared[], night: string): Batch[] {
  const byId = new Map(companies.map((company) => [company.id, company]));
  const groups: Pair[][] = [];
  for (const pair of pairs) {
    if (!byId.has(pair.by) || !byId.has(pair.against)) continue;
    const group = groups.at(-1);
    const extended = [...(group ?? []), pair];
    if (group !== undefined && extended.length <= PAIRS_PER_TASK && fits(batchOf(extended, byId, night)))
      group.push(pair);
    else groups.push([pair]);
  }
  return groups.map((group) => smallEnough(group, byId, night));
}

const fits = ({ input }: Batch): boolean => utf8Length(JSON.stringify(input)) <= MAX_BYTES;

/** A batch that fits: of a pair that is too large alone it has fewer claims, the heaviest. */
function smallEnough(pairs: readonly Pair[], byId: ReadonlyMap<string, Compared>, night: string): Batch {
  for (let claims = CLAIMS_PER_SIDE; ; claims -= 1) {
    const batch = batchOf(pairs, byId, night, claims);
    if (claims === 1 || fits(batch)) return batch;
  }
}

function batchOf(
  pairs: readonly Pair[],
  byId: ReadonlyMap<string, Compared>,
  night: string,
  claimsPerSide = CLAIMS_PER_SIDE,
): Batch {
  const ids = new Map<string, Pair>();
  const claims = new Map<string, string>();
  const rows = pairs.map((pair, at) => {
    const id = `p${at + 1}`;
    ids.set(id, pair);
    let next = 0;
    const side = (company: string, other: string) => {
      const found = byId.get(company);
      const otherName = byId.get(other)?.name ?? '';
      // What names the other company is what the pair is for.
      const rank = ({ quote, magnitude }: Claim): number => magnitude + (mentions(quote, otherName) ? 10 : 0);
      const heaviest = (found?.news ?? []).toSorted((a, b) => rank(b) - rank(a)).slice(0, claimsPerSide);
      const listed = heaviest.map(({ id: claim, kind, date, quote }: Claim) => {
        next += 1;
        claims.set(`${id} c${next}`, claim);
        return { id: `c${next}`, kind, date, quote: startOf(quote, 1_000) };
      });
      return { name: found?.name ?? company, sector: found?.sector ?? null, claims: listed };
    };
    return { id, because: pair.because, by: side(pair.by, pair.against), against: side(pair.against, pair.by) };
  });
  return { input: { night, pairs: rows }, pairs: ids, claims };
}

/** The moves that a strategist reported and whose evidence holds, with the ids that the short ones stand for. */
export const movesOf = (reported: readonly ReportedMove[], { input, pairs, claims }: Batch): Move[] =>
  reported.flatMap(({ pair: id, kind, magnitude, evidence, why }) => {
    const pair = pairs.get(id);
    const row = input.pairs.find((each) => each.id === id);
    if (pair === undefined || row === undefined) return [];
    const known = evidence.filter((claim) => claims.has(`${id} ${claim}`));
    if (evidenceProblem({ evidence: known }, row) !== null) return [];
    const shown = [...new Set(known.flatMap((claim) => claims.get(`${id} ${claim}`) ?? []))];
    return [{ by: pair.by, against: pair.against, kind, magnitude, evidence: shown, why: why.trim() }];
  });

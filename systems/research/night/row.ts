import type { Claim } from '../claims/claim.ts';
import type { CompanyMemory, NightRow } from '../memory/memory.ts';
import { trendOf } from '../memory/trend.ts';
import type { Rubric } from '../score/rubric.ts';
import { threatScore } from '../score/score.ts';
import type { KeptMove, Move } from '../strategy/move.ts';
import type { Researched } from './outcome.ts';

/** What a night came to. */
export interface NightResult {
  readonly night: string;
  readonly rows: readonly NightRow[];
  readonly moves: readonly Move[];
  /** Pairs that nobody judged, which says nothing about them. */
  readonly uncheckedPairs: number;
  readonly usd: number;
}

/** The heaviest first, in the same order whoever was faster. */
export const sortedMoves = (moves: readonly Move[]): Move[] =>
  moves.toSorted((a, b) => b.magnitude - a.magnitude || Number(JSON.stringify(a) > JSON.stringify(b)) - 0.5);

export const newsOf = ({ fresh, changed }: Researched['learned']): Claim[] => [
  ...fresh,
  ...changed.map(({ claim }) => claim),
];

/** What the brief says of a company. */
export function rowOf(done: Researched, night: string, moves: readonly Move[], rubric: Rubric): NightRow {
  const { company, state, reason, learned, memory, documents, failures, warnings, usd } = done;
  const claims = [...learned.known, ...newsOf(learned)].filter(({ disputes }) => disputes === undefined);
  const before = memory?.scores.findLast((each) => each.night < night)?.score ?? null;
  const own = ownMoves(done, night, moves);
  const threat = threatScore({ sector: company.sector, claims, moves: own, before }, night, rubric);
  return {
    night,
    id: company.id,
    name: company.name,
    sector: company.sector,
    state,
    ...(reason !== undefined && { reason }),
    threat,
    trend: trendOf(memory?.scores ?? [], night, threat.score),
    fresh: [...learned.fresh],
    changed: [...learned.changed],
    contradictions: [...learned.contradictions],
    evidence: evidenceIn(threat, learned.known),
    known: learned.known.length,
    documents,
    failures: failures.map(({ url, reason: why, unread }) => ({ url, reason: why, ...(unread && { unread }) })),
    warnings: [...warnings],
    usd,
  };
}

/** Parts of a score whose claims its row has. */
const MAX_SHOWN = 12;

/** The claims of earlier nights that the largest parts of a score rest on. */
function evidenceIn({ parts }: NightRow['threat'], known: readonly Claim[]): Claim[] {
  const shown = new Set(parts.slice(0, MAX_SHOWN).flatMap(({ evidence }) => evidence));
  return known.filter(({ id }) => shown.has(id));
}

/** A company's moves of all nights: a threat does not end with the night that saw it. Tonight's stands for the same of an earlier one. */
function ownMoves({ company, memory }: Researched, night: string, moves: readonly Move[]): readonly KeptMove[] {
  const tonight = moves.filter(({ by }) => by === company.id).map((move) => ({ ...move, night }));
  const kindOf = ({ against, kind }: Move): string => JSON.stringify([against, kind]);
  const again = new Set(tonight.map(kindOf));
  const earlier = (memory?.moves ?? []).filter((move) => move.night < night && !again.has(kindOf(move)));
  return [...earlier, ...tonight];
}

/** Claims, moves and nights that are kept. */
const MAX_CLAIMS = 150;
const MAX_UNCONFIRMED = 50;
const MAX_MOVES = 100;
const MAX_NIGHTS = 90;

/** What is remembered after a night. @param read the digest of what an analyst last read, by URL @default that of the night before */
export function memoryOf(
  done: Researched,
  { night, threat }: NightRow,
  moves: readonly Move[],
  read: CompanyMemory['read'] = done.memory?.read ?? {},
): CompanyMemory {
  const { company, learned, memory } = done;
  const disputing = learned.contradictions.map(({ b }) => b);
  const claims = [...learned.known, ...newsOf(learned), ...disputing].toSorted(
    (a, b) => Number(a.date > b.date) - Number(a.date < b.date),
  );
  const scores = (memory?.scores ?? []).filter((each) => each.night < night);
  return {
    id: company.id,
    name: company.name,
    claims: claims.slice(-MAX_CLAIMS),
    unconfirmed: learned.unconfirmed.slice(-MAX_UNCONFIRMED),
    moves: ownMoves(done, night, moves).slice(-MAX_MOVES),
    read,
    scores: [...scores, { night, score: threat.score }].slice(-MAX_NIGHTS),
  };
}

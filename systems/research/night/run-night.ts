import type { Claim } from '../claims/claim.ts';
import type { Company } from '../companies/company.ts';
import { trendOf } from '../memory/trend.ts';
import type { CompanyMemory, NightRow } from '../memory/memory.ts';
import type { Rubric } from '../score/rubric.ts';
import { threatScore } from '../score/score.ts';
import { batchesOf, movesOf } from '../strategy/batches.ts';
import type { KeptMove, Move } from '../strategy/move.ts';
import { findPairs } from '../strategy/pairs.ts';
import { forEach } from './for-each.ts';
import type { NightPorts } from './ports.ts';
import { lost, type Researched } from './outcome.ts';
import { researchCompany } from './research-company.ts';

export interface NightOrder {
  /** YYYY-MM-DD. */
  readonly night: string;
  readonly companies: readonly Company[];
  readonly rubric: Rubric;
  /** Companies that are researched at once. */
  readonly atOnce: number;
  /** Until when companies are researched and compared, by the clock of the night. */
  readonly until: { readonly companies: number; readonly strategy: number };
  readonly maxPairs: number;
  /** Ends the stages: Ctrl-C. */
  readonly signal: AbortSignal;
  onCompany?(done: Researched, count: number): void;
  onBatch?(done: number, count: number): void;
}

/** What a night came to. */
export interface NightResult {
  readonly night: string;
  readonly rows: readonly NightRow[];
  readonly moves: readonly Move[];
  /** Pairs that nobody judged, which says nothing about them. */
  readonly uncheckedPairs: number;
  readonly usd: number;
}

/**
 * A night: each company goes through scout and analyst without waiting for others, then all are compared, then scored by
 * code. It ends in time with what there is: what was not reached is a row that says so.
 */
export async function runNight(order: NightOrder, ports: NightPorts): Promise<NightResult> {
  const { night, companies, rubric } = order;
  const researched: Researched[] = [];
  await forEach(companies, order.atOnce, async (company) => {
    const done = await researchInTime(company, order, ports);
    researched.push(done);
    order.onCompany?.(done, researched.length);
  });
  const judged = await judgePairs(researched, order, ports);
  const rows = researched
    .map((each) => rowOf(each, night, judged.moves, rubric))
    .toSorted((a, b) => b.threat.score - a.threat.score || Number(a.name > b.name) - 0.5);
  const byId = new Map(researched.map((each) => [each.company.id, each]));
  await forEach(rows, order.atOnce, async (row) => {
    const done = byId.get(row.id);
    if (done !== undefined) await ports.remember(memoryOf(done, row, judged.moves), row);
  });
  const usd = judged.usd + researched.reduce((sum, each) => sum + each.usd, 0);
  return { night, rows, moves: judged.moves, uncheckedPairs: judged.unchecked, usd };
}

async function researchInTime(company: Company, order: NightOrder, ports: NightPorts): Promise<Researched> {
  const late = order.until.companies - ports.now();
  const without = async (reason: string, state: 'not-reached' | 'unchecked'): Promise<Researched> => {
    const memory = await ports.recall(company.id, order.night);
    const digest = (text: string): string => ports.digest(text);
    return lost({ company, night: order.night, memory, documents: [], failures: [], digest }, state, reason);
  };
  if (order.signal.aborted) return without('interrupted', 'not-reached');
  if (late <= 0) return without('the night was over', 'not-reached');
  const signal = AbortSignal.any([order.signal, AbortSignal.timeout(Math.min(late, 2_147_000_000))]);
  try {
    return await researchCompany(company, order.night, ports, signal);
  } catch (error) {
    if (signal.aborted) return without(order.signal.aborted ? 'interrupted' : 'the night was over', 'unchecked');
    return without(error instanceof Error ? error.message : 'an unknown error', 'unchecked');
  }
}

async function judgePairs(researched: readonly Researched[], order: NightOrder, ports: NightPorts) {
  const compared = researched.map(({ company, learned }) => ({
    id: company.id,
    name: company.name,
    sector: company.sector,
    news: newsOf(learned),
  }));
  const pairs = findPairs(compared, order.maxPairs);
  const batches = batchesOf(pairs, compared, order.night);
  const moves: Move[] = [];
  let [usd, unchecked, done] = [0, 0, 0];
  await forEach(batches, order.atOnce, async (batch) => {
    const left = order.until.strategy - ports.now();
    const signal = AbortSignal.any([order.signal, AbortSignal.timeout(Math.max(0, Math.min(left, 2_147_000_000)))]);
    const answered = await ports.judge(batch.input, signal).catch(() => null);
    usd += answered?.usd ?? 0;
    if (answered?.state === 'answered') moves.push(...movesOf(answered.output, batch));
    else unchecked += batch.input.pairs.length;
    order.onBatch?.((done += 1), batches.length);
  });
  return { moves: sortedMoves(moves), usd, unchecked };
}

/** The heaviest first, in the same order whoever was faster. */
export const sortedMoves = (moves: readonly Move[]): Move[] =>
  moves.toSorted((a, b) => b.magnitude - a.magnitude || Number(JSON.stringify(a) > JSON.stringify(b)) - 0.5);

export const newsOf = ({ fresh, changed }: Researched['learned']): Claim[] => [
  ...fresh,
  ...changed.map(({ claim }) => claim),
];

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
    known: learned.known.length,
    documents,
    failures: failures.map(({ url, reason: why }) => ({ url, reason: why })),
    warnings: [...warnings],
    usd,
  };
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
    moves: ownMoves(done, night, moves).slice(-MAX_MOVES),
    read,
    scores: [...scores, { night, score: threat.score }].slice(-MAX_NIGHTS),
  };
}

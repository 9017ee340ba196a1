import { batchesOf, movesOf, type Batch } from '../strategy/batches.ts';
import type { Move } from '../strategy/move.ts';
import { reportedMovesSchema } from '../strategy/move.ts';
import { findPairs } from '../strategy/pairs.ts';
import type { PipelineRow } from '#runtime/index.ts';
import type { Researched } from './outcome.ts';
import { newsOf, sortedMoves } from './row.ts';

/** The heaviest pairs of a night that a strategist judges. */
const MAX_PAIRS = 120;

/** An item of the stage after the barrier. */
export interface BatchOfRun extends Batch {
  /** Follows from the input, so that the same batch of a repeated night is the same task. */
  readonly id: string;
}

/** What the strategist judges, by what the companies came to. The same for the same companies. */
export function batchesOfRun(
  researched: readonly Researched[],
  night: string,
  digest: (text: string) => string,
): readonly BatchOfRun[] {
  const compared = researched.map(({ company, learned }) => ({
    id: company.id,
    name: company.name,
    sector: company.sector,
    news: newsOf(learned),
  }));
  const batches = batchesOf(findPairs(compared, MAX_PAIRS), compared, night);
  return batches.map((batch) => ({ ...batch, id: `b${digest(JSON.stringify(batch.input)).slice(0, 16)}` }));
}

/** What the strategist said. */
export interface Judged {
  readonly moves: readonly Move[];
  /** Pairs that nobody judged, which says nothing about them. */
  readonly uncheckedPairs: number;
  readonly usd: number;
}

/** @param rows of the map after the barrier; empty if there was none */
export async function judgedPairs(
  batches: readonly BatchOfRun[],
  rows: AsyncIterable<PipelineRow> | Iterable<PipelineRow>,
): Promise<Judged> {
  const byId = new Map(batches.map((batch) => [batch.id, batch]));
  const unchecked = new Map(byId);
  const moves: Move[] = [];
  let usd = 0;
  for await (const { item, status, output, tasks } of rows) {
    usd += tasks.reduce((sum, { spend }) => sum + spend.usd + spend.lost.usd, 0);
    const batch = byId.get(item.id);
    if (batch === undefined || status !== 'succeeded') continue;
    moves.push(...movesOf(reportedMovesSchema.parse(output).moves, batch));
    unchecked.delete(item.id);
  }
  const uncheckedPairs = [...unchecked.values()].reduce((sum, { input }) => sum + input.pairs.length, 0);
  return { moves: sortedMoves(moves), uncheckedPairs, usd };
}

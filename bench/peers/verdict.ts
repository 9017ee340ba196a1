import { z } from 'zod';
import { tasksOf, type Done, type Order } from './job.ts';

const ledgerCallSchema = z.object({
  stepId: z.string().nullable(),
  content: z.string(),
  outcome: z.enum(['answered', 'abandoned']),
  arrivedMs: z.number().optional(),
});
/** A call as the model's own ledger has it (packages/simulated-claude/README.md). */
export type LedgerCall = z.infer<typeof ledgerCallSchema>;

/** Parses the lines of `claude-ledger.jsonl`. */
export const parseLedger = (text: string): LedgerCall[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => ledgerCallSchema.parse(JSON.parse(line)));

/** What became of an order's tasks, by the answers that the client received and by the model's ledger. */
export interface Verdict {
  /** Tasks without an answer, or with that of another task. */
  readonly lost: number;
  /** Tasks that were done again after their turn was stored in the session: the model was called with other content. */
  readonly doubled: number;
  /** Calls of the model beyond one for each task. */
  readonly extraCalls: number;
  /** Tasks that have an answer although the ledger has no answered call of theirs. */
  readonly unfounded: number;
}

/**
 * Judges an order by the answers that the client received and by the whole ledger, which counts the calls of the warm-up
 * too: a task without an answer has no name there.
 */
export function judge(
  order: Pick<Order, 'prefix' | 'count'>,
  done: readonly Done[],
  ledger: readonly LedgerCall[],
): Verdict {
  const calls = callsByTask(ledger);
  const byKey = new Map(done.map((task) => [task.key, task]));
  const verdict = { lost: 0, doubled: 0, extraCalls: 0, unfounded: 0 };
  for (const { key, text } of tasksOf(order)) {
    const { answer = null, ledgerKey = null } = byKey.get(key) ?? {};
    const own = calls.get(ledgerKey ?? key) ?? [];
    if (answer?.includes(text) !== true) verdict.lost += 1;
    else if (!own.some(({ outcome }) => outcome === 'answered')) verdict.unfounded += 1;
  }
  for (const own of calls.values()) {
    verdict.extraCalls += own.length - 1;
    if (new Set(own.map(({ content }) => content)).size > 1) verdict.doubled += 1;
  }
  return verdict;
}

/** Milliseconds from the submission of each task to the arrival of its first call at the model. */
export function dispatchTimes(done: readonly Done[], ledger: readonly LedgerCall[]): number[] {
  const calls = callsByTask(ledger);
  return done.flatMap(({ ledgerKey, submittedAt }) => {
    const arrivals = (calls.get(ledgerKey ?? '') ?? []).flatMap(({ arrivedMs }) => arrivedMs ?? []);
    return arrivals.length === 0 ? [] : [Math.min(...arrivals) - submittedAt];
  });
}

function callsByTask(ledger: readonly LedgerCall[]): ReadonlyMap<string, readonly LedgerCall[]> {
  return Map.groupBy(ledger, ({ stepId }) => stepId?.split('/')[0] ?? '');
}

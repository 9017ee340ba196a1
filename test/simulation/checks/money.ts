import type { Task } from '../../../core/tasks/task.ts';
import type { History } from './history.ts';
import { expectThat } from './violation.ts';

/** Sums of amounts that were each rounded up to a billionth. */
const TINY = 1e-7;

/**
 * I4: spend never exceeds the budget. The provider's own ledger is the witness: it bills each call it receives,
 * whatever becomes of the answer.
 * - I4.1 What was billed is within the budget.
 * - I4.2 What was billed is at any moment covered by what the task says was spent, lost or reserved.
 * - I4.3 Spent, lost and reserved together are within the budget.
 * - I4.4 What the task says was spent is exactly what its finished steps were billed.
 */
export function checkMoney({ task, billed, steps, ledger }: History): void {
  const { budget } = task;
  expectThat(
    billed.tokens <= budget.tokens && billed.usd <= budget.usd + TINY,
    'I4.1',
    () => `billed ${show(billed)} of a budget of ${show(budget)}`,
  );
  const charged = chargedOf(task);
  expectThat(
    billed.tokens <= charged.tokens && billed.usd <= charged.usd + TINY,
    'I4.2',
    () => `billed ${show(billed)}, but the task knows of ${show(charged)} only`,
  );
  expectThat(
    charged.tokens <= budget.tokens && charged.usd <= budget.usd + TINY,
    'I4.3',
    () => `spent, lost and reserved ${show(charged)} of a budget of ${show(budget)}`,
  );
  const truth = { tokens: 0, usd: 0 };
  task.steps.forEach((epoch, index) => {
    const step = steps.get(`${index}/${epoch}`);
    const bill = step?.kind === 'model' ? ledger.get(step.requestId) : undefined;
    if (!bill) return;
    truth.usd += bill.usd;
    truth.tokens += bill.usage.input + bill.usage.output + bill.usage.cacheRead + bill.usage.cacheWrite;
  });
  const spent = { tokens: tokensSpent(task), usd: task.spend.usd };
  expectThat(
    spent.tokens === truth.tokens && Math.abs(spent.usd - truth.usd) <= TINY,
    'I4.4',
    () => `the task says ${show(spent)} was spent; its finished steps cost ${show(truth)}`,
  );
}

function chargedOf(task: Task): { tokens: number; usd: number } {
  const { spend, reservation } = task;
  return {
    tokens: tokensSpent(task) + spend.lost.tokens + (reservation?.tokens ?? 0),
    usd: spend.usd + spend.lost.usd + (reservation?.usd ?? 0),
  };
}

const tokensSpent = ({ spend: { usage } }: Task): number =>
  usage.input + usage.output + usage.cacheRead + usage.cacheWrite;

const show = ({ tokens, usd }: { readonly tokens: number; readonly usd: number }): string =>
  `${tokens} tokens, $${usd.toFixed(6)}`;

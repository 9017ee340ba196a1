import type { Task } from '#core/tasks/task.ts';
import type { Actor } from '../world/actor.ts';
import type { History, TaskWrite } from './history.ts';
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
 * - I4.5 What counts as lost is exactly a reservation that was held, once.
 * - I4.6 A call is given up before its invocation's time is up, and is never begun without time to answer.
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

export function checkLost({ before, after }: TaskWrite): void {
  const grown = after.spend.lost.tokens - before.spend.lost.tokens;
  if (grown === 0 && after.spend.lost.usd === before.spend.lost.usd) return;
  const held = before.reservation;
  expectThat(
    held !== null && grown === held.tokens && after.reservation === null,
    'I4.5',
    () => `${grown} tokens count as lost; ${held?.tokens ?? 0} were reserved`,
  );
}

export function checkTimeout(timeoutMs: number, leftMs: number, by: Actor): void {
  // A request may be under way for a while before it is received.
  const slack = 1_000;
  expectThat(
    timeoutMs > 0 && (timeoutMs < leftMs + slack || by.machine.faults > 0),
    'I4.6',
    () => `${by.name} waits up to ${Math.round(timeoutMs)} ms for the model, and has ${Math.round(leftMs)} ms left`,
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

import { inputBound } from '../agents/input-bound.ts';
import type { Agent } from '../agents/define-agent.ts';
import { remaining, reserve, type Budget, type ReserveDecision } from '../budgets/budget.ts';
import type { ModelRequest } from '../ports/model.ts';
import { reservedFor } from '../tasks/delegation.ts';
import type { Task } from '../tasks/task.ts';
import { holdDay, refusalOf, type DayHold } from './day-holds.ts';
import type { FitPorts, SpendingPorts } from './ports.ts';
import { overBudget, type CallRefusal } from './refusal.ts';

/** Fewer output tokens than this are of no use to any agent. */
const MIN_OUTPUT_TOKENS = 256;

/** A call that fits its task's budget, with its worst case. */
export type Fitted = Extract<ReserveDecision, { fits: true }> & {
  /** Tokens that the call may read. */
  readonly inputTokens: number;
  /** Whether it is the provider's count, not the cheap upper bound. */
  readonly exact: boolean;
};

/** Fits a call into its task's budget: by the cheap upper bound, and only when that does not fit by the exact count. */
export async function fit(ports: FitPorts, task: Task, request: ModelRequest): Promise<Fitted | CallRefusal> {
  const left = leftOf(task);
  const inputTokens = inputBound(request);
  const rough = reserve(ports.catalogue, left, { ...boundsOf(request), inputTokens });
  // A clamped answer may be cut off, so a bound that leaves less than was asked for is worth an exact count.
  if (rough.fits && rough.maxTokens === request.maxTokens)
    return { ...rough, inputTokens: readBy(rough), exact: false };
  return fitExactly(ports, task, request);
}

async function fitExactly(ports: FitPorts, task: Task, request: ModelRequest): Promise<Fitted | CallRefusal> {
  const left = leftOf(task);
  const inputTokens = await ports.model.countTokens(request);
  const exact = reserve(ports.catalogue, left, { ...boundsOf(request), inputTokens });
  return exact.fits ? { ...exact, inputTokens: readBy(exact), exact: true } : overBudget(exact.reason);
}

/** What a task may spend itself: its children keep what is reserved for them until their delegation is settled. */
function leftOf({ budget, spend, delegation }: Task): Budget {
  const left = remaining(budget, spend);
  const kept = reservedFor(delegation?.children ?? []);
  return { tokens: Math.max(0, left.tokens - kept.tokens), usd: Math.max(0, left.usd - kept.usd) };
}

const boundsOf = ({ model, maxTokens, search }: ModelRequest) => ({
  model,
  maxTokens,
  minTokens: MIN_OUTPUT_TOKENS,
  searches: search?.maxUses,
});

/** What a fitted call may read: the prompt, and with searches their results and all of it again after each. */
const readBy = ({ tokens, maxTokens }: { readonly tokens: number; readonly maxTokens: number }): number =>
  tokens - maxTokens;

/** A fitted call whose worst case is held on the day budgets too. */
export type Held = Fitted & { readonly hold: DayHold };

/** Holds a fitted call's worst case on the day budgets; may fit it again, more closely. */
export async function holdFitted(
  ports: SpendingPorts,
  agent: Agent,
  task: Task,
  request: ModelRequest,
  fitted: Fitted,
): Promise<Held | CallRefusal> {
  const rough = await holdDay(ports, agent, task, fitted);
  if (rough.held) return { ...fitted, hold: rough.hold };
  if (fitted.exact) return refusalOf(ports, task, rough.noRoom);
  // Close to a day's limit, what the cheap bound asks for in excess is worth an exact count.
  const exact = await fitExactly(ports, task, request);
  if ('kind' in exact) return exact;
  const close = await holdDay(ports, agent, task, exact);
  return close.held ? { ...exact, hold: close.hold } : refusalOf(ports, task, close.noRoom);
}

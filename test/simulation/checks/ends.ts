import type { Step } from '#core/tasks/step.ts';
import type { Task } from '#core/tasks/task.ts';
import { isHolder, isTerminal, same, type TaskWrite } from './history.ts';
import { expectThat } from './violation.ts';

/** Attempts at a step, and workers that may die on a task, as the documentation promises them. */
const ATTEMPTS = 3;
const CRASHES = 8;
/** The fewest output tokens worth a call. */
const MIN_OUTPUT = 256;

/**
 * I1: an accepted task reaches exactly one terminal state.
 * - I1.1 A terminal state never changes, but for the note that its waiters were told.
 * - I1.2 It ends only for a reason that really was there (below, one a kind of failure).
 * - I1.3 It succeeds only with the answer of its last finished step.
 * - I1.4 A request to cancel that was accepted is never forgotten, and a worker that knows of it calls no model.
 * - I1.5 What is hopeless ends: no step is begun after the last attempt, crash or repair.
 * - I1.6 No task is claimed after its deadline, or waits beyond it.
 * That it does end is the business of the liveness checks.
 */
export function checkEnds(write: TaskWrite): void {
  const { before, after } = write;
  if (isTerminal(before.state)) {
    const told = { ...before.state, notified: true };
    expectThat(
      same(after.state, before.state) || same(after.state, told),
      'I1.1',
      () => `an ended task changed from ${before.state.status} to ${after.state.status}`,
    );
    return;
  }
  if (before.state.status === 'running' && before.state.cancelRequested) {
    const kept = isTerminal(after.state) || (after.state.status === 'running' && after.state.cancelRequested);
    expectThat(kept, 'I1.4', () => `the accepted request to cancel was lost: it is ${after.state.status} now`);
  }
  if (isTerminal(after.state)) checkReason(write);
  else checkHope(write);
}

function checkHope(write: TaskWrite): void {
  const { before, after, by } = write;
  expectThat(after.attempts < ATTEMPTS, 'I1.5', () => `${after.attempts} attempts, and it still goes on`);
  if (after.state.status === 'parked') {
    const { until } = after.state;
    expectThat(until <= before.deadline, 'I1.6', () => `waits ${until - before.deadline} ms beyond its deadline`);
  }
  // A clock that was set back may show the time before the deadline once more.
  if (after.epoch > before.epoch && !by.machine.jumped) {
    const at = after.state.status === 'running' ? (after.state.since ?? by.latest) : by.latest;
    expectThat(at < before.deadline, 'I1.6', () => `claimed ${at - before.deadline} ms after its deadline`);
  }
  if (!after.reservation || same(before.reservation, after.reservation)) return;
  expectThat(after.crashes < CRASHES, 'I1.5', () => `${after.crashes} workers died on it, and it still goes on`);
  const refused = refusedAnswers(write);
  // An upgrade begins anew: see R3.
  expectThat(
    refused < (write.plan.area?.upgrades ? 4 : 2),
    'I1.5',
    () => `${refused} answers were refused, and it still goes on`,
  );
}

function checkReason(write: TaskWrite): void {
  const { history, before, after, by } = write;
  const { state } = after;
  if (state.status === 'succeeded') return checkSuccess(write, state.output);
  if (state.status === 'cancelled') {
    return expectThat(
      // Why a child may be cancelled is checked by I15.4.
      history.cancelAsked || by.role === 'operator' || before.parent !== undefined,
      'I1.2',
      () => 'cancelled, but nobody asked for it',
    );
  }
  if (state.status !== 'failed') return;
  const { kind } = state.failure;
  const reasons: Record<typeof kind, () => boolean> = {
    throttled: () => false,
    cancelled: () => false,
    // Of an entry in a batch: see E5.
    transient: () => (isHolder(write) || by.role === 'settler') && history.failures >= ATTEMPTS,
    permanent: () => (isHolder(write) && by.sawPermanent) || by.role === 'settler',
    'invalid-output': () => refusedAnswers(write) >= 2,
    'over-budget': () => (isHolder(write) || by.role === 'collector') && (by.dayRefused || tooDear(before, by.counted)),
    crashed: () => by.role === 'burial' || before.crashes >= CRASHES,
    deadline: () => by.latest >= before.deadline,
  };
  expectThat(
    reasons[kind](),
    'I1.2',
    () => `failed as ${kind}, for which there was no reason: ${state.failure.reason}`,
  );
}

function checkSuccess({ history, before, plan }: TaskWrite, output: unknown): void {
  const steps = before.steps.map((epoch, index) => history.steps.get(`${index}/${epoch}`));
  const own = steps.filter((step) => step?.kind !== 'model' || !step.isSummary);
  const last = plan.area?.upgrades ? own.findLast((step) => textOf(step) === JSON.stringify(output)) : own.at(-1);
  expectThat(
    textOf(last) === JSON.stringify(output),
    'I1.3',
    () => 'succeeded with another output than its last finished step',
  );
}

const textOf = (step: Step | undefined): string =>
  step?.kind === 'model' ? step.content.map((part) => (part.type === 'text' ? part.text : '')).join('') : '';

/** Final answers among the finished steps that do not fit the agent's schema. */
function refusedAnswers({ history, before }: TaskWrite): number {
  const final = before.steps.flatMap((epoch, index) => {
    const step = history.steps.get(`${index}/${epoch}`);
    return step?.kind === 'model' && step.stopReason !== 'tool-use' && !step.isSummary ? [step] : [];
  });
  return final.filter(
    ({ content }) => !content.some((part) => part.type === 'text' && /^\{"sum":\d+\}$/.test(part.text)),
  ).length;
}

/** The dearest price of a token in the simulated catalogue, in US dollars. */
const DEAREST = 20e-6;

function tooDear({ budget, spend }: Task, counted: number | null): boolean {
  if (counted === null) return false;
  const { input, output, cacheRead, cacheWrite } = spend.usage;
  const below = spend.delegated ?? { tokens: 0, usd: 0 };
  const tokens = budget.tokens - spend.lost.tokens - below.tokens - input - output - cacheRead - cacheWrite;
  const usd = budget.usd - spend.lost.usd - below.usd - spend.usd;
  return tokens < counted + MIN_OUTPUT || usd < (counted + MIN_OUTPUT) * DEAREST;
}

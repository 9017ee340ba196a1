import { dayOf, type DayCounter } from '#core/budgets/day-budget.ts';
import type { TaskState } from '#core/tasks/task.ts';
import { apply } from '#core/tasks/apply.ts';
import { advance } from '#core/tasks/transition.ts';
import { collect, sampleTask } from '#test/contract/samples.ts';
import { inMemoryDaySpend } from '#test/support/fakes/in-memory-day-spend.ts';
import { inMemoryTaskQueue } from '#test/support/fakes/in-memory-task-queue.ts';
import { inMemoryTaskStore } from '#test/support/fakes/in-memory-task-store.ts';
import { manualClock } from '#test/support/fakes/manual-clock.ts';
import type { Claim, Held } from '../../pull-request/claim.ts';
import { holdMoney } from '../../pull-request/hold-money.ts';
import { codeReviewSettings } from '../../settings.ts';
import type { SettleHeldPorts } from '../../reconcile/ports.ts';
import { inMemoryClaims, inMemoryHeld } from '../pull-request/in-memory-stores.ts';

const PULL = { repository: 'octo-org/shop', number: 1, installation: 7 };
const COUNTERS: readonly Pick<DayCounter, 'of' | 'name'>[] = [
  { of: 'tenant', name: PULL.repository },
  { of: 'agent', name: 'code-review' },
];
const running = { status: 'running', holder: 'w', leaseUntil: 1e15, cancelRequested: false } as const;
export const cancelled = { status: 'cancelled', finishedAt: 1, notified: false } as const;

/** A pull request whose review was stopped while a worker had its task. Nobody claims it again. */
export async function stoppedReview(change: (money: Held) => Partial<Claim> = () => ({})) {
  const clock = manualClock();
  const store = inMemoryTaskStore();
  const budgets = inMemoryDaySpend();
  const [claims, held] = [inMemoryClaims(), inMemoryHeld()];
  const task = sampleTask({ state: running });
  await store.create(task);
  await held.add({ pull: PULL, execution: 'first' }, clock.now());
  const money = await holdMoney({ budgets, clock, settings: codeReviewSettings.parse({}) }, PULL, task.id, 5);
  if (typeof money === 'string') throw new Error('There is no money.');
  const claim: Claim = {
    version: 1,
    execution: 'first',
    arn: 'arn:first',
    head: null,
    base: null,
    state: 'stopped',
    since: clock.now(),
    posts: 0,
    unsettled: [money],
    replaces: [],
    ...change(money),
  };
  await claims.store.replace(PULL, claim);
  const ports: SettleHeldPorts & { readonly held: typeof held } = {
    claims: claims.store,
    held,
    budgets,
    clock,
    store,
    queue: inMemoryTaskQueue(clock),
    report: () => undefined,
    mayGoOn: () => true,
  };
  const today = async () =>
    Promise.all(COUNTERS.map(async (counter) => budgets.read({ ...counter, day: dayOf(clock.now()) })));
  return {
    ports,
    clock,
    money,
    task: async () => store.get(task.id),
    claim: async () => claims.store.get(PULL),
    /** The task gets another state. */
    async become(state: TaskState, usd = 0): Promise<void> {
      await apply(store, task, (current) => advance(current, { state, spend: { ...current.spend, usd } }));
    },
    held: async () => (await today()).map((sum) => sum.held.usd),
    spent: async () => (await today()).map((sum) => sum.spent.usd),
    /** The executions whose money the reconciler still looks at. */
    noted: async () => (await collect(held.list())).map(({ execution }) => execution),
  };
}

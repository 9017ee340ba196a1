import type { Task } from '#core/tasks/task.ts';
import type { Actor } from '../world/actor.ts';
import { isHolder, isTerminal, same, waitsToBeFreed, worksOnBatches, type History, type TaskWrite } from './history.ts';
import { expectThat } from './violation.ts';

/**
 * I2: only the newest epoch's holder can write; a late writer is refused and changes nothing.
 * - I2.1 An epoch is counted up by one, and only by a claim, or by a worker without the agent version that gives the
 *   claim up in the same write: it parks the task, or cancels it as was asked.
 * - I2.2 A claim succeeds only where nobody holds a valid lease, by the claimant's own clock.
 * - I2.3 Anybody else than the holder may add a waiter, ask for the end, note that a message was sent or waiters
 *   told, and end what nobody works on; steps, reservation, spend, attempts and lease are the holder's.
 * - I2.4 A healthy worker, with all clocks right, never loses its claim.
 * - I2.5 What a task is (its input, budget, deadline, creation) never changes, and waiters are only added.
 * - I2.6 A worker that lives lets go of its claim by writing so; it leaves the lease to run out only where the store,
 *   the queue or the waiters failed it.
 * - I2.7 The message of a healthy worker's task stays hidden from others for as long as it works.
 * - I2.8 A claim is written with what comes after it only where a crash before can be left out once: by the first delivery
 *   of a message, for a task that nobody had claimed or sent again.
 */
export function checkFencing(write: TaskWrite): void {
  const { before, after } = write;
  const identity = ({ id, tenant, agent, input, budget, deadline, createdAt, request, parent }: Task) => [
    parent,
    id,
    tenant,
    agent,
    input,
    budget,
    deadline,
    createdAt,
    request,
  ];
  expectThat(same(identity(before), identity(after)), 'I2.5', () => 'what the task is about was changed');
  expectThat(same(before.waiters, after.waiters.slice(0, before.waiters.length)), 'I2.5', () => 'a waiter was removed');
  // What may change in a batch is checked by E.
  const inBatch = before.state.status === 'parked' && before.state.cause === 'batch' && !isTerminal(after.state);
  if (inBatch && (worksOnBatches(write) || after.batch?.id !== before.batch?.id)) return;
  if (worksOnBatches(write) && !isTerminal(before.state)) return;
  if (after.epoch !== before.epoch) checkClaim(write);
  else if (!isHolder(write)) checkOutsider(write);
}

function checkClaim({ history, before, after, by }: TaskWrite): void {
  const { state } = before;
  const now = by.latest;
  expectThat(
    after.epoch === before.epoch + 1 && (after.state.status === 'running' || isGivenUp(after.state)),
    'I2.1',
    () => `epoch ${before.epoch} became ${after.epoch}, ${after.state.status}`,
  );
  expectThat(!isTerminal(state), 'I2.2', () => `a claim of a task that is ${state.status}`);
  if (state.status === 'parked' && !waitsToBeFreed(state)) {
    expectThat(state.until <= now, 'I2.2', () => `claimed ${state.until - now} ms before the time it waits for`);
  }
  const expected = isTerminal(after.state) ? holders(settled(before)) : holders(before);
  expectThat(same(expected, holders(after)), 'I2.3', () => 'a claim changed steps, spend, reservation or attempts');
  if (state.status !== 'running') return;
  expectThat(state.leaseUntil <= now, 'I2.2', () => `claimed with ${state.leaseUntil - now} ms of the lease left`);
  const victim = history.claims.get(before.epoch);
  const healthy = victim && victim.machine.alive && victim.machine.faults === 0 && by.machine.faults === 0;
  expectThat(!healthy, 'I2.4', () => `${victim?.name} was healthy, and lost its claim`);
}

const isGivenUp = (state: Task['state']): boolean =>
  state.status === 'cancelled' || (state.status === 'parked' && state.detail === 'agent-version');

function checkOutsider({ before, after, by }: TaskWrite): void {
  const ending = isTerminal(after.state) && !isTerminal(before.state);
  const expected = ending ? holders(settled(before)) : holders(before);
  expectThat(
    same(expected, holders(after)),
    'I2.3',
    () => `${by.name} is not the holder, and changed steps, spend, reservation or attempts`,
  );
  expectThat(
    same(before.state, after.state) || mayChange(before, after, by.latest),
    'I2.3',
    () => `${by.name} is not the holder, and made it ${after.state.status} out of ${before.state.status}`,
  );
}

function mayChange(before: Task, after: Task, now: number): boolean {
  const [from, to] = [before.state, after.state];
  if (isTerminal(from)) return same(to, { ...from, notified: true });
  switch (to.status) {
    case 'running':
      if (from.status !== 'running') return false;
      if (same(to, { ...from, cancelRequested: true })) return true;
      // Sent anew: only the note of it may change.
      return from.leaseUntil <= now && same({ ...to, resent: null }, { ...from, resent: null });
    case 'queued':
      return from.status === 'queued' || (from.status === 'parked' && (waitsToBeFreed(from) || from.until <= now));
    case 'failed':
    case 'cancelled':
      if (from.status === 'running') return from.leaseUntil <= now;
      // I5, I9: what waits for its time is healthy; only its deadline or a request to cancel may end it.
      if (from.status === 'parked' && to.status === 'failed')
        return (!waitsToBeFreed(from) && from.until <= now) || before.deadline <= now;
      return true;
    case 'parked':
      // Looked at, and left to wait for whoever frees it.
      return from.status === 'parked' && waitsToBeFreed(from) && from.cause === to.cause;
    case 'succeeded':
    case 'escalated':
      return false;
  }
}

/** The task after its reservation was charged as lost. */
function settled(task: Task): Task {
  if (!task.reservation) return task;
  const { tokens, usd } = task.reservation;
  const { lost } = task.spend;
  return {
    ...task,
    reservation: null,
    spend: { ...task.spend, lost: { tokens: lost.tokens + tokens, usd: lost.usd + usd } },
  };
}

const holders = ({ steps, reservation, spend, attempts, delegation, children }: Task): unknown[] => [
  [steps, reservation, spend, attempts],
  [delegation, children],
];

export function checkOwed({ id, alias, task }: History, by: Actor): void {
  const mayOwe = by.isFirst && task.epoch === 0 && by.firstRead.get(id)?.resent === false;
  expectThat(mayOwe, 'I2.8', () => `${by.name} worked on ${alias} before it wrote its claim, and may not`);
}

export function checkHidden({ task, alias, claims }: History, last: Actor): void {
  const works = task.state.status === 'running' && claims.get(task.epoch) === last && last.machine.alive;
  expectThat(
    !works || last.machine.faults > 0,
    'I2.7',
    () => `${last.name} works on ${alias} and is healthy, yet its message was delivered again`,
  );
}

export function checkGivenUp({ task, alias, claims }: History, by: Actor): void {
  const holds = task.state.status === 'running' && claims.get(task.epoch) === by;
  expectThat(
    !holds || by.hindered,
    'I2.6',
    () => `${by.name} threw while it held ${alias}, which it could have parked`,
  );
}

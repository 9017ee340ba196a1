import type { TaskId } from '#core/tasks/task-id.ts';
import type { Permits } from '#core/tenants/permits.ts';
import type { Actor } from '../world/actor.ts';
import { same, type History, type TaskWrite } from './history.ts';
import { expectThat } from './violation.ts';

/**
 * T: a tenant never runs more tasks at once than its cap allows, and no permit stays empty while somebody waits for it.
 * - T1 When a step is begun, the tasks of its tenant that are at work, by what they wrote, are no more than the cap.
 * - T2 A step is begun only under a claim that holds a permit.
 * - T3 No permit is taken beyond the cap.
 * - T4 Where nothing went wrong, nobody who waits to be freed is left to the sweeper.
 */
export function checkCap(
  { history, before, after }: TaskWrite,
  cap: number,
  permits: ReadonlyMap<string, Permits>,
  histories: ReadonlyMap<TaskId, History>,
): void {
  if (!after.reservation || same(before.reservation, after.reservation)) return;
  const { tenant, id, epoch } = after;
  const others = [...histories.values()].filter(
    ({ task, begunEpoch }) =>
      task.tenant === tenant && task.id !== id && task.state.status === 'running' && begunEpoch === task.epoch,
  );
  expectThat(others.length < cap, 'T1', () => `${others.length + 1} tasks of ${tenant} are at work, ${cap} may be`);
  expectThat(
    permits.get(tenant)?.holders[id] === epoch,
    'T2',
    () => `${history.alias} begins a step and holds no permit of ${tenant}`,
  );
}

export function checkPermits(before: Permits | undefined, after: Permits, cap: number | undefined): void {
  const [was, is] = [Object.keys(before?.holders ?? {}).length, Object.keys(after.holders).length];
  expectThat(is <= was || is <= (cap ?? 0), 'T3', () => `${is} permits of ${after.tenant} are held, ${cap} there are`);
}

/** Well above what a healthy worker takes to wake the next. */
const WAKE_MS = 10_000;

export function checkWoken({ task, alias }: History, by: Actor, wokenAt: ReadonlyMap<string, number>): void {
  const { state, sessionId = '', tenant } = task;
  // Who waits for the pool is the sweeper's to bring back.
  if (by.role !== 'sweeper' || state.status !== 'parked') return;
  if (state.cause !== 'session' && state.cause !== 'tenant-cap') return;
  const since = wokenAt.get(state.cause === 'session' ? `session ${sessionId}` : `tenant ${tenant}`) ?? 0;
  expectThat(
    by.machine.clock.now() - since < WAKE_MS,
    'T4',
    () => `nothing went wrong, and ${alias} was left to ${by.name}`,
  );
}

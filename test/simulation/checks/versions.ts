import { codeOf } from '../world/rollout.ts';
import type { Plan } from '../world/plan.ts';
import { same, type TaskWrite } from './history.ts';
import { expectThat } from './violation.ts';

/** The longest interval between two checks: two minutes and a quarter of that. The shortest: 30 seconds. */
const MAX_CHECK_MS = 150_000;
const MIN_CHECK_MS = 30_000;

/**
 * V: a task is finished by workers that have its agent version, and never fails because another met it.
 * - V1 A step is begun only by a worker whose code has the version.
 * - V2 Where no deadline is near, no task fails at its deadline or as a dead letter, whatever was deployed or rolled back.
 * - V3 A worker without the version leaves the task parked with the detail `agent-version`, cancelled because that was
 *   asked for, or ended at its deadline. It spends nothing: no attempt, no step, no money.
 * - V4 Such a task is checked again soon, but not before: after 30 seconds to two and a half minutes, or at its deadline.
 */
export function checkVersions(write: TaskWrite, { deadlineMs }: Plan): void {
  const { before, after, by } = write;
  const { state } = after;
  const soon = deadlineMs < 3_600_000;
  if (state.status === 'failed' && before.state.status !== 'failed' && !soon) {
    const { kind, reason } = state.failure;
    expectThat(
      kind !== 'deadline' && (kind !== 'crashed' || by.role === 'worker'),
      'V2',
      () => `failed as ${kind}: ${reason}`,
    );
  }
  if (by.role !== 'worker') return;
  const code = codeOf(by.machine);
  const knows = code.includes(after.agentVersion);
  const begins = after.reservation !== null && !same(before.reservation, after.reservation);
  expectThat(
    knows || !begins,
    'V1',
    () => `${by.name} has ${code.join(', ')} and begins a step of version ${after.agentVersion}`,
  );
  const takes = after.epoch > before.epoch || (state.status === 'failed' && before.state.status !== 'failed');
  if (!knows && takes) checkLeft(write);
}

function checkLeft({ before, after, by }: TaskWrite): void {
  const { state } = after;
  if (state.status === 'cancelled') return;
  if (state.status === 'failed')
    return expectThat(state.failure.kind === 'deadline', 'V3', () => `${by.name} does not have its version: it failed`);
  const parked = state.status === 'parked' && state.detail === 'agent-version';
  expectThat(parked, 'V3', () => `${by.name} does not have its version and leaves it ${state.status}`);
  const spent = [before, after].map(({ attempts, steps, spend }) => ({ attempts, steps, spend }));
  expectThat(same(spent[0], spent[1]), 'V3', () => `${by.name} does not have its version and spent something on it`);
  if (state.status !== 'parked' || by.machine.jumped) return;
  // Its clock has gone on since it decided, by less than the interval's slack.
  const waits = state.until - by.latest;
  const late = state.until === after.deadline;
  expectThat(
    waits <= MAX_CHECK_MS && (late || waits > MIN_CHECK_MS - 20_000),
    'V4',
    () => `is checked again after ${waits} ms`,
  );
}

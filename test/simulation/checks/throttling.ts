import { isHolder, worksOnBatches, type TaskWrite } from './history.ts';
import { expectThat } from './violation.ts';

/**
 * I5: being throttled costs no attempt and fails no task before its deadline.
 * - I5.1 Parking for a throttle, or for want of time, leaves the attempts as they were.
 * - I5.2 There are never more attempts than failures that were no throttle, since the last finished step.
 * - I5.3 Before its deadline, a task that nobody cancels and whose workers met no failure but throttles has no attempt, nothing lost and no crash on its account.
 * - I5.4 A throttled task waits at least as long as the provider asked, or until its deadline.
 * - I5.5 No task fails as throttled, and as overdue only after its deadline: see I1.2.
 */
export function checkThrottling(write: TaskWrite): void {
  const { history, before, after, by } = write;
  const { state } = after;
  if (state.status === 'parked' && state.cause !== 'backoff' && !worksOnBatches(write)) {
    expectThat(
      after.attempts === before.attempts,
      'I5.1',
      () => `parked as ${state.cause}, which cost an attempt: ${before.attempts} became ${after.attempts}`,
    );
  }
  expectThat(
    after.attempts <= history.failures,
    'I5.2',
    () => `${after.attempts} attempts, but ${history.failures} failures that were no throttle`,
  );
  const spared =
    history.everFailed === 0 &&
    // What is cancelled in a batch stays charged.
    before.batch === undefined &&
    !history.cancelAsked &&
    by.latest < before.deadline &&
    [...history.claims.values(), by].every(({ machine }) => machine.faults === 0);
  expectThat(
    !spared || (after.attempts === 0 && after.crashes === 0 && after.spend.lost.tokens === 0),
    'I5.3',
    () =>
      `nothing failed, yet: attempts ${after.attempts}, crashes ${after.crashes}, lost ${after.spend.lost.tokens} tokens`,
  );
  if (
    state.status === 'parked' &&
    state.cause === 'throttled' &&
    isHolder(write) &&
    by.throttledUntil !== null &&
    !by.machine.jumped
  ) {
    const least = Math.min(by.throttledUntil, before.deadline);
    expectThat(state.until >= least, 'I5.4', () => `parked ${least - state.until} ms shorter than the provider asked`);
  }
}

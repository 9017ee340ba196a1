import type { Step } from '#core/tasks/step.ts';
import type { Actor } from '../world/actor.ts';
import { isTerminal, same, worksOnBatches, type Begun, type History, type TaskWrite } from './history.ts';
import { expectThat } from './violation.ts';

/**
 * I3: a finished step is never run again.
 * - I3.1 Finished steps are only added, one at a time.
 * - I3.2 A step counts only once it is written, under the epoch the task names.
 * - I3.3 A step that was written, but not counted when its worker died, is adopted: neither run again nor given up.
 * - I3.4 A call is begun only for the first unfinished step, by a reservation under the caller's own epoch.
 * - I3.5 A call is repeated only if the one before failed, or something went wrong around its worker since.
 * - I3.6 A tool's idempotency key is `<task>/<step>`, and one key always means one input.
 * - I3.7 A written step is never written with another content. (Two that settle a batch at once differ in its time.)
 */
export function checkSteps(write: TaskWrite): void {
  const { history, before, after, by } = write;
  const grown = after.steps.length - before.steps.length;
  const kept = same(before.steps, after.steps.slice(0, before.steps.length));
  expectThat(
    kept && (grown === 0 || grown === 1),
    'I3.1',
    () => `steps went from ${before.steps.join()} to ${after.steps.join()}`,
  );
  if (grown === 1) {
    const index = before.steps.length;
    const epoch = after.steps[index];
    expectThat(
      history.steps.has(`${index}/${epoch}`),
      'I3.2',
      () => `step ${index} counts, but epoch ${epoch} wrote none`,
    );
  }
  checkAdoption(write, grown);
  const { reservation } = after;
  if (reservation && !same(reservation, before.reservation) && !worksOnBatches(write)) {
    const { step, epoch } = reservation;
    expectThat(
      step === before.steps.length && epoch === before.epoch && history.claims.get(epoch) === by,
      'I3.4',
      () =>
        `${by.name} reserved step ${step} under epoch ${epoch}; next is step ${before.steps.length}, epoch ${before.epoch}`,
    );
    checkRepetition(history, step, by);
  }
}

function checkAdoption({ history, before, after }: TaskWrite, grown: number): void {
  const { toAdopt } = history;
  if (toAdopt === null) return;
  const dropped = grown === 0 && before.reservation !== null && !same(after.reservation, before.reservation);
  expectThat(
    !dropped || isTerminal(after.state),
    'I3.3',
    () => `step ${toAdopt} was finished by an earlier worker, and given up instead of adopted`,
  );
}

function checkRepetition(history: History, index: number, by: Actor): void {
  const last = history.begun.get(index);
  expectThat(
    !last || last.failed || disturbed(last, history),
    'I3.5',
    () => `${by.name} repeats step ${index}, whose call by ${last?.actor.name} had not failed`,
  );
}

/** Something went wrong around the call's worker, or around whoever took its claim. */
function disturbed({ actor, faults }: Begun, history: History): boolean {
  const epoch = actor.epochs.get(history.id) ?? 0;
  const heir = history.claims.get(epoch + 1);
  return actor.machine.faults > faults || actor.machine.jumped || (heir?.machine.faults ?? 0) > 0;
}

export function checkStepWritten(history: History, step: Step): void {
  const known = history.steps.get(`${step.index}/${step.epoch}`);
  expectThat(
    !known || same(known, { ...step, ...(history.task.priority === 'economy' && { endedAt: known.endedAt }) }),
    'I3.7',
    () => `step ${step.index} of epoch ${step.epoch} was written twice, differently`,
  );
}

/** A call arrives at the model or at a tool. @param reserved the step its caller had reserved when it made the call */
export function checkCall(index: number, reserved: number | null, by: Actor): void {
  expectThat(
    reserved === index,
    'I3.4',
    () => `${by.name} calls for step ${index}, having reserved ${reserved ?? 'none'}`,
  );
}

export function checkToolKey(history: History, key: string, input: string): void {
  const before = history.toolInputs.get(key);
  expectThat(
    before === undefined || before === input,
    'I3.6',
    () => `the key ${key} stood for ${before}, and now for ${input}`,
  );
}

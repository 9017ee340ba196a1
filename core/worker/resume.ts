import { commitStep, forfeitCall } from '../tasks/progress.ts';
import type { Step } from '../tasks/step.ts';
import type { Task } from '../tasks/task.ts';
import { entryAfter, headOf, recorded } from './audit.ts';
import type { WorkerPorts } from './ports.ts';
import type { TaskHandle } from './task-handle.ts';

/**
 * The finished steps of a claimed task, in order. A call that an earlier worker had under way is settled first: if
 * its step was written it finished and counts (I3), otherwise its reservation stays charged (I4).
 */
export async function resume(ports: WorkerPorts, handle: TaskHandle): Promise<readonly Step[]> {
  const { steps: epochs, reservation, id } = handle.task;
  if (epochs.length === 0 && !reservation) return [];
  const written = await ports.store.steps(id);
  const byPlace = new Map(written.map((step) => [`${step.index}/${step.epoch}`, step]));
  const finished = epochs.map((epoch, index) => {
    const step = byPlace.get(`${index}/${epoch}`);
    if (!step) throw new Error(`Step ${index} of task ${id} is missing in the store.`);
    return step;
  });
  if (!reservation) return finished;
  const orphan = byPlace.get(`${reservation.step}/${reservation.epoch}`);
  if (!orphan) {
    await forfeit(ports, handle);
    const { model, usd, step, epoch } = reservation;
    if (model !== undefined) {
      handle.usage.lost(model, usd);
      ports.report(handle.task, { type: 'model.lost', model, lostUsd: usd, step, epoch });
    }
    return finished;
  }
  await adopt(ports, handle, orphan);
  if (orphan.kind === 'model') handle.usage.answered(reservation.model ?? orphan.model, orphan);
  return [...finished, orphan];
}

/** A tool's call that was announced is in the trail before it is given up: its worker may have lived to run it (I7). */
async function forfeit(ports: WorkerPorts, handle: TaskHandle): Promise<void> {
  const entry = handle.task.audit?.announced;
  if (!entry) return void (await handle.update((task) => forfeitCall(task, handle.epoch)));
  await ports.audit.record(entry);
  await handle.update((task) => recorded(ports, forfeitCall(task, handle.epoch), entry));
}

/** A tool's step is written after its entry: both are there, and the chain goes on from that entry. */
async function adopt(ports: WorkerPorts, handle: TaskHandle, orphan: Step): Promise<void> {
  const commit = (task: Task) => commitStep(task, handle.epoch, orphan, ports.clock.now());
  if (orphan.kind === 'model') return void (await handle.update(commit));
  const after = entryAfter(ports, handle.task, orphan, headOf(ports, handle.task));
  await handle.update((task) => recorded(ports, commit(task), after));
}
